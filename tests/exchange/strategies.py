"""Hypothesis strategies for everything the exchange model can hold."""

from __future__ import annotations

from hypothesis import strategies as st

from treatygraph.exchange.model import (
    GREGORIAN,
    JULIAN,
    Coordinate,
    Entity,
    Item,
    Monolingual,
    NoValue,
    Quantity,
    Rank,
    Reference,
    Snak,
    SomeValue,
    Statement,
    Text,
    Time,
    Value,
)
from treatygraph.exchange.text import text_problem
from treatygraph.exchange.times import month_days

LANGUAGES = ("en", "lt", "be-tarask", "he", "fa", "zh-hans", "sgs")
AWKWARD = "\"'\\“”„‘’«»|/*#$@~^`<>{}[]()&,;:= \u200f\u202b\u200d"
WORDS = ("שלום", "معاهدة", "Vilniaus „taikos“ sutartis", 'the "Secret" protocol', "a\\b", "é", "e\u0301")

_letters = st.one_of(
    st.sampled_from(AWKWARD), st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Cn"))
)
texts = (
    st.one_of(st.text(_letters, min_size=1, max_size=20), st.sampled_from(WORDS))
    .map(str.strip)
    .filter(lambda text: text_problem(text, 250) is None)
)


@st.composite
def times(draw: st.DrawFn) -> Time:
    """Possible dates with digits no finer than their precision, both calendars, BCE and far years."""
    precision = draw(st.integers(0, 11))
    calendar = draw(st.sampled_from((GREGORIAN, JULIAN)))
    size = 10**15 if precision < 9 else 12000
    year = draw(st.integers(-size, size).filter(bool))
    month = draw(st.integers(1, 12)) if precision >= 10 else 0
    day = draw(st.integers(1, month_days(year, month, calendar))) if precision == 11 else 0
    return Time(year, month, day, precision, calendar)


@st.composite
def amounts(draw: st.DrawFn, size: int = 40) -> str:
    """Signed decimal texts, some far longer than any number type."""
    digits = draw(st.integers(0, 10**size).map(str))
    places = draw(st.integers(0, 10**4).map(str)) if draw(st.booleans()) else ""
    return draw(st.sampled_from("+-")) + digits + (f".{places}" if places else "")


@st.composite
def quantities(draw: st.DrawFn) -> Quantity:
    """Numbers with and without unit and bounds, even and uneven."""
    unit = draw(st.sampled_from((None, "Q712226", "Q11573")))
    kind = draw(st.sampled_from(("bare", "even", "uneven")))
    if kind == "bare":
        return Quantity(draw(amounts()), unit)
    amount = draw(st.integers(-(10**9), 10**9))
    lower = draw(st.integers(0, 10**6))
    upper = lower if kind == "even" else draw(st.integers(0, 10**6))
    return Quantity(f"{amount:+d}", unit, f"{amount - lower:+d}", f"{amount + upper:+d}")


coordinates = st.builds(
    Coordinate,
    st.floats(-90, 90, allow_subnormal=False),
    st.floats(-180, 180, allow_subnormal=False),
    st.sampled_from((0.000001, 0.01, 1.0, 0.000277777777778, 0.0000123)),
    st.sampled_from(("Q2", "Q405")),
)
entities = st.integers(1, 10**9).map(lambda number: Entity(f"Q{number}"))
urls = st.lists(st.sampled_from((*"abc/?&=-._~0189é", "%20", "%C3%A9")), max_size=20).map(
    lambda tail: "https://example.org/" + "".join(tail)
)
BY_PROPERTY: dict[str, st.SearchStrategy[Value]] = {
    "P1891": entities,
    "P518": entities,
    "P585": times(),
    "P580": times(),
    "P2046": quantities(),
    "P625": coordinates,
    "P1476": st.builds(Monolingual, st.sampled_from(LANGUAGES), texts),
    "P958": texts.map(Text),
    "P4231": texts.map(lambda text: Text(text, "external-id")),
    "P854": urls.map(lambda url: Text(url, "url")),
    "P813": times(),
}
special: st.SearchStrategy[Value] = st.sampled_from((SomeValue(), NoValue()))


@st.composite
def snaks(draw: st.DrawFn, names: tuple[str, ...]) -> Snak:
    """A property and a value that fits it, or an unknown or missing value."""
    name = draw(st.sampled_from(names))
    return Snak(name, draw(st.one_of(BY_PROPERTY[name], BY_PROPERTY[name], BY_PROPERTY[name], special)))


def _grouped(found: list[Snak]) -> tuple[Snak, ...]:
    return tuple(sorted(dict.fromkeys(found), key=lambda snak: snak.property))


QUALIFIERS = ("P585", "P580", "P518", "P958", "P2046", "P1476")
references = st.lists(snaks(("P854", "P813", "P958", "P1476")), min_size=1, max_size=3).map(
    lambda found: Reference(_grouped(found))
)
ranks: st.SearchStrategy[Rank] = st.sampled_from(("normal", "preferred", "deprecated"))


@st.composite
def statements(draw: st.DrawFn, subject: str = "Q4115189", *, ranked: bool = True) -> Statement:
    """Statements with qualifiers and references; qualifiers stand grouped by property."""
    name = draw(st.sampled_from(("P1891", "P2046", "P625", "P4231", "P1813", "P576")))
    same_kind = {"P1813": "P1476", "P576": "P585"}.get(name, name)
    value = draw(st.one_of(BY_PROPERTY[same_kind], BY_PROPERTY[same_kind], special))
    return Statement(
        subject,
        name,
        value,
        _grouped(draw(st.lists(snaks(QUALIFIERS), max_size=4))),
        tuple(dict.fromkeys(draw(st.lists(references, max_size=3)))),
        draw(ranks) if ranked else "normal",
    )


@st.composite
def items(draw: st.DrawFn, subject: str = "Q4115189", *, ranked: bool = True) -> Item:
    """Items with terms and statements no two of which share property and value."""
    terms = st.dictionaries(st.sampled_from(LANGUAGES), texts, max_size=3)
    names = st.dictionaries(
        st.sampled_from(LANGUAGES),
        st.lists(texts, min_size=1, max_size=2, unique=True).map(tuple),
        max_size=2,
    )
    found = draw(st.lists(statements(subject, ranked=ranked), max_size=4))
    unique = {(statement.property, statement.value): statement for statement in found}
    return Item(
        subject,
        draw(terms),
        draw(terms),
        draw(names),
        draw(st.sampled_from(({}, {"ltwiki": "Vilniaus sutartis"}, {"enwikisource": "Treaty"}))),
        tuple(unique.values()),
    )
