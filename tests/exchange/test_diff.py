"""What is missing on an existing item: each action, never a deletion, and nothing on the second run."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from treatygraph.exchange import diff_item, diff_statement, diff_terms, missing_part
from treatygraph.exchange.model import (
    JULIAN,
    Coordinate,
    Entity,
    Item,
    Monolingual,
    NoValue,
    Quantity,
    Reference,
    Snak,
    SomeValue,
    Statement,
    Text,
    Time,
)

from . import strategies as my
from .examples import DAY, ITEM, SIGNED, reference, statement

ID = "Q4115189$00000000-0000-4000-8000-000000000001"
SIGNATORY = statement("P1891", Entity("Q37"), SIGNED)


def there(one: Statement, **other: object) -> Statement:
    """The statement as it stands on the item, with an id and another source."""
    return replace(one, id=ID, **{"references": (reference(2),), **other})


def at(year: int, name: str = "P585") -> Snak:
    """A date qualifier."""
    return Snak(name, Time(year, precision=9))


@pytest.mark.parametrize(
    ("existing", "wanted", "expected"),
    [
        ([], SIGNATORY, ("add", "missing")),
        ([], replace(SIGNATORY, references=()), ("refuse", "no reference")),
        ([replace(SIGNATORY, id=ID)], SIGNATORY, ("skip", "same")),
        ([there(SIGNATORY)], SIGNATORY, ("add-reference", "reference missing")),
        ([there(SIGNATORY, qualifiers=())], SIGNATORY, ("add-qualifier", "qualifier missing")),
        ([there(SIGNATORY, rank="deprecated")], SIGNATORY, ("report", "deprecated there")),
        ([there(SIGNATORY, qualifiers=(at(1939),))], SIGNATORY, ("report", "coarser there")),
        (
            [there(SIGNATORY, qualifiers=(Snak("P585", SomeValue()),))],
            SIGNATORY,
            ("report", "unknown value there"),
        ),
        ([there(SIGNATORY, qualifiers=(at(1940),))], SIGNATORY, ("report", "contradiction")),
        (
            [there(statement("P1336", Entity("Q36"), at(1918, "P580")))],
            statement("P1336", Entity("Q36"), at(1991, "P580")),
            ("add-new", "other date there"),
        ),
        (
            [there(statement("P1336", Entity("Q36"), at(1918, "P580")))],
            statement("P1336", Entity("Q36"), at(1918, "P580"), at(1939, "P582")),
            ("add-qualifier", "qualifier missing"),
        ),
        (
            [there(statement("P1336", Entity("Q36"), at(1918, "P580")))],
            statement("P1336", Entity("Q36"), at(1922)),
            ("add-new", "other date there"),
        ),
        (
            [there(statement("P585", DAY))],
            statement("P585", Time(1939, precision=9)),
            ("skip", "finer there"),
        ),
        (
            [there(statement("P585", Time(1939, precision=9)))],
            statement("P585", DAY),
            ("report", "coarser there"),
        ),
        ([there(statement("P585", Time(1939, 10, 11)))], statement("P585", DAY), ("report", "contradiction")),
        ([there(statement("P585", SomeValue()))], statement("P585", DAY), ("report", "unknown value there")),
        ([there(statement("P582", NoValue()))], statement("P582", DAY), ("report", "no value there")),
        (
            [there(statement("P582", DAY))],
            statement("P582", SomeValue()),
            ("report", "a value there, none known here"),
        ),
        (
            [there(statement("P585", Time(1721, 9, 10)))],
            statement("P585", Time(1721, 8, 30, 11, JULIAN)),
            ("report", "same day in another calendar"),
        ),
        (
            [there(statement("P4231", Text("1", "external-id")))],
            statement("P4231", Text("2", "external-id")),
            ("report", "contradiction"),
        ),
        (
            [there(statement("P1476", Monolingual("lt", "A")))],
            statement("P1476", Monolingual("pl", "B")),
            ("add", "missing"),
        ),
        (
            [there(statement("P1476", Monolingual("lt", "A")))],
            statement("P1476", Monolingual("lt", "B")),
            ("report", "contradiction"),
        ),
        (
            [there(statement("P2046", Quantity("10", "Q712226")))],
            statement("P2046", Quantity("10.0", "Q712226")),
            ("add-reference", "reference missing"),
        ),
        (
            [there(statement("P625", Coordinate(54.68, 25.28, 0.01)))],
            statement("P625", Coordinate(54.683333, 25.283333)),
            ("add-reference", "reference missing"),
        ),
        ([there(statement("P1891", Entity("Q36")))], SIGNATORY, ("add", "missing")),
        (
            [there(statement("P1891", Entity("Q37"), at(1939), rank="deprecated"))],
            statement("P1891", Entity("Q36")),
            ("add", "missing"),
        ),
    ],
)
def test_a_statement_is_compared_with_what_is_there(
    existing: list[Statement], wanted: Statement, expected: tuple[str, str]
) -> None:
    change = diff_statement(existing, wanted)
    assert (change.action, change.reason) == expected
    assert (change.addition is not None) is change.action.startswith("add")
    assert (change.merged is not None) is change.action.startswith("add")


def test_an_addition_names_only_what_is_missing_and_the_whole_keeps_all() -> None:
    old = there(SIGNATORY, rank="preferred")
    change = diff_statement([old], SIGNATORY)
    assert change.addition == Statement("Q4115189", "P1891", Entity("Q37"), (), (reference(),), "normal", ID)
    assert change.merged == replace(old, references=(reference(2), reference()))


def test_the_day_of_retrieval_does_not_make_another_source() -> None:
    later = Reference((reference().snaks[0], Snak("P813", Time(2030, 1, 1))))
    assert (
        diff_statement([replace(SIGNATORY, id=ID)], replace(SIGNATORY, references=(later,))).action == "skip"
    )


def test_several_statements_with_the_value_are_left_to_a_person_unless_one_says_it_all() -> None:
    first = there(statement("P6193", Entity("Q37"), at(1922)))
    second = replace(there(statement("P6193", Entity("Q37"), at(1992))), id=f"{ID[:-1]}2")
    wanted = statement("P6193", Entity("Q37"), at(1922))
    assert diff_statement([first, second], wanted).reason == "several statements with this value"
    said = replace(first, references=(reference(2), reference()))
    assert diff_statement([said, second], wanted).action == "skip"
    third = statement("P6193", Entity("Q37"), at(1938))
    assert diff_statement([first, second], third).action == "add-new"


def test_what_was_sent_before_and_is_gone_is_not_sent_again() -> None:
    assert diff_statement([], SIGNATORY, ledger=[SIGNATORY]).reason == "removed since"
    assert diff_statement([there(SIGNATORY)], SIGNATORY, ledger=[SIGNATORY]).reason == "removed since"
    other = replace(SIGNATORY, subject="Q1")
    assert diff_statement([], SIGNATORY, ledger=[other]).action == "add"


def test_redirects_are_followed_on_both_sides() -> None:
    moved = replace(SIGNATORY, value=Entity("Q999"))
    assert diff_statement([replace(SIGNATORY, id=ID)], moved, redirects={"Q999": "Q37"}).action == "skip"
    assert diff_statement([replace(moved, id=ID)], SIGNATORY, redirects={"Q999": "Q37"}).action == "skip"


def test_two_wanted_statements_that_meet_one_there_end_in_one() -> None:
    wanted = Item("Q4115189", statements=(SIGNATORY, replace(SIGNATORY, references=(reference(3),))))
    changes = diff_item(Item("Q4115189", statements=(there(SIGNATORY),)), wanted)
    assert [change.action for change in changes] == ["add-reference", "add-reference"]
    (whole,) = missing_part("Q4115189", changes, whole=True).statements
    assert whole.references == (reference(2), reference(), reference(3))
    assert len(missing_part("Q4115189", changes).statements) == 2


def applied(existing: Item, wanted: Item) -> Item:
    """The existing item after the changes were made."""
    changes = diff_item(existing, wanted)
    made = missing_part(existing.id, changes, whole=True).statements
    changed = {one.id for one in made if one.id}
    kept = tuple(one for one in existing.statements if one.id not in changed)
    return replace(existing, statements=kept + made)


def test_after_an_upload_nothing_is_missing() -> None:
    whole = applied(Item(ITEM.id), ITEM)
    assert {change.action for change in diff_item(whole, ITEM)} == {"skip"}


@settings(deadline=None)
@given(my.items(), my.items())
def test_a_second_run_sends_nothing(existing: Item, wanted: Item) -> None:
    numbered = tuple(replace(one, id=f"Q4115189${number}") for number, one in enumerate(existing.statements))
    after = applied(replace(existing, statements=numbered), wanted)
    again = diff_item(after, wanted)
    assert [change for change in again if change.addition is not None] == []
    assert {one.id for one in numbered} <= {one.id for one in after.statements}


def test_terms_are_added_never_overwritten() -> None:
    existing = Item("Q1", {"lt": "Šilutė", "en": "Treaty"}, {"en": "old"}, {"en": ("Pact",)}, {"ltwiki": "A"})
    wanted = Item(
        "Q1",
        {"lt": "S\u030cilute\u0307", "en": "Accord", "pl": "Umowa"},
        {"en": "new", "pl": "umowa z 1939"},
        {"en": ("Pact", "Accord", "Deal")},
        {"ltwiki": "B", "plwiki": "Umowa"},
    )
    missing, problems = diff_terms(existing, wanted)
    assert missing == Item(
        "Q1", {"pl": "Umowa"}, {"pl": "umowa z 1939"}, {"en": ("Accord", "Deal")}, {"plwiki": "Umowa"}
    )
    assert [problem.code for problem in problems] == ["sitelink-there"]


def test_a_new_label_that_is_the_description_there_is_refused() -> None:
    missing, problems = diff_terms(Item("Q1", descriptions={"en": "Treaty"}), Item("Q1", {"en": "Treaty"}))
    assert missing.is_empty()
    assert [problem.code for problem in problems] == ["same-as-description"]


def test_a_change_is_ready_for_a_report() -> None:
    data = diff_statement([there(SIGNATORY, rank="deprecated")], SIGNATORY).as_json()
    assert (data["action"], data["reason"]) == ("report", "deprecated there")


READINGS = (
    statement("P585", Time(1923, 3, 15)),
    replace(statement("P585", Time(1923, 3, 14)), rank="deprecated", references=(reference(2),)),
    replace(statement("P585", Time(1923, 3, 17)), references=(reference(3),)),
    replace(statement("P585", Time(1923, precision=9)), references=(reference(4),)),
    statement("P585", SomeValue()),
)


def test_our_own_rival_readings_do_not_contradict_each_other() -> None:
    changes = diff_item(Item("Q4115189"), Item("Q4115189", statements=READINGS))
    assert [change.action for change in changes] == ["add"] * len(READINGS)
    assert missing_part("Q4115189", changes).statements == READINGS


@pytest.mark.parametrize("sent", range(1, len(READINGS) + 1))
def test_readings_that_are_there_already_do_not_keep_the_others_back(sent: int) -> None:
    stored = tuple(
        replace(one, id=f"Q4115189$00000000-0000-4000-8000-{number:012d}")
        for number, one in enumerate(READINGS[:sent])
    )
    changes = diff_item(Item("Q4115189", statements=stored), Item("Q4115189", statements=READINGS))
    assert [change.action for change in changes] == ["skip"] * sent + ["add"] * (len(READINGS) - sent)


def test_a_foreign_value_still_contradicts_every_reading_of_ours() -> None:
    foreign = there(statement("P585", Time(1924, 1, 1)))
    changes = diff_item(Item("Q4115189", statements=(foreign,)), Item("Q4115189", statements=READINGS[:3]))
    assert {(change.action, change.reason) for change in changes} == {("report", "contradiction")}


def test_a_value_there_of_ours_needs_our_rank_before_a_rival_reading_joins_it() -> None:
    best, rival = replace(READINGS[0], rank="preferred"), READINGS[2]
    wanted = Item("Q4115189", statements=(rival, best))
    for rank, expected in (("normal", "report"), ("preferred", "add")):
        stored = there(best, rank=rank)
        changes = diff_item(Item("Q4115189", statements=(stored,)), wanted)
        assert [change.action for change in changes] == [expected, "add-reference"]
        changes = diff_item(Item("Q4115189", statements=(changes[1].merged or stored,)), wanted)
        assert [change.action for change in changes] == [expected, "skip"]


def test_a_reading_we_reject_is_reported_where_it_is_not_marked_as_wrong() -> None:
    rejected = READINGS[1]
    change = diff_statement([there(replace(rejected, rank="normal"))], rejected)
    assert (change.action, change.reason) == ("report", "not deprecated there")
    added = diff_statement([there(rejected, references=(reference(5),))], rejected)
    assert (added.action, added.reason) == ("add-reference", "reference missing")
