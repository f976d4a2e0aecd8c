"""What a store makes of literals, and which classes lie below which: asked once, used by every query."""

from __future__ import annotations

from treatygraph.errors import InputError, StoreError
from treatygraph.store import Store
from treatygraph.terms import XSD, NamedNode

INTEGER_RANGES: dict[str, tuple[int | None, int | None]] = {
    "byte": (-(2**7), 2**7 - 1),
    "short": (-(2**15), 2**15 - 1),
    "int": (-(2**31), 2**31 - 1),
    "long": (-(2**63), 2**63 - 1),
    "unsignedByte": (0, 2**8 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedLong": (0, 2**64 - 1),
    "positiveInteger": (1, None),
    "nonNegativeInteger": (0, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
}
"""The integer types derived in XML Schema with their least and greatest values."""

_STANDARD_CASTS = frozenset(("boolean", "double", "float", "decimal", "integer", "dateTime"))
_OTHER_CASTS = {
    "date": "2000-01-01",
    "time": "00:00:00",
    "duration": "P1D",
    "dayTimeDuration": "P1D",
    "yearMonthDuration": "P1Y",
    "gYear": "2000",
    "gYearMonth": "2000-01",
    "gMonthDay": "--01-01",
    "gDay": "---01",
    "gMonth": "--01",
}
_ZONE = r"(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
_YEAR = r"-?([1-9][0-9]{3,}|0[0-9]{3})"
_MONTH, _DAY = r"(0[1-9]|1[0-2])", r"(0[1-9]|[12][0-9]|3[01])"
_LONG = f"(0[13578]|1[02])-{_DAY}"
_SHORT = "(0[469]|11)-(0[1-9]|[12][0-9]|30)"
_FEBRUARY = "02-(0[1-9]|[12][0-9])"
LEXICAL = {
    "date": f"^{_YEAR}-({_LONG}|{_SHORT}|{_FEBRUARY}){_ZONE}$",
    "time": rf"^(([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?|24:00:00(\.0+)?){_ZONE}$",
    "gYear": f"^{_YEAR}{_ZONE}$",
    "gYearMonth": f"^{_YEAR}-{_MONTH}{_ZONE}$",
    "gMonthDay": f"^--{_MONTH}-{_DAY}{_ZONE}$",
    "gDay": f"^---{_DAY}{_ZONE}$",
    "gMonth": f"^--{_MONTH}{_ZONE}$",
    "duration": r"^-?P([0-9]+Y)?([0-9]+M)?([0-9]+D)?(T([0-9]+H)?([0-9]+M)?([0-9]+(\.[0-9]+)?S)?)?$",
    "dayTimeDuration": r"^-?P([0-9]+D)?(T([0-9]+H)?([0-9]+M)?([0-9]+(\.[0-9]+)?S)?)?$",
    "yearMonthDuration": r"^-?P([0-9]+Y)?([0-9]+M)?$",
}
"""How literals look (XML Schema 1.1, part 2) where an engine has no cast; without the rule of leap years."""

_MANY_CLASSES = 200


class Dialect:
    """Answers about one store, remembered."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._casts: dict[str, bool] = {}
        self._merges: bool | None = None
        self._below: dict[NamedNode, tuple[NamedNode, ...] | None] = {}

    def can_cast(self, local: str) -> bool:
        """Whether the store has a cast to this XML Schema type that fails on ill-formed text."""
        if local in _STANDARD_CASTS:
            return True
        if local not in _OTHER_CASTS:
            return False
        if local not in self._casts:
            cast = XSD(local)
            try:
                self._casts[local] = self._store.ask(
                    f'ASK {{ FILTER(isLiteral({cast}("{_OTHER_CASTS[local]}")) '
                    f'&& !COALESCE(isLiteral({cast}("x")), false)) }}'
                )
            except (InputError, StoreError):
                self._casts[local] = False
        return self._casts[local]

    @property
    def merges_integers(self) -> bool:
        """Whether the store keeps values of the derived integer types as plain xsd:integer."""
        if self._merges is None:
            byte, integer = XSD("byte"), XSD("integer")
            self._merges = self._store.ask(f'ASK {{ FILTER(DATATYPE("1"^^{byte}) = {integer}) }}')
        return self._merges

    def confuses(self, datatype: NamedNode) -> bool:
        """Whether the store keeps this type as xsd:integer."""
        return datatype.value.removeprefix(XSD.iri) in INTEGER_RANGES and self.merges_integers

    def subclasses(self, of: NamedNode) -> tuple[NamedNode, ...] | None:
        """The class and all classes below it in the data; None when they are too many to name."""
        if of not in self._below:
            rows = self._store.select(
                "SELECT DISTINCT ?class WHERE { ?class "
                f"<http://www.w3.org/2000/01/rdf-schema#subClassOf>* {of} }} LIMIT {_MANY_CLASSES + 1}"
            )
            found = {of, *(row[0] for row in rows if isinstance(row[0], NamedNode))}
            ordered = tuple(sorted(found, key=lambda node: node.value))
            self._below[of] = None if len(ordered) > _MANY_CLASSES else ordered
        return self._below[of]
