"""Commented Turtle to start a new treaty, transfer or recognition from.

What is still open stands as `<FILL IN: ...>`. That is no IRI, so no reader of Turtle takes it, and ours names
each one that is left, with its line; nothing half-filled slips into a store.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from pyoxigraph import Literal, NamedNode

from treatygraph.dates import parse_edtf
from treatygraph.errors import InputError
from treatygraph.terms import EDTF, PREFIXES, XSD, local_name
from treatygraph.turtle_terms import write_term
from treatygraph.turtle_tokens import Names

Given: TypeAlias = str | NamedNode | Sequence[NamedNode]

PARAMETERS: dict[str, dict[str, str]] = {
    "treaty": {
        "title": "short title in English",
        "date": "day of signature, as EDTF",
        "parties": "the polities that signed",
        "place": "the territory where it was signed",
        "kind": "concept of tgv:scheme-instrument",
    },
    "transfer": {
        "title": "what passes from whom to whom, in English",
        "date": "when it happened, as EDTF",
        "territory": "the territory that passes",
        "transferor": "the polity that gives it up",
        "transferee": "the polity that receives it",
        "basis": "the clause or instrument it rests on",
    },
    "recognition": {
        "title": "who recognises what, in English",
        "date": "from when, as EDTF",
        "holder": "the polity that recognises or refuses",
        "about": "the territory, polity, instrument or event it is about",
        "beneficiary": "the polity whose title or independence it is",
        "stance": "concept of tgv:scheme-stance",
        "basis": "the clause or instrument it rests on",
    },
}
"""What can be given for each kind of template, and what it means."""

_USED = ("dcterms", "edtf", "id", "schema", "skos", "tg", "tgv", "xsd")
_NAMES = Names({prefix.encode(): iri for prefix, iri in PREFIXES.items()})
_PLAIN = str.maketrans(
    {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ß": "ss", "æ": "ae", "Æ": "Ae"}
)
_HEAD = """# SPDX-License-Identifier: CC0-1.0
# {what}
# Replace every FILL IN with its angle brackets; then: treatygraph tidy FILE ; treatygraph validate FILE
"""
_EVIDENCE = """
# The evidence: one node for the work, one for each place in it. A work that is described already is left out.
id:source-{slug} a tg:Source ;
    skos:prefLabel <FILL IN: author, title and year of the work, as in "..."@en> .

id:citation-{slug}--page a tg:Citation ;
    tg:source id:source-{slug} ;
    tg:locator <FILL IN: page, article or section, as in "p. 705"> .
"""
_CONFIDENCE = "<FILL IN: tgv:confidence-certain, -probable, -uncertain or -inferred>"
_DATE = """
{comment}
id:{owner}--{role}-{value} a tg:DateStatement ;
    tg:kind tgv:date-{role} ;
    tg:edtf {edtf} ;{bounds}
    tg:confidence {confidence} ;
    tg:supportedBy id:citation-{slug}--page .
"""
_TREATY = """
id:instrument-{slug} a tg:Treaty ;
    skos:prefLabel {title} ;
    # further languages: skos:prefLabel "..."@lt , "..."@pl ;
    tg:kind {kind} ;
    tg:confidentiality tgv:confidentiality-public ; # or tgv:confidentiality-secret
    schema:location {place} ;
    tg:dating id:instrument-{slug}--signature-{value} ;
    # where it is registered: dcterms:bibliographicCitation "League of Nations Treaty Series, vol. ..." ;
    tg:supportedBy id:citation-{slug}--page .
"""
_PARTY = """
id:participation-{slug}-{name}-signature a tg:Participation ;
    tg:kind tgv:participation-signature ;
    tg:inInstrument id:instrument-{slug} ;
    tg:participant {party} ;
    tg:confidence {confidence} ;
    tg:supportedBy id:citation-{slug}--page .
"""
_CLAUSE = """
# One node for each article, with a summary in your own words (no quotation, at most 300 characters).
id:clause-{slug}-1 a tg:Clause ;
    skos:prefLabel <FILL IN: as in "Article 1, short title of the treaty"@en> ;
    tg:clauseOf id:instrument-{slug} ;
    tg:number <FILL IN: as printed, as in "I"> ;
    schema:position 1 ;
    tg:kind <FILL IN: concept of tgv:scheme-clause, as in tgv:clause-boundary> ;
    dcterms:abstract <FILL IN: what the article does, as in "..."@en> ;
    tg:supportedBy id:citation-{slug}--page .
