"""Explains what is wrong with a document: line, column, the text itself, and what to do."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from pyoxigraph import RdfFormat, parse

from treatygraph.errors import InputError
from treatygraph.turtle_tokens import SENTENCE_END, places, start_of

_LIMIT = 20
_WINDOW = 100
_PLACEHOLDER = re.compile(rb"<FILL IN:[^>\r\n]*>")
_UNDECLARED = re.compile(r"[Tt]he prefix (\S*?:) has not been declared")
_DECLARATION = re.compile(
    rb"(?:\A|(?<=[\n\r. ]))(@?(?:prefix|base))[ \t\r\n]+([^\s<]*:)?[ \t\r\n]*(<[^<>\s]*>)[ \t]*\.?",
    re.IGNORECASE,
)
_BROKEN_DECLARATION = re.compile(rb"@?prefix[ \t]+([^\s<]*:)", re.IGNORECASE)
_AROUND = re.compile(r"^Parser error (?:at line|between line).*?: |^error while parsing IRI ", re.DOTALL)
_LINE_OF = re.compile(r" \(line \d+\)$")
_WITHOUT_AT = re.compile(r"\s*(?:prefix|base)\b", re.IGNORECASE)
_LANGUAGE = re.compile(r"@[A-Za-z][A-Za-z0-9-]*$")
_SAID = (
    (
        "blank node property lists should end",
        "']' is expected before {token}",
        "go on with ';' or ',', or end the node with ']'",
    ),
    ("Expecting a datatype IRI", "a datatype is expected after ^^", 'as in "1921-05-14"^^xsd:date'),
    (
        "escape character",
        "{token} is no escape of Turtle",
        'write \\\\ for a backslash; \\n, \\t and \\" are a new line, a tab and a quotation mark',
    ),
    (
        "PREFIX keyword should",
        "{token} is no prefix, for it does not end in ':'",
        "as in @prefix ex: <http://…> .",
    ),
    ("PREFIX declaration", "", "as in @prefix ex: <http://…> ."),
    ("BASE keyword", "", "as in @base <http://…> ."),
    ("language code", "", 'as in "text"@en'),
    (
        "subject of a triple must be",
        "",
        "N-Triples and N-Quads have full IRIs only, <http://…>; if this is Turtle, name the file .ttl",
    ),
)
"""What the parser says, what we say in its place ("" when its words are clear), and what to do."""

NO_BASE = "is a relative IRI and the document has no base"
"""What the message about a relative IRI says of it; with a base from outside it is no problem."""


class DocumentError(InputError):
    """A problem at a place of a document; `line` and `column` count from 1 and are 0 when not known.

    `excerpt` is the offending line with a caret under the place; `str` puts it between message and hint.
    """

    def __init__(
        self,
        message: str,
        *,
        path: str,
        line: int = 0,
        column: int = 0,
        end_column: int = 0,
        excerpt: str = "",
        hint: str | None = None,
    ) -> None:
        where = f"{path}:{line}:{column}" if line else path
        super().__init__(printable(message), where=where, hint=hint)
        self.path = path
        self.line = line
        self.column = column
        self.end_column = end_column
        self.excerpt = excerpt

    def __str__(self) -> str:
        parts = [f"{self.where}: {self.message}", self.excerpt, f"  {self.hint}" if self.hint else ""]
        return "\n".join(part for part in parts if part)


def printable(text: str) -> str:
    """The text without characters that could move the cursor or hide something in a terminal."""
    return "".join(
        letter if letter.isprintable() else " " if letter in "\t\n\r" else "\ufffd" for letter in text
    )


def excerpt(line: str, column: int, end_column: int) -> str:
    """One line of a document with carets under the columns from `column` up to `end_column`."""
    first = max(0, min(column - 1, len(line)) - _WINDOW // 2)
    shown = line[first : first + _WINDOW]
    start = column - 1 - first
    width = max(1, min(end_column - column, len(shown) - start))
    before = "".join(_width(letter) * " " for letter in shown[:start])
    marks = "".join(_width(letter) * "^" for letter in shown[start : start + width]) or "^"
    lead, tail = ("…" if first else ""), ("…" if len(line) > first + _WINDOW else "")
    return f"    {lead}{printable(shown)}{tail}\n    {' ' * len(lead)}{before}{marks}"


def sentence_problems(
    path: str, data: bytes, rdf_format: RdfFormat, base: str | None = None
) -> Iterator[DocumentError]:
    """Every problem of a Turtle, TriG, N-Triples, N-Quads or N3 document that can be told from the others.

    After a problem reading goes on at the next sentence (N-Triples, N-Quads: line), up to 20 problems. TriG
    and N3 give their first problem only: a brace open or closed by mistake makes nonsense of what follows.
    """
    yield from _placeholders(path, data)
    data = _PLACEHOLDER.sub(lambda match: b"<urn:" + b"x" * (len(match[0]) - 6) + b">", data)
    line_by_line = rdf_format in (RdfFormat.N_TRIPLES, RdfFormat.N_QUADS)
    prologue, offset = b"", start_of(data)
    for _ in range(_LIMIT):
        problem, at = _first_problem(path, data, rdf_format, prologue, offset, base)
        if problem is None:
            return
        yield problem
        if rdf_format not in (RdfFormat.TURTLE, RdfFormat.N_TRIPLES, RdfFormat.N_QUADS):
            return
        if line_by_line or "declaration" in problem.message:
            resume = data.find(b"\n", at) + 1 or len(data)
        elif "'.' is expected" in problem.message and problem.column == 1 and at > offset:
            resume = at
        else:
            match = SENTENCE_END.search(data, at)
            resume = match.end() if match else len(data)
        if not line_by_line:
            prologue += _declarations(data[offset:resume], problem)
        offset = resume
    yield DocumentError(
        f"more problems follow; the first {_LIMIT} are listed",
        path=path,
        hint="put these right and try again",
    )


def _placeholders(path: str, data: bytes) -> Iterator[DocumentError]:
    """What a template left open and its author has not filled in yet."""
    found = list(_PLACEHOLDER.finditer(data))
    spots = places(data, (match.start() for match in found))
    for match in found:
        spot, what = spots[match.start()], match[0][9:-1].decode("utf-8", "replace").strip()
        start = data.rfind(b"\n", 0, match.start()) + 1
        end = data.find(b"\n", start)
        line = data[start : end if end >= 0 else len(data)].decode("utf-8", "replace")
        hint = "put it in the place of the angle brackets and all between them"
        yield at_place(
            path, line, f"still to fill in: {what}", spot.line, spot.column, spot.column + len(match[0]), hint
        )


def text_problem(path: str, text: str, message: str, needle: str | None, hint: str | None) -> DocumentError:
    """A problem whose place is where `needle` first stands in the text, or the document as a whole."""
    index = text.find(needle) if needle else -1
    if index < 0 or needle is None:
        return DocumentError(message, path=path, hint=hint)
    line, column = text.count("\n", 0, index) + 1, index - (text.rfind("\n", 0, index) + 1) + 1
    return at_place(path, text.split("\n")[line - 1], message, line, column, column + len(needle), hint)


def at_place(
    path: str, line_text: str, message: str, line: int, column: int, end_column: int, hint: str | None
) -> DocumentError:
    """A problem at a line whose text is known."""
    return DocumentError(
        message,
        path=path,
        line=line,
        column=column,
        end_column=end_column,
        excerpt=excerpt(line_text.rstrip("\r\n"), column, end_column),
        hint=hint,
    )


def parser_message(error: SyntaxError) -> str:
    """What the parser says, without the place."""
    return _LINE_OF.sub("", _AROUND.sub("", str(error.msg)))


def _first_problem(
    path: str, data: bytes, rdf_format: RdfFormat, prologue: bytes, offset: int, base: str | None
) -> tuple[DocumentError | None, int]:
    rest = (prologue + b"\n" if prologue else b"") + data[offset:]
    try:
        for _ in parse(rest, rdf_format, base_iri=base):
            pass
    except SyntaxError as error:
        added = 1 if prologue else 0
        line, column = max(1, (error.lineno or 1) - added), error.offset or 1
        start = _line_start(data, offset, line)
        if not data[start:].strip():
            start = _line_start(data, 0, data.rstrip().count(b"\n") + 1)
            column = len(data[start:].decode("utf-8", "replace").rstrip()) + 1
        end = data.find(b"\n", start)
        text = data[start : end if end >= 0 else len(data)].decode("utf-8", "replace")
        at = min(len(data), start + len(text[: column - 1].encode("utf-8")))
        one_line = (error.end_lineno or error.lineno) == error.lineno
        end_column = (error.end_offset or column + 1) if one_line else len(text) + 1
        message, hint = _explained(
            parser_message(error), text[column - 1 : end_column - 1].strip(), text[: column - 1]
        )
        spot = places(data, [start])[start]
        return at_place(path, text, message, spot.line, column, end_column, hint), at
    return None, len(data)


def _line_start(data: bytes, offset: int, line: int) -> int:
    for _ in range(line - 1):
        offset = data.find(b"\n", offset) + 1 or len(data)
    return offset


def _explained(message: str, token: str, before: str) -> tuple[str, str | None]:
    undeclared = _UNDECLARED.search(message)
    if undeclared:
        prefix = undeclared[1]
        return f"the prefix {prefix} is not declared", f"declare it at the top: @prefix {prefix} <http://…> ."
    if "No scheme found" in message:
        return (
            f"{token} {NO_BASE}",
            "write the IRI in full, or declare @base <http://…> .",
        )
    if "Unexpected end" in message and token.startswith(('"', "'")):
        mark = token[:3] if token[:3] in ('"""', "'''") else token[:1]
        return f"the text that begins here is never closed with {mark}", f"add {mark} where the text ends"
    if "Unexpected end" in message and token.startswith("<"):
        return "the IRI that begins here is never closed with >", "add > where the IRI ends"
    if "Line jumps are not allowed" in message:
        return (
            "the text is not closed on this line",
            'close it with its quotation mark, or use """ for several lines',
        )
    if "Unexpected end" in message or (not token and "followed by a dot" in message):
        return "the document ends in the middle of a statement", "end the last statement with ' .'"
    if "dot is expected" in message:
        return (
            f"'.' is expected before {token}",
            "end the statement before with '.', or go on with ';' or ','",
        )
    if token.startswith(";") and "is not a valid RDF object" in message:
        return "a value is expected before ';'", "add the value of the property, or remove the property"
    if token in (".", ",") and "is not a valid RDF object" in message:
        return f"a value is expected before '{token}'", "add the value; is the ')' missing that ends a list?"
    if "is not a valid RDF object" in message:
        return f"{token} is no value", "a value is an IRI, prefix:name, a number, or text in quotation marks"
    if "is not a valid predicate" in message:
        return (
            f"{token} is no property",
            "a property is prefix:name, <IRI> or a; is a ';' or ',' missing before?",
        )
    if token.startswith(".") and _WITHOUT_AT.match(before):
        return "no '.' stands after PREFIX or BASE without @", "take it out, or put @ before the word"
    if "is not a valid subject" in message:
        return (
            f"a statement cannot begin with {token}",
            "begin with prefix:name or <IRI>; is a '.' too many before?",
        )
    if token.startswith(tuple("“”„«»‘’‚")):
        return (
            f"{token} is no quotation mark of Turtle",
            'write texts between straight quotation marks, as in "text"@en',
        )
    if "Invalid IRI" in message:
        return f"{message} in {token}", "replace the character by its percent code, as %20 for a blank"
    for words, said, hint in _SAID:
        if words in message:
            return said.format(token=token) or message, hint
    if token.startswith("_") and _LANGUAGE.search(before):
        return "a language tag cannot have '_'", "write it with '-', as in \"text\"@en-GB"
    return message, None


def _declarations(piece: bytes, problem: DocumentError) -> bytes:
    kept = [
        b" ".join(part for part in match.groups() if part) + (b" ." if match[1].startswith(b"@") else b"")
        for match in _DECLARATION.finditer(piece)
    ]
    undeclared = re.match(r"the prefix (\S*:) is not declared", problem.message)
    if undeclared:
        kept.append(f"@prefix {undeclared[1]} <http://undeclared.invalid/> .".encode())
    elif "PREFIX declaration" in problem.message:
        kept += [
            b"@prefix " + match[1] + b" <http://undeclared.invalid/> ."
            for match in _BROKEN_DECLARATION.finditer(problem.excerpt.encode("utf-8"))
        ]
    return b" ".join([*kept, b""])


def _width(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1
