"""SPARQL text as tokens: what kind of query it is, what it would fetch, and its parameters filled in.

Only the lexical level of SPARQL 1.1 (section 19) is known here. It is what binding parameters and refusing
SERVICE need; the engine that runs a query stays the judge of its grammar.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal as OneOf

from treatygraph.errors import InputError
from treatygraph.terms import PREFIXES, Term, prologue

QueryKind = OneOf["SELECT", "ASK", "CONSTRUCT", "DESCRIBE", "UPDATE"]

_TOKEN = re.compile(
    r"""(?P<space>[\x20\t\r\n]+)
      | (?P<comment>\#[^\r\n]*)
      | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
      | (?P<string>\"\"\"(?:\"{0,2}(?:[^"\\]|\\.))*\"\"\" | '''(?:'{0,2}(?:[^'\\]|\\.))*'''
                 | "(?:[^"\\\r\n]|\\.)*" | '(?:[^'\\\r\n]|\\.)*')
      | (?P<parameter>\$[^\W]\w*)
      | (?P<variable>\?[^\W]\w*)
      | (?P<name>(?:[^\W\d_][\w.-]*)?:(?:[\w:]|%[0-9A-Fa-f]{2}|\\.)(?:[\w:.-]|%[0-9A-Fa-f]{2}|\\.)*
               | (?:[^\W\d_][\w.-]*)?:)
      | (?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)? | \.\d+)
      | (?P<word>@?[^\W\d_]\w*(?:-\w+)*)
      | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_READING = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_UPDATING = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH")


@dataclass(frozen=True, slots=True)
class Token:
    """One lexical piece: its kind (the group names above), its text and where it starts (0-based)."""

    kind: str
    text: str
    start: int


def tokens(text: str) -> Iterator[Token]:
    """Every token of the text in order, spaces and comments included, so that joining them gives it back."""
    for match in _TOKEN.finditer(text):
        yield Token(match.lastgroup or "other", match.group(), match.start())


def kind_of(query: str) -> QueryKind:
    """What the text asks for. Anything that is not a reading form counts as an update.

    The first word after the prologue decides, as in the grammar; comments and prefixes cannot mislead it.
    """
    for word in _words(query):
        if word in ("BASE", "PREFIX", "VERSION"):
            continue
        for kind in _READING:
            if word == kind:
                return kind  # type: ignore[return-value]
        return "UPDATE"
    raise InputError("the query is empty", hint="give a SELECT, ASK, CONSTRUCT or DESCRIBE query")


def projection(query: str) -> tuple[str, ...] | None:
    """The columns a SELECT names, in order; None for `SELECT *`, whose columns are the engine's to find."""
    columns: list[str] = []
    depth, before, begun = 0, "", False
    for token in tokens(query):
        if token.kind in ("space", "comment"):
            continue
        text = token.text.upper() if token.kind == "word" else token.text
        if not begun:
            begun = text == "SELECT"
        elif depth == 0 and text in ("{", "WHERE", "FROM", "*"):
            return None if text == "*" else tuple(columns)
        elif text in ("(", "{"):
            depth += 1
        elif text in (")", "}"):
            depth -= 1
        elif token.kind in ("variable", "parameter") and (depth == 0 or (depth == 1 and before == "AS")):
            columns.append(text[1:])
        before = text
    return tuple(columns)


def refuse_fetching(query: str) -> None:
    """Raise InputError when a query would make the engine contact another server or read an address.

    SERVICE and LOAD are meant; in Oxigraph neither can be switched off. Escapes such as `\\u0053` are read
    before the grammar (SPARQL 1.1, 19.2), so the unescaped text is looked at as well.
    """
    for text in (query, _unescaped(query)):
        for token in tokens(text):
            if token.kind == "word" and token.text.upper() in ("SERVICE", "LOAD"):
                raise InputError(
                    f"{token.text.upper()} is refused: the query would contact an address",
                    where=place(text, token.start),
                    hint="take it out, or use --allow-service if you trust every address in the query",
                )


