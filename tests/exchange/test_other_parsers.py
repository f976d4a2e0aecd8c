"""What we write is read by parsers that are not ours, and says the same there."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from treatygraph.exchange import (
    qs_reader,
    quickstatements,
    wikibase_edit,
    wikibase_json,
    wikibase_json_reader,
    wikibase_rdf,
)
from treatygraph.exchange.model import Batch, Item, Statement
from treatygraph.exchange.tables import shipped_tables

from . import strategies as my
from .examples import ITEM, STATEMENTS

NPM = Path(__file__).with_name("npm")
needs_npm = pytest.mark.skipif(
    shutil.which("node") is None or not (NPM / "node_modules" / "wikibase-edit").is_dir(),
    reason="the npm packages of tests/exchange/npm are not installed",
)


def with_datatypes(data: Any) -> Any:
    """The JSON with the datatype of each snak and a hash for each reference, as a server gives it."""
    if isinstance(data, dict):
        extra = {}
        if "snaktype" in data:
            extra["datatype"] = shipped_tables().datatype(data["property"])
        if "snaks" in data:
            extra["hash"] = "0" * 40
        return {key: with_datatypes(value) for key, value in data.items()} | extra
    return [with_datatypes(part) for part in data] if isinstance(data, list) else data


def through_integrator(statement: Statement) -> Statement:
    """The statement after WikibaseIntegrator has read and written its JSON."""
    from wikibaseintegrator.models.claims import Claims

    data = with_datatypes(wikibase_json.statement_json(statement)) | {"id": "Q4115189$x"}
    claims = Claims().from_json({statement.property: [data]})
    written = claims.get_json()[statement.property][0]
    return wikibase_json_reader.statement_from_json({**written, "id": None}, statement.subject)


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda one: one.property)
def test_wikibase_integrator_reads_our_json_and_gives_it_back(statement: Statement) -> None:
    assert through_integrator(statement) == statement


@settings(deadline=None, max_examples=50)
@given(my.statements())
def test_wikibase_integrator_agrees_on_arbitrary_statements(statement: Statement) -> None:
    assert through_integrator(statement) == statement


def test_what_wikibase_integrator_builds_is_read_as_our_model() -> None:
    from wikibaseintegrator.datatypes import Item as ItemClaim
    from wikibaseintegrator.datatypes import Time as TimeClaim
    from wikibaseintegrator.models import Qualifiers

    qualifiers = Qualifiers().add(TimeClaim(prop_nr="P585", time="+1939-10-10T00:00:00Z", precision=11))
    built = ItemClaim(prop_nr="P1891", value="Q37", qualifiers=qualifiers).get_json()
    read = wikibase_json_reader.statement_from_json(built, "Q4115189")
    assert (read.property, read.value, read.qualifiers) == (
        "P1891",
        STATEMENTS[1].value,
        STATEMENTS[1].qualifiers[:1],
    )


def test_lines_of_quickstatements_client_equal_ours_and_are_read() -> None:
    from quickstatements_client import DateQualifier, EntityLine, TextLine, TextQualifier

    lines = [
        TextLine(subject="Q4115189", predicate="Llt", target="Sutartis"),
        EntityLine(
            subject="Q4115189",
            predicate="P1891",
            target="Q37",
            qualifiers=[
                DateQualifier(predicate="P585", target="+1939-10-10T00:00:00Z/11"),
                TextQualifier(predicate="P1932", target="Republic of Lithuania"),
                TextQualifier(predicate="S854", target="https://example.org/treaty/1"),
                DateQualifier(predicate="S813", target="+2026-11-23T00:00:00Z/11"),
            ],
        ),
    ]
    item = Item("Q4115189", {"lt": "Sutartis"}, statements=(STATEMENTS[1],))
    text = "".join(line.get_line(sep="\t") + "\n" for line in lines)
    assert "".join(quickstatements.write(Batch([item]))) == text
    assert qs_reader.read(text).items == [item]


def test_rdflib_reads_our_turtle_as_the_graph_oxigraph_reads() -> None:
    import pyoxigraph
    from rdflib import Graph
    from rdflib.compare import isomorphic

    text = "".join(wikibase_rdf.write(Batch([ITEM]), form="both"))
    quads = pyoxigraph.parse(text.encode(), format=pyoxigraph.RdfFormat.TURTLE)
    lines = "".join(f"{quad.triple} .\n" for quad in quads)
    assert isomorphic(Graph().parse(data=text, format="turtle"), Graph().parse(data=lines, format="nt"))


def ask_npm(request: object) -> dict[str, Any]:
    """What the npm packages make of a request."""
    done = subprocess.run(
        ["node", str(NPM / "check.mjs")],
        input=json.dumps(request),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def datatypes() -> dict[str, str]:
    """The datatype of every property in the table."""
    return {name: known.datatype for name, known in shipped_tables().properties.items()}


def claims_of(data: dict[str, Any], subject: str) -> Iterator[Statement]:
    """The statements of what a tool would send."""
    for group in data.get("claims", {}).values():
        for claim in group:
            yield wikibase_json_reader.statement_from_json(claim, subject)


@needs_npm
@pytest.mark.server
def test_wikibase_edit_builds_the_same_statements_from_our_templates() -> None:
    existing = wikibase_edit.template(ITEM)
    new = Item("new:treaty", ITEM.labels, ITEM.descriptions, ITEM.aliases, ITEM.sitelinks, STATEMENTS)
    answer = ask_npm({"templates": [existing, wikibase_edit.template(new)], "datatypes": datatypes()})
    for built in answer["templates"]:
        found = sorted(claims_of(built, ITEM.id), key=repr)
        assert found == sorted(STATEMENTS, key=repr)
        assert built["labels"]["lt"] == {"language": "lt", "value": "Savitarpio pagalbos sutartis"}
    assert all("add" in alias for alias in answer["templates"][0]["aliases"]["en"])


@needs_npm
@pytest.mark.server
def test_wikibase_sdk_reads_our_entity_json() -> None:
    entity = with_datatypes({"id": ITEM.id, "type": "item", **wikibase_json.item_data(ITEM)})
    grouped: dict[str, list[Any]] = {}
    for number, claim in enumerate(entity["claims"]):
        grouped.setdefault(claim["mainsnak"]["property"], []).append(claim | {"id": f"Q4115189${number}"})
    simple = ask_npm({"entities": [{**entity, "claims": grouped}]})["entities"][0]
    signed = simple["claims"]["P1891"][0]
    assert (signed["value"], signed["rank"]) == ("Q37", "normal")
    assert signed["qualifiers"]["P585"][0]["value"] == "+1939-10-10T00:00:00Z"
    assert len(simple["claims"]["P1891"][1]["references"]) == 2
    assert simple["claims"]["P582"][0]["snaktype"] == "novalue"


@needs_npm
@pytest.mark.server
def test_quickstatements_to_wikibase_edit_reads_our_lines_as_our_templates_say() -> None:
    readable = tuple(
        one for one in STATEMENTS if one.property in ("P31", "P1891", "P585", "P7588", "P1476", "P4231")
    )
    item = Item(ITEM.id, ITEM.labels, statements=(readable[0], readable[1], *readable[3:]))
    text = "".join(quickstatements.write(Batch([item])))
    template = ask_npm({"quickstatements": text})["quickstatements"]["edits"][0]
    template.pop("reconciliation")
    built = ask_npm({"templates": [template], "datatypes": datatypes()})["templates"][0]
    assert sorted(claims_of(built, item.id), key=repr) == sorted(item.statements, key=repr)
    assert template["labels"] == dict(item.labels)
