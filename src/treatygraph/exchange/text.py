"""The rules a text must meet before any Wikibase takes it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

_LANGUAGE = re.compile(r"[a-z]{2,}(?:-[a-z0-9]+)*", re.ASCII)
_SITE = re.compile(r"[a-z][a-z0-9_]*wik(?:i|i[a-z]+|tionary)", re.ASCII)
_BAD_TITLE = frozenset("#<>[]|{}")
_PLAIN_URL = re.compile(r"(?:https?|ftp)://[A-Za-z0-9.-]+(?:/[A-Za-z0-9/._~?=&+,;:@!$*#-]*)?", re.ASCII)
_NOT_IN_URL = re.compile(r"[\s<>\"{}|\\^`]")
_BROKEN_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
_WEB = frozenset({"http", "https", "ftp"})


@dataclass(frozen=True, slots=True)
class Limits:
    """How many characters a Wikibase takes: one number for terms, one for texts in statements."""

    term: int = 250
    text: int = 1500


WIKIDATA: Final = Limits()
DEFAULT_WIKIBASE: Final = Limits(term=250, text=400)


def text_problem(text: str, limit: int) -> tuple[str, str] | None:
    """Code and message of the first rule the text breaks, None when it breaks none."""
    if text.isprintable() and text == text.strip() and 0 < len(text) <= limit:
        return None  # printable is all but separators other than the blank, controls, formats and surrogates
    if not text:
        return "empty", "the text is empty"
    if text != text.strip():
        return "white-space", "the text begins or ends with white space"
    for position, character in enumerate(text):
        if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp"):
            name = {"\t": "a TAB", "\n": "a line break", "\r": "a line break"}.get(
                character, f"the control character U+{ord(character):04X}"
            )
            return "control-character", f"the text has {name} at character {position + 1}"
    if len(text) > limit:
        return "too-long", f"the text has {len(text)} characters, the limit is {limit}"
    return None


def language_problem(code: str) -> tuple[str, str] | None:
    """Code and message when this is no language code as Wikimedia writes them."""
    if not code:
        return "language", "the language code is missing"
    if not _LANGUAGE.fullmatch(code):
        return "language", f"{code!r} is no language code: lower-case letters, parts joined by hyphens"
    return None


def url_problem(text: str) -> tuple[str, str] | None:
    """Code and message when this is no address that a reference can point to."""
    if _PLAIN_URL.fullmatch(text):
        return None
    if _NOT_IN_URL.search(text):
        return "url", "the address has a blank or another character that must be percent-encoded"
    if _BROKEN_PERCENT.search(text):
        return "url", "the address has a % that encodes nothing; write it as %25"
    try:
        parts = urlsplit(text)
    except ValueError as error:
        return "url", f"the address cannot be read: {error}"
    if parts.scheme.lower() not in _WEB:
        return "url", f"the address begins with {parts.scheme or 'no scheme'!r} instead of http, https or ftp"
    if not parts.hostname:
        return "url", "the address has no host"
    return None


def sitelink_problem(site: str, title: str) -> tuple[str, str] | None:
    """Code and message when the site or the page title cannot be right."""
    if not _SITE.fullmatch(site):
        return "site", f"{site!r} is no site id such as ltwiki"
    if found := text_problem(title, 255):
        return found
    if wrong := sorted(set(title) & _BAD_TITLE):
        return "title", f"a page title cannot contain {' '.join(wrong)}"
    return None


def same_text(one: str, other: str) -> bool:
    """Whether two texts are the same after Unicode normalisation (NFC)."""
    return one == other or normal(one) == normal(other)


def normal(text: str) -> str:
    """The text as Wikibase would store it (NFC)."""
    return unicodedata.normalize("NFC", text)