def refuse_update(query: str) -> None:
    """Raise InputError when the text is an update where only reading is allowed."""
    if kind_of(query) == "UPDATE" or kind_of(_unescaped(query)) == "UPDATE":
        first = next((word for word in _words(query) if word in _UPDATING), None)
        if first is None:
            raise InputError(
                "this is neither SELECT, ASK, CONSTRUCT nor DESCRIBE",
                hint="see https://www.w3.org/TR/sparql11-query/ for the forms of a query",
            )
        raise InputError(
            f"{first} changes data, and a query only reads",
            hint="use `treatygraph update` to change a store",
        )


def parameters(query: str) -> list[str]:
    """The names written `$name`, each once, in the order they first appear."""
    return list(dict.fromkeys(token.text[1:] for token in tokens(query) if token.kind == "parameter"))


def bind(query: str, values: Mapping[str, Sequence[Term]]) -> str:
    """The query with every `$name` replaced by the terms given for it.

    No terms give UNDEF, which a parameter inside VALUES may be; several terms stand side by side, as VALUES
    allows. Replacing works on tokens and terms are serialised by the engine's own rules, so no value can
    change the shape of the query.
    """
    missing = [name for name in parameters(query) if name not in values]
    if missing:
        raise InputError(f"no value for ${', $'.join(missing)}")
    return "".join(
        " ".join(str(term) for term in values[token.text[1:]]) or "UNDEF"
        if token.kind == "parameter"
        else token.text
        for token in tokens(query)
    )


def with_prefixes(query: str) -> str:
    """The query with those of our prefixes declared that it uses and does not declare itself."""
    declared, used = _prefixes(query)
    missing = [prefix for prefix in PREFIXES if prefix in used and prefix not in declared]
    return prologue({prefix: PREFIXES[prefix] for prefix in missing}) + query


def numbers_sorted_apart(query: str) -> str:
    """The query with numbers after other values wherever ORDER BY names a variable.

    SPARQL leaves their order open, and Oxigraph compares a number with a text by spelling, but two numbers by
    value: no order at all, over which sorting ends the whole process.
    """
    if "ORDER" not in query.upper():
        return query
    every = list(tokens(query))
    meant = [number for number, token in enumerate(every) if token.kind not in ("space", "comment")]
    texts = [every[number].text for number in meant] + [""] * 4
    written = [token.text for token in every]
    depth, inside = 0, False
    for at, number in enumerate(meant):
        token, word = every[number], every[number].text.upper()
        if token.kind == "word" and word == "BY" and texts[at - 1].upper() == "ORDER":
            depth, inside = 0, True
        elif token.text in ("(", ")"):
            depth += 1 if token.text == "(" else -1
        elif not inside or depth:
            continue
        elif token.kind in ("variable", "parameter"):
            written[number] = f"isNumeric({token.text}) {token.text}"
        elif word in ("ASC", "DESC") and texts[at + 1] == "(" and texts[at + 3] == ")":
            written[number] = f"{word}(isNumeric({texts[at + 2]})) {token.text}"
        elif texts[at + 1] != "(":
            inside = False
    return "".join(written)


def undeclared(query: str, known: Container[str] = ()) -> Token | None:
    """The first name whose prefix is neither declared in the query nor known."""
    declared, used = _prefixes(query)
    return next((used[prefix] for prefix in used if prefix not in declared and prefix not in known), None)


def _prefixes(query: str) -> tuple[set[str], dict[str, Token]]:
    """The prefixes a query declares, and the first name with each prefix that it uses."""
    declared: set[str] = set()
    used: dict[str, Token] = {}
    expecting = False
    for token in tokens(query):
        if token.kind == "word":
            expecting = token.text.upper() == "PREFIX"
        elif token.kind == "name":
            prefix = token.text.partition(":")[0]
            if expecting:
                declared.add(prefix)
            else:
                used.setdefault(prefix, token)
            expecting = False
    return declared, used


def place(text: str, offset: int) -> str:
    """`line 3, column 7` of a character offset, counted from 1."""
    line, column = line_and_column(text, offset)
    return f"line {line}, column {column}"


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Line and column of a character offset, counted from 1."""
    return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1


def _words(query: str) -> Iterator[str]:
    return (token.text.upper() for token in tokens(query) if token.kind == "word")


def _unescaped(query: str) -> str:
    def character(match: re.Match[str]) -> str:
        code = int(match.group(1) or match.group(2), 16)
        return chr(code) if code < 0x110000 else match.group()

    return _ESCAPE.sub(character, query)
