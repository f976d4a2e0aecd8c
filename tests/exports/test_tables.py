"""CSV tables: valid data packages whose rows are counted against the graph by queries of their own."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path

import frictionless
import pandas
import pytest

from tests.exports.reading import store_of
from treatygraph.api import Graph
from treatygraph.exchange.plain.tables import csv_tables
from treatygraph.terms import ID, Literal

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def files(graph: Graph) -> dict[str, bytes]:
    """The tables of the shipped data."""
    return csv_tables(graph.store)


def rows(files: Mapping[str, bytes], name: str) -> Rows:
    return list(csv.DictReader(io.StringIO(files[f"{name}.csv"].decode(), newline="")))


def counted(graph: Graph, pattern: str, what: str = "?thing") -> int:
    ((count,),) = graph.store.select(f"SELECT (COUNT(DISTINCT {what}) AS ?n) WHERE {{ {pattern} }}")
    assert isinstance(count, Literal)
    return int(count.value)


def valid(folder: Path, files: Mapping[str, bytes]) -> frictionless.Report:
    for name, data in files.items():
        (folder / name).write_bytes(data)
    report: frictionless.Report = frictionless.Package(str(folder / "datapackage.json")).validate()
    return report


def test_the_data_package_is_valid_with_its_keys_sizes_and_checksums(
    files: dict[str, bytes], tmp_path: Path
) -> None:
    report = valid(tmp_path, files)
    assert report.valid, report.flatten(["name", "type", "note"])
    assert {task.name for task in report.tasks} == {
        name.removesuffix(".csv").replace("_", "-") for name in files if name.endswith(".csv")
    }


def test_the_data_package_of_one_treaty_is_valid_too(graph: Graph, tmp_path: Path) -> None:
    report = valid(tmp_path, csv_tables(graph.store, "en", [ID("instrument-rs-lt-1920")]))
    assert report.valid, report.flatten(["name", "type", "note"])


def test_a_changed_table_is_noticed_by_the_data_package(files: dict[str, bytes], tmp_path: Path) -> None:
    changed = {**files, "treaties.csv": files["treaties.csv"].replace(b"1939", b"1938", 1)}
    assert not valid(tmp_path, changed).valid


def test_the_data_package_tells_licence_title_and_meaning_of_every_column(files: dict[str, bytes]) -> None:
    package = json.loads(files["datapackage.json"])
    assert package["licenses"][0]["name"] == "CC0-1.0"
    assert package["title"].startswith("Treatygraph")
    for resource in package["resources"]:
        assert all(field["description"] for field in resource["schema"]["fields"]), resource["name"]


@pytest.mark.parametrize(
    ("table", "pattern"),
    [
        ("treaties", "VALUES ?c { tg:Treaty tg:UnilateralAct } ?thing a ?c"),
        ("clauses", "?thing a tg:Clause"),
        ("transfers", "?thing a tg:Transfer"),
        ("positions", "VALUES ?c { tg:Recognition tg:Claim tg:Control tg:InfluenceAllocation } ?thing a ?c"),
        ("polities", "?thing a tg:Polity"),
        ("territories", "?thing a tg:Territory"),
        ("sources", "?thing a tg:Source"),
    ],
)
def test_every_thing_has_one_row_in_its_wide_table(
    graph: Graph, files: dict[str, bytes], table: str, pattern: str
) -> None:
    found = rows(files, table)
    assert len(found) == counted(graph, pattern) > 0
    assert all(row["label"] for row in found)


def test_every_reading_of_every_date_and_figure_has_a_row_of_its_own(
    graph: Graph, files: dict[str, bytes]
) -> None:
    assert len(rows(files, "dates")) == counted(graph, "?owner tg:dating ?thing")
    assert len(rows(files, "figures")) == counted(graph, "?owner tg:quantity ?thing")


def test_every_citation_of_every_item_has_a_row(graph: Graph, files: dict[str, bytes]) -> None:
    pairs = counted(
        graph,
        "VALUES ?p { tg:supportedBy tg:contradictedBy } ?item ?p ?place "
        "BIND(CONCAT(STR(?item), STR(?p), STR(?place)) AS ?thing)",
    )
    assert len(rows(files, "evidence")) == pairs > 2000


def test_every_act_of_every_party_is_in_the_long_table(graph: Graph, files: dict[str, bytes]) -> None:
    acts = rows(files, "party_acts")
    assert {row["participation"] for row in acts} == {
        thing.value.removeprefix(ID.iri)
        for (thing,) in graph.store.select("SELECT DISTINCT ?thing WHERE { ?thing a tg:Participation }")
        if thing is not None
    }
    wide = rows(files, "parties_by_treaty")
    kinds = [name for name in wide[0] if name not in ("treaty", "treaty_label", "party", "party_label")]
    assert sum(int(row[kind]) for row in wide for kind in kinds) == counted(
        graph, "?p a tg:Participation ; tg:kind ?k BIND(CONCAT(STR(?p), STR(?k)) AS ?thing)"
    )


def test_rival_signing_dates_are_rows_of_their_own_with_their_sources(files: dict[str, bytes]) -> None:
    found = [
        row
        for row in rows(files, "dates")
        if row["owner"] == "instrument-rs-lt-1920" and row["role"] == "signature"
    ]
    by_date = {row["edtf"]: row for row in found}
    assert {"1920-06-12", "1920-07-12"} <= set(by_date)
    assert by_date["1920-07-12"]["rank"] == "preferred"
    assert by_date["1920-06-12"]["rank"] != "preferred"
    assert by_date["1920-06-12"]["sources"]
    assert by_date["1920-06-12"]["alternative_to"] == by_date["1920-07-12"]["reading"]
    (treaty,) = [row for row in rows(files, "treaties") if row["treaty"] == "instrument-rs-lt-1920"]
    assert (treaty["signature"], treaty["signature_readings"]) == ("1920-07-12", str(len(found)))


def test_every_row_about_a_disputable_thing_names_a_source(files: dict[str, bytes]) -> None:
    for table in ("treaties", "transfers", "positions", "clauses", "party_acts", "dates", "figures"):
        assert all(row["sources"] for row in rows(files, table)), table


def test_pandas_reads_dates_and_numbers_as_such(files: dict[str, bytes]) -> None:
    frame = pandas.read_csv(io.BytesIO(files["dates.csv"]))
    days = pandas.to_datetime(frame["earliest"], errors="raise")
    assert days.notna().all()
    figures = pandas.read_csv(io.BytesIO(files["figures.csv"]))
    assert figures["value"].dtype.kind in "if"


def test_labels_come_in_the_language_asked_for(graph: Graph) -> None:
    names = {row["label"] for row in rows(csv_tables(graph.store, "lt"), "polities")}
    assert "Lietuva" in names


def test_commas_quotes_and_line_breaks_survive_in_cells(tmp_path: Path) -> None:
    store = store_of(
        tmp_path / "odd.ttl",
        'id:polity-odd a tg:Polity ; skos:prefLabel "a, \\"b\\"\\r\\nc; =1+1"@en .',
    )
    files = csv_tables(store)
    assert rows(files, "polities")[0]["label"] == 'a, "b"\r\nc; =1+1'
    (tmp_path / "out").mkdir()
    assert valid(tmp_path / "out", files).valid