"""
_TRANSFER = """
id:event-transfer-{slug} a tg:Transfer ;
    skos:prefLabel {title} ;
    tg:kind <FILL IN: concept of tgv:scheme-transfer, as in tgv:transfer-cession> ;
    tg:status <FILL IN: tgv:status-agreed, -executed, -not-executed or -reversed> ;
    tg:about {territory} ;
    tg:transferor {transferor} ;
    tg:transferee {transferee} ;
    tg:basis {basis} ;
    tg:dating id:event-transfer-{slug}--occurrence-{value} ;
    tg:confidence {confidence} ;
    tg:supportedBy id:citation-{slug}--page .
# When it was executed, say in a tg:Control of its own from when the transferee held the place.
"""
_RECOGNITION = """
id:position-recognition-{slug} a tg:Recognition ;
    skos:prefLabel {title} ;
    tg:kind {stance} ;
    tg:holder {holder} ;
    tg:about {about} ;
    tg:inFavourOf {beneficiary} ; # leave this line out when nobody's title is meant
    tg:basis {basis} ;
    tg:dating id:position-recognition-{slug}--start-{value} ;
    # when it ended: tg:dating ...--end-... (the first day it no longer held) ; tg:endedBy ... ;
    tg:confidence {confidence} ;
    tg:supportedBy id:citation-{slug}--page .
