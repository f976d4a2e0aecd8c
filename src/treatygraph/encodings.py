"""Says why bytes are not UTF-8 and which encoding they most likely are in."""

from __future__ import annotations

import codecs
from itertools import pairwise
from typing import NamedTuple

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# The letters beyond ASCII that texts in each encoding are made of.
_LETTERS = {
    "windows-1252": "àâäáãåæçèéêëìíîïñòóôöøœßùúûüÀÂÄÁÉÈÖØÜÇÑ–—’‘“”„…°§€",
    "windows-1257": "ąčęėįšųūžĄČĘĖĮŠŲŪŽāēģīķļņāĀĒĢĪĶĻŅõäöüÕÄÖÜśźżółńćŁ–—’‘“”„…°§€",
    "windows-1250": "ąćęłńóśźżĄĆĘŁŃÓŚŹŻáčďéěíňřšťúůýžőűăâîşţČŘŠŽ–—’‘“”„…°§€",
    "windows-1251": "абвгдежзийклмнопрстуфхцчшщъыьэюяАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЭЮЯёіўїєЁІЎ–—’‘“”„«»…№€",
    "koi8-r": "абвгдежзийклмнопрстуфхцчшщъыьэюяАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЭЮЯё",
}
_CYRILLIC = ("windows-1251", "koi8-r")
_SAMPLE = 1 << 16


class NotUtf8(NamedTuple):
    """The first byte that is not UTF-8, its offset from 0, and the encoding to propose."""

    byte: int
    offset: int
    encoding: str


def not_utf8(data: bytes) -> NotUtf8 | None:
    """Where the bytes stop being UTF-8, or None when they are UTF-8 throughout."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return NotUtf8(data[0], 0, encoding)
    try:
        codecs.decode(data, "utf-8")
    except UnicodeDecodeError as error:
        return NotUtf8(data[error.start], error.start, _likely(data, error.start))
    return None


def decoded(data: bytes, encoding: str) -> str:
    """The text in that encoding; what it cannot express becomes U+FFFD."""
    return data.decode(encoding, "replace")


def _likely(data: bytes, start: int) -> str:
    sample = data[max(0, start - _SAMPLE) : start + _SAMPLE]
    if sample.count(0) > len(sample) // 4:
        return "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"
    high = bytes(byte for byte in sample if byte > 0x7F)

    def score(encoding: str) -> float:
        text, letters = high.decode(encoding, "replace"), _LETTERS[encoding]
        lower = sum(1 for letter in text if letter in letters and letter.islower())
        return sum(1 for letter in text if letter in letters) + lower / 2

    # Cyrillic words are made of such bytes throughout, Latin ones have a few between plain letters.
    beside = sum(1 for one, next_ in pairwise(sample) if one > 0x7F and next_ > 0x7F)
    cyrillic = beside > len(high) / 2
    return max((name for name in _LETTERS if (name in _CYRILLIC) == cyrillic), key=score)
