"""`import wikidata` drafts treaties that validate, with every source, and names what it leaves out."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from tests.conftest import Command
from tests.exchange_commands.entities import claim, entity, item, pact, save
from tests.exchange_commands.wikibase import Fault, Wikibase
from treatygraph import embedded
from treatygraph.exchange import wikibase_json_reader, wikibase_rdf
from treatygraph.exchange.model import Batch
from treatygraph.store import Store
from treatygraph.testing import assert_conforms

STATE = entity("Q999777", {"en": "Free State of Kaunas"}, claim("Q999777", 1, "P31", item("Q99541706")))
WORK = entity("Q999500", {"en": "Treaties of the Baltic"})


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """The treaty with the items it mentions."""
    return save(tmp_path / "Q999001.json", pact(), STATE, WORK)


def drafted(command: Command, *arguments: str | Path) -> tuple[Store, str, str]:
    """The draft as a store and as text, and what was said about it."""
    output = Path(str(arguments[0])).parent / "draft.ttl" if Path(str(arguments[0])).exists() else None
    assert output is not None
    done = command("import", "wikidata", *arguments, "-o", output)
    assert done.code == 0, done.err
    assert_conforms(output, fail_on="Violation")
    return embedded.from_files([output]), output.read_text(encoding="utf-8"), done.err


def test_the_draft_has_parties_dates_place_and_titles_and_validates(
    command: Command, documents: Path
) -> None:
    store, text, _ = drafted(command, documents)
    assert store.ask(
        'ASK { ?t a tg:Treaty ; skos:prefLabel "Pact of Kaunas"@en , "Kauno paktas"@lt ;'
        ' skos:altLabel "Kaunas Pact"@en ; skos:exactMatch wd:Q999001 ;'
        " tg:kind tgv:instrument-peace-treaty ; schema:location id:territory-kaunas ;"
        ' dcterms:title "Kauno sutartis"@lt ; tg:dating ?d . ?d tg:kind tgv:date-signature ;'
        ' tg:edtf "1935-01-01"^^edtf:EDTF ; tg:earliest "1935-01-01"^^xsd:date ; tg:rank tgv:rank-preferred }'
    )
    assert store.ask(
        "ASK { ?p tg:kind tgv:participation-ratification ; tg:participant id:polity-lithuania ."
        ' ?p tg:dating ?d . ?d tg:edtf "1936-02"^^edtf:EDTF ; tg:latest "1936-02-29"^^xsd:date }'
    )
    assert "カウナス" not in text


def test_a_signature_on_the_day_of_the_treaty_has_no_date_of_its_own(
    command: Command, documents: Path
) -> None:
    store, _, _ = drafted(command, documents)
    assert not store.ask("ASK { ?p tg:kind tgv:participation-signature ; tg:dating ?d }")


def test_julian_days_are_converted_and_bounds_become_a_set(command: Command, documents: Path) -> None:
    store, _, _ = drafted(command, documents)
    assert store.ask(
        'ASK { ?d tg:kind tgv:date-effect ; tg:edtf "1936-02-29"^^edtf:EDTF ; skos:scopeNote ?n'
        ' FILTER(CONTAINS(?n, "Julian")) }'
    )
    assert store.ask('ASK { ?d tg:kind tgv:date-termination ; tg:edtf "[1939-09-01,1940-06-14]"^^edtf:EDTF }')


def test_a_date_marked_as_wrong_stays_as_a_rejected_reading(command: Command, documents: Path) -> None:
    store, _, _ = drafted(command, documents)
    assert store.ask(
        "ASK { ?a tg:rank tgv:rank-rejected ; skos:scopeNote ?note ; tg:alternativeTo ?b ."
        " ?b tg:alternativeTo ?a ; tg:rank tgv:rank-preferred }"
    )


def test_references_become_sources_with_the_place_in_them(command: Command, documents: Path) -> None:
    store, _, _ = drafted(command, documents)
    assert store.ask(
        "ASK { ?p tg:participant id:polity-lithuania ; tg:confidence tgv:confidence-probable ."
        ' ?p tg:supportedBy ?c . ?c tg:source ?s ; tg:locator "p. 12, seen 2020-01-02" .'
        " ?s rdfs:seeAlso <https://example.org/pact.pdf> }"
    )
    assert store.ask(
        'ASK { ?d tg:kind tgv:date-signature ; tg:supportedBy ?c . ?c tg:locator "II" ; tg:source ?s .'
        ' ?s skos:prefLabel "Treaties of the Baltic"@en ; skos:exactMatch wd:Q999500 }'
    )


def test_what_has_no_source_cites_the_item_and_is_uncertain(command: Command, documents: Path) -> None:
    store, _, said = drafted(command, documents)
    assert store.ask(
        "ASK { ?p tg:participant id:polity-free-state-of-kaunas ; tg:confidence tgv:confidence-uncertain ."
        " ?p tg:supportedBy ?c . ?c tg:source id:source-wikidata ."
        ' ?c tg:locator "item Q999001, no source is named there" }'
    )
    rows = store.select(
        "SELECT ?n WHERE { VALUES ?t { tg:Participation tg:DateStatement } ?n a ?t ."
        " FILTER NOT EXISTS { ?n tg:supportedBy ?c } }"
    )
    assert list(rows) == []
    assert "statements without a source there: 4" in said


def test_known_polities_are_used_and_new_ones_are_described_with_what_to_review(
    command: Command, documents: Path, tmp_path: Path
) -> None:
    store, text, _ = drafted(command, documents)
    assert store.ask(
        "ASK { id:polity-free-state-of-kaunas tg:kind tgv:polity-unrecognised-entity ;"
        " skos:exactMatch wd:Q999777 }"
    )
    assert not store.ask("ASK { id:polity-lithuania a ?class }")
    alone = save(tmp_path / "alone" / "Q999001.json", pact())
    _, text, _ = drafted(command, alone)
    assert "# review: its kind is assumed: is it a state?" in text


def test_what_is_not_taken_over_is_counted_by_property(command: Command, documents: Path) -> None:
    _, _, said = drafted(command, documents)
    assert "image (P18) ×1" in said
    assert "unknown property (P999999) ×1" in said


def test_a_treaty_we_have_is_not_drafted_again_unless_asked(command: Command, tmp_path: Path) -> None:
    peace = claim("Q8736", 1, "P31", item("Q625298"))
    path = save(tmp_path / "Q8736.json", entity("Q8736", {"en": "Treaty of Versailles"}, peace))
    done = command("import", "wikidata", path)
    assert done.code == 1
    assert "is here as instrument-versailles-1919" in done.err
    assert not done.out
    again = command("import", "wikidata", path, "--again")
    assert "id:instrument-treaty-of-versailles a tg:Treaty" in again.out


def test_other_items_are_not_drafted(command: Command, tmp_path: Path) -> None:
    done = command("import", "wikidata", save(tmp_path / "Q1.json", STATE))
    assert done.code == 1
    assert "no treaties by their class, so not drafted: Q999777" in done.err


def test_dumps_by_line_and_rdf_and_quickstatements_give_the_same_parties(
    command: Command, documents: Path, tmp_path: Path
) -> None:
    lines = "[\n" + ",\n".join(json.dumps(one) for one in (pact(), STATE, WORK)) + "\n]\n"
    dump = tmp_path / "dump" / "all.json.gz"
    dump.parent.mkdir()
    dump.write_bytes(gzip.compress(lines.encode()))
    rdf = tmp_path / "rdf" / "all.ttl"
    rdf.parent.mkdir()
    read = wikibase_json_reader.read(documents.read_text())
    rdf.write_text("".join(wikibase_rdf.write(Batch(read.items))), encoding="utf-8")
    quick = tmp_path / "qs" / "all.txt"
    quick.parent.mkdir()
    quick.write_text(
        'Q999001\tLen\t"Pact of Kaunas"\nQ999001\tP31\tQ625298\n'
        'Q999001\tP1891\tQ37\tS854\t"https://example.org/pact.pdf"\nQ999001\tP1891\tQ999777\n',
        encoding="utf-8",
    )
    question = (
        "SELECT DISTINCT ?item WHERE { ?p tg:participant ?x . OPTIONAL { ?x skos:exactMatch ?item } }"
        " ORDER BY ?item"
    )
    expected = [str(row[0]) for row in drafted(command, documents)[0].select(question)]
    for path in (dump, rdf, quick):
        assert [str(row[0]) for row in drafted(command, path)[0].select(question)] == expected


def test_ids_choose_among_the_items_of_files(command: Command, tmp_path: Path) -> None:
    path = save(tmp_path / "two.json", pact(), pact("Q999002"))
    done = command("import", "wikidata", path, "Q999002")
    assert "wd:Q999002" in done.out
    assert "wd:Q999001" not in done.out


def test_the_same_documents_give_the_same_bytes(command: Command, documents: Path) -> None:
    assert drafted(command, documents)[1] == drafted(command, documents)[1]


# --- bad input ---------------------------------------------------------------------------------------


def test_a_truncated_document_is_named_with_its_place_and_nothing_is_written(
    command: Command, documents: Path, tmp_path: Path
) -> None:
    documents.write_text(documents.read_text()[:-3])
    done = command("import", "wikidata", documents, "-o", tmp_path / "draft.ttl")
    assert done.code == 2
    assert f"{documents}:1:" in done.err
    assert "cut off" in done.err
    assert not (tmp_path / "draft.ttl").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"<!DOCTYPE html><html></html>", "web page"),
        (b"\xff\xfe{}", "UTF-8"),
        (b'{"entities": {"Q1": 5}}', "JSON object"),
        (b'{"error": {"code": "maxlag", "info": "Waiting"}}', "maxlag"),
        (b'{"id": "X", "claims": {}}', "no id of an entity"),
        (b'{"id": "Q5", "claims": {"P31": [{"mainsnak": {"property": "P31"}}]}}', "Q5"),
        (b"[" * 100_000, "nested too deeply"),
    ],
    ids=["empty", "page", "encoding", "number", "API error", "wrong id", "broken statement", "deep"],
)
def test_what_is_no_entity_document_is_refused(
    command: Command, tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "bad.json"
    path.write_bytes(content)
    done = command("import", "wikidata", path)
    assert done.code == 2
    assert said in done.err
    assert "Traceback" not in done.err
    assert not done.out


def test_damaged_parts_can_be_passed_over_on_request(command: Command, tmp_path: Path) -> None:
    broken = pact()
    broken["claims"]["P585"][0]["mainsnak"]["datavalue"] = {}
    path = save(tmp_path / "some.json", broken)
    assert command("import", "wikidata", path).code == 2
    done = command("import", "wikidata", path, "--keep-going")
    assert done.code == 1
    assert "Q999001 P585" in done.err
    assert "id:polity-lithuania" in done.out


def test_redirects_and_deleted_items_are_named(command: Command, tmp_path: Path) -> None:
    gone = {"id": "Q999003", "missing": ""}
    path = tmp_path / "mixed.json"
    save(path, {**pact(), "redirects": {"from": "Q999002", "to": "Q999001"}}, Q999003=gone)
    done = command("import", "wikidata", path, "Q999002", "Q999003", "Q999004")
    assert "Q999002 is a redirect to Q999001" in done.err
    assert "Q999003 is deleted" in done.err
    assert "Q999004 is not among the documents" in done.err
    assert "Pact of Kaunas" in done.out


def test_every_bad_line_of_a_quickstatements_file_is_named(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "traps.txt"
    path.write_text(
        '/* only a comment */\nQ1\tp31\tQ2\nQ1\tP31\n"x\tP31\tQ2\nLAST\tP31\tQ2\nQ1\tP31\tQ2\tP585\n'
        'Q1\tP585\t1939\nQ1\tP1476\t"no language"\n-Q1\tP31\tQ2\nMERGE\tQ1\tQ2\nQ1\tP31 \tQ2\n'
        'Q1\tP31\tQ2\tS854\t"https://example.org\n',
        encoding="utf-8",
    )  # fmt: skip
    done = command("import", "wikidata", path)
    assert done.code == 2
    for line in (2, 3, 4, 5, 6, 11, 12):
        assert f"{path}:{line}:" in done.err, f"line {line}: {done.err}"
    assert done.err.count("takes something away") == 2
    assert not done.out


def test_a_file_that_is_not_there_is_told_apart_from_an_item(command: Command) -> None:
    done = command("import", "wikidata", "no-such-file.json")
    assert done.code == 2
    assert "there is no such file" in done.err


# --- online, by explicit word only -------------------------------------------------------------------


def test_an_id_alone_asks_nobody(command: Command) -> None:
    done = command("import", "wikidata", "Q8736")
    assert done.code == 2
    assert "say --online" in done.err


def test_items_are_fetched_from_an_api_with_what_they_mention(
    command: Command, api: str, wiki: Wikibase, tmp_path: Path
) -> None:
    for document in (pact(), STATE, WORK):
        wiki.add(document)
    done = command("import", "wikidata", "Q999001", "--api", api, "-o", tmp_path / "draft.ttl")
    assert done.code == 0, done.err
    assert_conforms(tmp_path / "draft.ttl")
    assert "Free State of Kaunas" in (tmp_path / "draft.ttl").read_text(encoding="utf-8")
    assert {one["action"] for one in wiki.requests} == {"wbgetentities"}


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault(body=b"<html>maintenance</html>"), "web page"),
        (Fault(body=b'{"entities": {"Q1'), "cut off or damaged"),
        (Fault(cut=True, body=b'{"entities": {}}' * 50), "cut off or damaged"),
        (Fault(status=404, body=b"nothing"), "HTTP 404"),
    ],
    ids=["HTML", "broken JSON", "half a body", "404"],
)
def test_an_api_that_answers_badly_is_named(
    command: Command, api: str, wiki: Wikibase, waits: list[float], fault: Fault, said: str
) -> None:
    wiki.read_faults = [fault] * 10
    done = command("import", "wikidata", "Q999001", "--api", api)
    assert done.code in (2, 3)
    assert said in done.err
    assert "Traceback" not in done.err


def test_a_busy_api_is_waited_for(command: Command, api: str, wiki: Wikibase, waits: list[float]) -> None:
    wiki.add(pact())
    wiki.read_faults = [
        Fault(status=429, body=b"", headers={"Retry-After": "3"}),
        Fault(status=503, body=b"", headers={"Retry-After": "4"}),
    ]
    done = command("import", "wikidata", "Q999001", "--api", api)
    assert done.code == 0, done.err
    assert waits[:2] == [3.0, 4.0]


def test_a_file_that_holds_only_a_deleted_item_says_so(command: Command, tmp_path: Path) -> None:
    gone = save(tmp_path / "gone.json", Q999003={"id": "Q999003", "missing": ""})
    done = command("import", "wikidata", gone)
    assert (done.code, done.out) == (1, "")
    assert "Q999003 is deleted there, or was never there" in done.err
    assert "drafted: 0 treaties" in done.err