"""


def new(kind: str, given: Mapping[str, Given] | None = None) -> str:
    """A Turtle template for a treaty, transfer or recognition, with what is given filled in.

    `given` holds parameters of `PARAMETERS[kind]`: text for title and date, nodes for the rest (several for
    parties). Raises InputError for an unknown kind or parameter, EdtfError for a date that cannot be read.

    >>> print(new("treaty", {"title": "Treaty of Kaunas", "date": "1921"}).splitlines()[12])
    id:instrument-treaty-of-kaunas-1921 a tg:Treaty ;
    """
    given = {name: value for name, value in (given or {}).items() if value}
    if kind not in PARAMETERS:
        raise InputError(f"there is no template for {kind!r}", hint=f"there are: {', '.join(PARAMETERS)}")
    unknown = sorted(set(given) - set(PARAMETERS[kind]))
    if unknown:
        raise InputError(
            f"a template for a {kind} has no {', '.join(unknown)}",
            hint=f"it has {', '.join(PARAMETERS[kind])}",
        )
    text = {"treaty": _treaty, "transfer": _transfer, "recognition": _recognition}[kind](given)
    used = sorted(prefix for prefix in _USED if re.search(rf"(?<![\w-]){prefix}:", text))
    prefixes = "".join(f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n" for prefix in used)
    head = _HEAD.format(what=f"A new {kind}. Lines that begin with # are explanations and can go.")
    return head + prefixes + text


def _treaty(given: Mapping[str, Given]) -> str:
    slug, value = _slug(given, "new-treaty"), _date_value(given)
    parties = given.get("parties", ())
    nodes = [parties] if isinstance(parties, NamedNode) else [p for p in parties if isinstance(p, NamedNode)]
    text = _TREATY.format(
        slug=slug,
        value=value,
        title=_title(given, "short title, as in"),
        kind=_node(given, "kind", "concept of tgv:scheme-instrument, as in tgv:instrument-peace-treaty"),
        place=_node(given, "place", "where it was signed, as in id:territory-moscow"),
    )
    text += _date(given, f"instrument-{slug}", "signature", slug, "# The day of signature.")
    text += "\n# One node for each party. A treaty needs two."
    for number in range(max(2, len(nodes))):
        known = nodes[number] if number < len(nodes) else None
        text += _PARTY.format(
            slug=slug,
            name=local_name(known).removeprefix("polity-") if known else f"party-{number + 1}",
            party=_written(known) if known else f"<FILL IN: party {number + 1}, as in id:polity-lithuania>",
            confidence=_CONFIDENCE,
        )
    return text + _CLAUSE.format(slug=slug) + _EVIDENCE.format(slug=slug)


def _transfer(given: Mapping[str, Given]) -> str:
    slug = _slug(given, "new-transfer")
    text = _TRANSFER.format(
        slug=slug,
        value=_date_value(given),
        title=_title(given, "what passes from whom to whom, as in"),
        territory=_node(given, "territory", "what passes, as in id:territory-vilnius-part-1939"),
        transferor=_node(given, "transferor", "who gives it up, as in id:polity-soviet-union"),
        transferee=_node(given, "transferee", "who receives it, as in id:polity-lithuania"),
        basis=_node(given, "basis", "the clause it rests on, as in id:clause-su-lt-1939-i"),
        confidence=_CONFIDENCE,
    )
    text += _date(given, f"event-transfer-{slug}", "occurrence", slug, "# When it happened.")
    return text + _EVIDENCE.format(slug=slug)


def _recognition(given: Mapping[str, Given]) -> str:
    slug = _slug(given, "new-recognition")
    text = _RECOGNITION.format(
        slug=slug,
        value=_date_value(given),
        title=_title(given, "who recognises what, as in"),
        stance=_node(given, "stance", "concept of tgv:scheme-stance, as in tgv:stance-recognises-title"),
        holder=_node(given, "holder", "who recognises or refuses, as in id:polity-soviet-union"),
        about=_node(given, "about", "what it is about, as in id:territory-vilnius-region"),
        beneficiary=_node(
            given, "beneficiary", "whose title or independence it is, as in id:polity-lithuania"
        ),
        basis=_node(given, "basis", "the clause or instrument it rests on, as in id:clause-su-lt-1939-i"),
        confidence=_CONFIDENCE,
    )
    text += _date(given, f"position-recognition-{slug}", "start", slug, "# From when on.")
    return text + _EVIDENCE.format(slug=slug)


def _date(given: Mapping[str, Given], owner: str, role: str, slug: str, comment: str) -> str:
    date = given.get("date")
    written, days = '<FILL IN: as in "1939-10-10"^^edtf:EDTF>', ""
    if isinstance(date, str):
        earliest, latest = parse_edtf(date).bounds()
        written = _written(Literal(date, datatype=EDTF("EDTF")))
        for name, day in (("earliest", earliest), ("latest", latest)):
            days += f"\n    tg:{name} {_written(Literal(day, datatype=XSD('date')))} ;"
        days += "\n    tg:rank tgv:rank-preferred ;"
    return _DATE.format(
        comment=comment,
        owner=owner,
        role=role,
        value=_date_value(given),
        edtf=written,
        bounds=days,
        confidence=_CONFIDENCE,
        slug=slug,
    )


def _date_value(given: Mapping[str, Given]) -> str:
    date = given.get("date")
    return re.sub(r"[^0-9]+", "", date.split(",")[0]) or "unknown" if isinstance(date, str) else "day"


def _slug(given: Mapping[str, Given], otherwise: str) -> str:
    title, date = given.get("title"), given.get("date")
    if not isinstance(title, str):
        return otherwise
    plain = unicodedata.normalize("NFKD", title.translate(_PLAIN)).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain.lower())
    year = re.search(r"[0-9]{4}", date) if isinstance(date, str) else None
    if year and year[0] not in words:
        words.append(year[0])
    return "-".join(words) if any(word.isalpha() for word in words) else otherwise


def _title(given: Mapping[str, Given], otherwise: str) -> str:
    title = given.get("title")
    known = isinstance(title, str)
    return (
        _written(Literal(str(title).strip(), language="en")) if known else f'<FILL IN: {otherwise} "..."@en>'
    )


def _node(given: Mapping[str, Given], name: str, otherwise: str) -> str:
    node = given.get(name)
    if node is None:
        return f"<FILL IN: {otherwise}>"
    if not isinstance(node, NamedNode):
        raise InputError(f"{name} must be a thing, not {node!r}", hint=PARAMETERS[_kind_of(name)][name])
    return _written(node)


def _kind_of(name: str) -> str:
    return next(kind for kind, names in PARAMETERS.items() if name in names)


def _written(term: NamedNode | Literal) -> str:
    return write_term(term, _NAMES)
