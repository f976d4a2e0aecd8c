"""Invented but readable names: states, places, people. The same number always gives the same name."""

from __future__ import annotations

import re
import unicodedata


def _words(text: str) -> list[str]:
    return text.split()


_HEADS = _words(
    """
    Val Kest Mor Tar Bren Lor Sav Dra Hel Nor Or Pel Ruth Sel Ter Ul Ves Wend Yar Zel Aur Bel Cor Dun Er
    Fal Gar Hav Is Jas Kar Lim Mar Nev Ost Par Rav San Tol Var
    """
)
_MIDDLES = _words(
    """
    a e i o an en in or ar el il os av em ur al ov ad
    """
)
_STATES = _words(
    """
    doria stria nia via land mark gard tania lia gonia vania ria thia mia burg
    """
)
_PLACES = _words(
    """
    ta va na ska vo gova mir stad holm ford dal ben pol hafen bor kov zin lec tov nik
    """
)
_GIVEN = _words(
    """
    Adam Anna Boris Clara Daniel Elena Felix Greta Henrik Ida Jonas Karin Leon Maria Nikolai Olga Paul
    Rosa Stefan Teresa Viktor Wanda Emil Julia
    """
)
_ENDINGS = _words(
    """
    ov in sky berg man ius son escu aitis ez ard eau ic enko ley stein
    """
)
_KINDS = ("River", "Upper", "Lower", "East", "West", "North", "South", "New", "Old", "Inner", "Outer")


def _mixed(number: int, *parts: list[str]) -> tuple[str, int]:
    text = ""
    for part in parts:
        number, chosen = divmod(number, len(part))
        text += part[chosen]
    return text, number


def state(number: int) -> str:
    """The name of a state, different for every number below 10,800."""
    name, rest = _mixed(number * 4001 % 10800, _HEADS, _MIDDLES, _STATES)
    return name if not rest else f"{name} {rest + 1}"


def place(number: int) -> str:
    """The name of a place; different for every number."""
    scattered = number // 14400 * 14400 + number % 14400 * 7001 % 14400
    name, rest = _mixed(scattered, _HEADS, _MIDDLES, _PLACES)
    if not rest:
        return name
    epithet, rest = divmod(rest - 1, len(_KINDS))[::-1]
    name = f"{_KINDS[epithet]} {name}"
    return name if not rest else f"{name} {rest + 1}"


def person(number: int) -> str:
    """The name of a person; people may share one."""
    given, rest = _mixed(number, _GIVEN)
    family, _ = _mixed(rest * 613, _HEADS, _MIDDLES, _ENDINGS)
    return f"{given} {family}"


def adjective(name: str) -> str:
    """The adjective of a state's name: Valdoria, Valdorian."""
    if name.endswith("ia"):
        return name + "n"
    return name + "ish" if name.endswith("land") else name + "er"


def slug(name: str) -> str:
    """A name as it stands in an address: ASCII, lower case, words joined by hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
