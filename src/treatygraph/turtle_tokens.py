"""The tokens of Turtle and TriG over UTF-8 bytes, and the terms they stand for (RDF 1.1 Turtle, section 6.5).

Bytes, so that a file of any size is held once and never decoded as a whole; offsets become lines and columns
only where somebody asks (`places`). Letters outside ASCII are taken as name characters without a closer look:
the parser of the store is the judge of syntax, these patterns only say where things stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse


class Place(NamedTuple):
    """Where something stands: line and column, both from 1, the column in code points."""

    line: int
    column: int


BLANK = rb"(?:[ \t\r\n]++|#[^\r\n]*+)*+"
_HEX = rb"[0-9A-Fa-f]"
_LETTER = rb"A-Za-z\x80-\xff"
_NAME = rb"0-9_A-Za-z\x80-\xff\-"
_ESCAPED = rb"%" + _HEX + _HEX + rb"|\\[_~.\-!$&'()*+,;=/?#@%]"
_PREFIX = rb"(?:[" + _LETTER + rb"](?:\.*+[" + _NAME + rb"]++)*+)?"
_LOCAL = rb"(?:(?:[" + _NAME + rb":]|" + _ESCAPED + rb")(?:\.*+(?:[" + _NAME + rb":]|" + _ESCAPED + rb"))*+)?"
_IRI = rb'<[^<>"\x00-\x20]*+>'
_PNAME = _PREFIX + rb":" + _LOCAL
_STRING = (
    rb'(?:"""(?:"{0,2}(?:[^"\\]|\\.))*+"""'
    rb"|'''(?:'{0,2}(?:[^'\\]|\\.))*+'''"
    rb'|"(?!"")(?:[^"\\\r\n]|\\.)*+"'
    rb"|'(?!'')(?:[^'\\\r\n]|\\.)*+')"
)
_LANGUAGE = rb"@[A-Za-z]++(?:-[A-Za-z0-9]++)*+"
_NUMBER = (
    rb"[+\-]?(?:[0-9]+\.[0-9]*[eE][+\-]?[0-9]+|\.?[0-9]+[eE][+\-]?[0-9]+|[0-9]*\.[0-9]+|[0-9]+)(?![0-9])"
)
_LABEL = rb"_:[0-9_" + _LETTER + rb"](?:\.*+[" + _NAME + rb"]++)*+"
_WORD = rb"[A-Za-z]++"

# A token with the blanks and comments before it; the number of the group is the kind of the token.
IRI, PNAME, STRING, NUMBER, LABEL, MARK, WORD, DIRECTIVE = 1, 2, 3, 7, 8, 9, 10, 11
QUOTED, LANGUAGE, DATATYPE = 4, 5, 6
TOKEN = re.compile(
    BLANK
    + rb"(?:("
    + rb")|(".join(
        [
            _IRI,
            _PNAME,
            rb"("
            + _STRING
            + rb")(?:"
            + BLANK
            + rb"(?:("
            + _LANGUAGE
            + rb")|\^\^"
            + BLANK
            + rb"("
            + _IRI
            + rb"|"
            + _PNAME
            + rb"))|)",
            _NUMBER,
            _LABEL,
            rb"[.;,\[\](){}]",
            _WORD,
            rb"@(?:prefix|base|version)\b",
        ]
    )
    + rb"))",
    re.DOTALL,
)
TO_END = re.compile(BLANK + rb"\Z")
"""Blanks and comments up to the end of the document."""
_SKIP = re.compile(
    rb"(?:[ \t\r\n;,\[\]()^]++|#[^\r\n]*+|"
    + rb"|".join([_IRI, _STRING, _LANGUAGE, _LABEL, _PNAME, _NUMBER, _WORD])
    + rb")*+",
    re.DOTALL,
)
SENTENCE_END = re.compile(rb"[.}][ \t]*+(?:#[^\r\n]*+)?+(?:\r?\n|\Z)")
"""A full stop or brace at the end of a line: where reading can go on after an error."""

LINE_REST = re.compile(rb"[ \t]*+(?:#[^\r\n]*+)?+(?=\r?\n|\Z)")
"""Blanks and a comment up to the end of the line."""

_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_LOCAL_ESCAPE = re.compile(r"\\(.)")
_ESCAPES = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:(?!.*/\.)")
_XSD = "http://www.w3.org/2001/XMLSchema#"
_TRUE, _FALSE = (Literal(word, datatype=NamedNode(_XSD + "boolean")) for word in ("true", "false"))
_INTEGER, _DECIMAL, _DOUBLE = (NamedNode(_XSD + kind) for kind in ("integer", "decimal", "double"))
_BOM = b"\xef\xbb\xbf"
_STEP = 1 << 20
_CONTINUED = bytes(range(0x80, 0xC0))


def start_of(data: bytes) -> int:
    """Where the text begins: after the byte order mark when there is one."""
    return 3 if data[:3] == _BOM else 0


def skip_statement(data: bytes, position: int) -> int:
    """The offset of the full stop or brace that ends the statement in which `position` is a token border.

    The length of the data when the statement does not end.
    """
    while True:
        match = _SKIP.match(data, position)
        position = match.end() if match else position
        if position >= len(data) or data[position : position + 1] in (b".", b"}", b"{"):
            return position
        position += 1


class Names:
    """The prefixes and the base in force at one place of a document; turns tokens into terms.

    Every method raises ValueError for a prefix that is not declared or an IRI that is none.
    """

    __slots__ = ("_nodes", "base", "prefixes")

    def __init__(self, prefixes: dict[bytes, str] | None = None, base: str | None = None) -> None:
        self.prefixes = dict(prefixes or {})
        self.base = base
        self._nodes: dict[bytes, NamedNode] = {}

    def copy(self) -> Names:
        return Names(self.prefixes, self.base)

    def declare(self, prefix: bytes, iri: bytes) -> None:
        """Let `prefix` (without its colon) stand for an IRI token."""
        self.prefixes[prefix] = self.iri(iri).value
        self._nodes.clear()

    def rebase(self, iri: bytes) -> None:
        """Resolve relative IRIs against this IRI token from now on."""
        self.base = self.iri(iri).value
        self._nodes.clear()

    def iri(self, token: bytes) -> NamedNode:
        """The node of `<...>`, resolved against the base."""
        text = unescape(token[1:-1].decode("utf-8", "replace"))
        if self.base is None or _ABSOLUTE.match(text):
            return NamedNode(text)
        return resolve(text, self.base)

    def name(self, token: bytes) -> NamedNode:
        """The node of `prefix:local`."""
        node = self._nodes.get(token)
        if node is None:
            prefix, _, local = token.partition(b":")
            namespace = self.prefixes.get(prefix)
            if namespace is None:
                raise ValueError(f"the prefix {prefix.decode('utf-8', 'replace')}: is not declared")
            text = local.decode("utf-8", "replace")
            node = NamedNode(namespace + (_LOCAL_ESCAPE.sub(r"\1", text) if "\\" in text else text))
            if len(self._nodes) > 50_000:
                self._nodes.clear()
            self._nodes[token] = node
        return node

    def string(self, quoted: bytes, language: bytes | None, datatype: bytes | None) -> Literal:
        """The literal of a string in its quotes, with its language tag or its datatype."""
        width = 3 if quoted[:3] in (b'"""', b"'''") and len(quoted) > 5 else 1
        value = unescape(quoted[width:-width].decode("utf-8", "replace"))
        if language is not None:
            return Literal(value, language=language[1:].decode("ascii").lower())
        if datatype is not None:
            return Literal(
                value, datatype=self.iri(datatype) if datatype[:1] == b"<" else self.name(datatype)
            )
        return Literal(value)


