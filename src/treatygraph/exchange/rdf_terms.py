"""How Wikidata writes values in RDF: names, dates and addresses, both ways."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote, unquote

from treatygraph.exchange.model import ENTITY_BASE, GREGORIAN, JULIAN, Time
from treatygraph.exchange.times import date_of_day, day_number, month_days

WIKIDATA: Final = "http://www.wikidata.org/"
WIKIBASE: Final = "http://wikiba.se/ontology#"
PROV: Final = "http://www.w3.org/ns/prov#"
GEO: Final = "http://www.opengis.net/ont/geosparql#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
SCHEMA: Final = "http://schema.org/"
FILE_PATH: Final = "http://commons.wikimedia.org/wiki/Special:FilePath/"
DATA_PATH: Final = "http://commons.wikimedia.org/data/main/"
GENID: Final = "/.well-known/genid/"

PREFIXES: Final = {
    "wd": ENTITY_BASE,
    "wds": f"{WIKIDATA}entity/statement/",
    "wdt": f"{WIKIDATA}prop/direct/",
    "p": f"{WIKIDATA}prop/",
    "ps": f"{WIKIDATA}prop/statement/",
    "psv": f"{WIKIDATA}prop/statement/value/",
    "pq": f"{WIKIDATA}prop/qualifier/",
    "pqv": f"{WIKIDATA}prop/qualifier/value/",
    "pr": f"{WIKIDATA}prop/reference/",
    "prv": f"{WIKIDATA}prop/reference/value/",
    "wdno": f"{WIKIDATA}prop/novalue/",
    "wikibase": WIKIBASE,
    "prov": PROV,
    "geo": GEO,
    "xsd": XSD,
    "rdfs": RDFS,
    "skos": SKOS,
    "schema": SCHEMA,
}
_ESCAPES = str.maketrans(
    {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
)
_ILLEGAL = re.compile(r"[\x00-\x20<>\"{}|\\^`]|%(?![0-9A-Fa-f]{2})")
_DATETIME = re.compile(r"([+-]?)(\d{4,})-(\d\d)-(\d\d)T00:00:00Z", re.ASCII)
_PROJECTS = (
    "wiktionary",
    "wikisource",
    "wikiquote",
    "wikibooks",
    "wikinews",
    "wikivoyage",
    "wikiversity",
)
_SINGLE_SITES = {
    "commonswiki": "commons.wikimedia.org",
    "specieswiki": "species.wikimedia.org",
    "metawiki": "meta.wikimedia.org",
    "wikidatawiki": "www.wikidata.org",
    "mediawikiwiki": "www.mediawiki.org",
    "sourceswiki": "wikisource.org",
}


def literal(text: str) -> str:
    """The text as a Turtle string."""
    return f'"{text.translate(_ESCAPES)}"'


def iri(address: str) -> str:
    """The address as a Turtle IRI: trimmed, characters no IRI may have percent-encoded."""
    return f"<{_ILLEGAL.sub(lambda match: quote(match[0]), address.strip())}>"


def statement_name(statement_id: str) -> str:
    """The local name of a statement node: "Q1$ab-c" becomes "Q1-ab-c"."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", statement_id)


def statement_id(name: str) -> str:
    """The statement id behind a local name."""
    return name.replace("-", "$", 1)


def rdf_time(time: Time) -> tuple[str, bool]:
    """The lexical form of a date, and whether it is an xsd:dateTime (else a plain string).

    Day-precise Julian dates become Gregorian; BCE years of year precision or finer move by one because XSD
    1.1 has a year 0; unknown months and days become 01, an impossible day the last of its month.
    """
    if time.year == 0 or (time.precision == 11 and time.calendar not in (GREGORIAN, JULIAN)):
        return time.timestamp(), False
    year, month, day = time.year, time.month, time.day
    if time.precision <= 9 or not month:
        month, day = 1, 1
    elif time.precision == 10 or not day:
        day = 1
    month = min(month, 12)
    day = min(day, month_days(year, month, time.calendar))
    if time.precision == 11 and time.calendar == JULIAN:
        year, month, day = date_of_day(day_number(Time(year, month, day, 11, JULIAN)))
    if year < 0 and time.precision >= 9:
        year += 1
    return f"{'-' if year < 0 else ''}{abs(year):04d}-{month:02d}-{day:02d}T00:00:00Z", True


def time_from_rdf(lexical: str, precision: int, calendar: str) -> Time | None:
    """The stored date behind an RDF value node; None when the text is no date."""
    match = _DATETIME.fullmatch(lexical)
    if match is None:
        return None
    year = int(match[2]) * (-1 if match[1] == "-" else 1)
    month, day = int(match[3]), int(match[4])
    if match[1] == "+" or (year == 0 and precision < 9):
        return Time(year, month, day, precision, calendar)
    if precision >= 9 and year <= 0:
        year -= 1
    if precision == 11 and calendar == JULIAN:
        year, month, day = date_of_day(day_number(Time(year, month, day)), JULIAN)
    if precision <= 9:
        month = day = 0
    elif precision == 10:
        day = 0
    return Time(year, month, day, precision, calendar)


def site_address(site: str) -> tuple[str, str] | None:
    """Host and language of a site id such as ltwiki; None when it follows no known pattern."""
    if site in _SINGLE_SITES:
        return _SINGLE_SITES[site], "en"
    for project in (*_PROJECTS, "wiki"):
        if site.endswith(project) and len(site) > len(project):
            language = site.removesuffix(project).replace("_", "-")
            host = "wikipedia" if project == "wiki" else project
            return f"{language}.{host}.org", language
    return None


def page_address(host: str, title: str) -> str:
    """The address of a wiki page."""
    return f"https://{host}/wiki/{quote(title.replace(' ', '_'), safe='/:,;@!*()$~')}"


def site_of_address(address: str) -> tuple[str, str] | None:
    """Site id and page title behind the address of a wiki page."""
    match = re.fullmatch(r"https?://([^/]+)/wiki/(.+)", address)
    if match is None:
        return None
    title = unquote(match[2]).replace("_", " ")
    for site, host in _SINGLE_SITES.items():
        if host == match[1]:
            return site, title
    parts = match[1].split(".")
    if len(parts) != 3 or parts[1] not in (*_PROJECTS, "wikipedia"):
        return None
    project = "wiki" if parts[1] == "wikipedia" else parts[1]
    return parts[0].replace("-", "_") + project, title