def number(token: bytes) -> Literal:
    """The literal of a bare number: integer, decimal or double by how it is written."""
    kind = _DOUBLE if b"e" in token or b"E" in token else _DECIMAL if b"." in token else _INTEGER
    return Literal(token.decode("ascii"), datatype=kind)


def boolean(word: bytes) -> Literal | None:
    """The literal of `true` and `false`, None for any other word."""
    return _TRUE if word == b"true" else _FALSE if word == b"false" else None


def label(token: bytes) -> BlankNode:
    """The blank node of `_:label`."""
    return BlankNode(token[2:].decode("utf-8", "replace"))


def unescape(text: str) -> str:
    """A string or IRI with its escapes replaced by what they stand for."""
    return _ESCAPE.sub(_unescaped, text) if "\\" in text else text


def resolve(reference: str, base: str) -> NamedNode:
    """An IRI reference resolved against a base, the way the store resolves it.

    Raises ValueError when there is no such IRI.
    """
    try:
        quad = next(iter(parse(f"<{reference}> <a:a> <a:a> .", RdfFormat.TURTLE, base_iri=base)))
    except SyntaxError as error:
        raise ValueError(str(error)) from None
    if not isinstance(quad.subject, NamedNode):
        raise ValueError(f"{reference} is no IRI")
    return quad.subject


def places(data: bytes, offsets: Iterable[int]) -> dict[int, Place]:
    """The line and column of each offset, found in one walk over the text."""
    found: dict[int, Place] = {}
    line, column, here = 1, 1, start_of(data)
    for offset in sorted(set(offsets)):
        while here < offset:
            piece = data[here : min(offset, here + _STEP)]
            breaks = piece.count(b"\n")
            if breaks:
                line, column = line + breaks, 1
            column += _code_points(piece[piece.rfind(b"\n") + 1 :])
            here += len(piece)
        found[offset] = Place(line, column)
    return found


def _code_points(piece: bytes) -> int:
    return len(piece) if piece.isascii() else len(piece.translate(None, _CONTINUED))


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    if code:
        return chr(int(code, 16)) if int(code, 16) < 0x110000 else match[0]
    return _ESCAPES.get(match[3], match[3])
