"""Reads RDF documents with errors a person can act on. Nothing a document names is ever fetched."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from treatygraph.document_problems import (
    NO_BASE,
    DocumentError,
    at_place,
    parser_message,
    sentence_problems,
    text_problem,
)
from treatygraph.encodings import decoded, not_utf8
from treatygraph.errors import InputError, ProblemsError
from treatygraph.turtle_tokens import TO_END, places, start_of

FORMATS: dict[str, RdfFormat] = {
    ".ttl": RdfFormat.TURTLE,
    ".turtle": RdfFormat.TURTLE,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".trig": RdfFormat.TRIG,
    ".n3": RdfFormat.N3,
    ".rdf": RdfFormat.RDF_XML,
    ".owl": RdfFormat.RDF_XML,
    ".xml": RdfFormat.RDF_XML,
    ".jsonld": RdfFormat.JSON_LD,
    ".json": RdfFormat.JSON_LD,
}
"""The format of a document by the end of its name."""

_SENTENCES = (RdfFormat.TURTLE, RdfFormat.TRIG, RdfFormat.N_TRIPLES, RdfFormat.N_QUADS, RdfFormat.N3)
_NO_BASE = "http://relative.invalid/"
_DOCTYPE = re.compile(rb"(?:\s++|<\?(?:[^?]|\?(?!>))*+\?>|<!--(?:[^-]|-(?!->))*+-->)*+<!DOCTYPE", re.DOTALL)
_CONTEXT = re.compile(r'"@(?:context|import)"\s*:\s*(?:\[\s*)?"((?:[^"\\]|\\.)*)"')


def format_of(path: Path | str) -> RdfFormat:
    """The RDF format of a file, by the end of its name.

    Raises InputError for any other name, with those that are known.
    """
    suffix = Path(path).suffix.lower()
    if Path(path).is_dir():
        raise InputError("this is a folder, not a file", where=str(path))
    if suffix not in FORMATS:
        raise InputError(
            f"{suffix or 'a name without an ending'} is not the ending of an RDF file",
            where=str(path),
            hint=f"name it after its format: {', '.join(FORMATS)}",
        )
    return FORMATS[suffix]


def open_document(path: Path | str) -> tuple[BinaryIO, RdfFormat]:
    """The open file, behind its byte order mark if it has one, and its format.

    Raises InputError when it is no file, cannot be read or has an unknown ending.
    """
    rdf_format = format_of(path)
    try:
        file = Path(path).open("rb")  # noqa: SIM115 - the caller closes it
        file.seek(start_of(file.read(3)))
    except OSError as error:
        raise _unreadable(path, error) from error
    return file, rdf_format


def read(path: Path | str, *, rename_blank_nodes: bool = False) -> Iterator[Quad]:
    """The quads of one document, triples in the default graph, as they are read.

    Raises ProblemsError with everything that is wrong with the document once the first problem is met; what
    was read before it has been given out by then. Raises InputError when there is no such file.
    """
    file, rdf_format = open_document(path)
    with file:
        if rdf_format not in _SENTENCES:
            problems = check([path])
            if problems:
                raise problems_error(problems)
        try:
            yield from parse(file, rdf_format, rename_blank_nodes=rename_blank_nodes)
        except SyntaxError as error:
            problems = check([path]) or [_from_parser(str(path), error)]
            raise problems_error(problems) from None
        except OSError as error:
            raise _unreadable(path, error) from error


def check(paths: Iterable[Path | str], *, based: bool = False) -> list[InputError]:
    """Everything that is wrong with the documents, file after file; empty when all can be read.

    With `based` relative IRIs are taken from the address of their document (RFC 3986, 5.1.3).
    """
    problems: list[InputError] = []
    for path in paths:
        try:
            rdf_format = format_of(path)
            data = Path(path).read_bytes()
        except OSError as error:
            problems.append(_unreadable(path, error))
        except InputError as problem:
            problems.append(problem)
        else:
            base = Path(path).absolute().as_uri() if based else None
            problems += _problems(str(path), data, rdf_format, base)
    return problems


def problems_error(problems: Sequence[InputError]) -> InputError | ProblemsError:
    """The one problem, or one error that holds them all."""
    return problems[0] if len(problems) == 1 else ProblemsError(problems)


def without_statements(paths: Iterable[Path | str]) -> list[Path]:
    """The documents that say nothing: empty, or only comments and declarations.

    Documents that cannot be read are left to `check`.
    """
    silent: list[Path] = []
    for path in map(Path, paths):
        file, rdf_format = open_document(path)
        with file:
            if rdf_format in _SENTENCES and path.stat().st_size < 1 << 16 and TO_END.match(file.read()):
                silent.append(path)
                continue
            file.seek(0)
            file.seek(start_of(file.read(3)))
            try:
                if next(iter(parse(file, rdf_format)), None) is None:
                    silent.append(path)
            except SyntaxError:
                continue
    return silent


def _problems(path: str, data: bytes, rdf_format: RdfFormat, base: str | None) -> list[InputError]:
    problems: list[InputError] = []
    wrong = not_utf8(data)
    if wrong is not None:
        text = decoded(data, wrong.encoding)
        problems.append(_encoding_problem(path, data, wrong.offset, wrong.byte, wrong.encoding, text))
        data = text.removeprefix("\ufeff").encode("utf-8", "replace")
    if rdf_format in _SENTENCES:
        return [*problems, *sentence_problems(path, data, rdf_format, base)]
    data = data[start_of(data) :]
    if rdf_format == RdfFormat.RDF_XML:
        problems += _xml_problems(path, data, decoding=wrong is not None)
    else:
        problems += _json_problems(path, data)
    return [problem for problem in problems if base is None or NO_BASE not in problem.message]


def _encoding_problem(path: str, data: bytes, offset: int, byte: int, encoding: str, text: str) -> InputError:
    hint = f"if it is {encoding}, as it seems, convert it: iconv -f {encoding} -t utf-8"
    message = f"this is not UTF-8: byte 0x{byte:02X} at offset {offset}"
    if encoding.startswith("utf"):
        return DocumentError(message, path=path, line=1, column=1, hint=hint)
    spot = places(data, [offset])[offset]
    line = text.split("\n")[spot.line - 1]
    column = len(data[data.rfind(b"\n", 0, offset) + 1 : offset].decode(encoding, "replace")) + 1
    return at_place(path, line, f"{message}, read here as {encoding}", spot.line, column, column + 1, hint)


def _xml_problems(path: str, data: bytes, *, decoding: bool) -> list[InputError]:
    text = data.decode("utf-8", "replace")
    if _DOCTYPE.match(data):
        hint = "take the DOCTYPE out and write its entities in full, or convert the file to Turtle elsewhere"
        return [text_problem(path, text, "RDF/XML with a DOCTYPE is refused unread", "<!DOCTYPE", hint)]
    if decoding:
        return []
    try:
        for _ in parse(data, RdfFormat.RDF_XML):
            pass
    except SyntaxError as error:
        return [_malformed_xml(path, data, text) or _from_parser(path, error, text)]
    return []


def _malformed_xml(path: str, data: bytes, text: str) -> InputError | None:
    reader = expat.ParserCreate(namespace_separator=" ")
    try:
        reader.Parse(data, True)
    except expat.ExpatError as error:
        line, column = error.lineno, error.offset + 1
        shown = _line(text, line)
        message = f"the XML is malformed: {expat.ErrorString(error.code)}"
        hint = "look at the tag or character under the caret"
        return at_place(path, shown, message, line, column, column + 1, hint)
    return None


def _json_problems(path: str, data: bytes) -> list[InputError]:
    text = data.decode("utf-8", "replace")
    if not text.strip():
        return [
            DocumentError("the file is empty", path=path, hint="JSON-LD without statements is written {}")
        ]
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        shown = _line(text, error.lineno)
        message = f"the JSON is malformed: {error.msg}"
        return [at_place(path, shown, message, error.lineno, error.colno, error.colno + 1, None)]
    except RecursionError:
        return [DocumentError("the JSON is nested too deeply", path=path, hint="flatten it")]
    if not isinstance(document, dict | list):
        return [DocumentError("this JSON is no JSON-LD: it is neither an object nor a list", path=path)]
    try:
        quads = list(parse(data, RdfFormat.JSON_LD, base_iri=_NO_BASE))
    except SyntaxError as error:
        remote = _CONTEXT.search(text)
        if "LoadDocument" in str(error):
            needle = remote[1] if remote else None
            hint = "put the context itself into the file in place of its address"
            message = f"the context {needle or ''} lies elsewhere, and nothing is fetched".replace("  ", " ")
            return [text_problem(path, text, message, needle, hint)]
        return [_from_parser(path, error, text)]
    relative = {term.value.removeprefix(_NO_BASE) for quad in quads for term in quad if _is_relative(term)}
    hint = 'write it in full, or give the context an "@base"'
    return [text_problem(path, text, f"<{iri}> {NO_BASE}", f'"{iri}"', hint) for iri in sorted(relative)]


def _is_relative(term: object) -> bool:
    return isinstance(term, NamedNode) and term.value.startswith(_NO_BASE)


def _from_parser(path: str, error: SyntaxError, text: str | None = None) -> InputError:
    message = parser_message(error)
    relative = re.match(r"'(.*)': No scheme found", message, re.DOTALL)
    if relative and text is not None:
        hint = "write it in full, or declare xml:base"
        shown = f"<{relative[1]}> {NO_BASE}"
        return text_problem(path, text, shown, f'"{relative[1]}"', hint)
    if error.lineno and text is not None:
        column = error.offset or 1
        return at_place(path, _line(text, error.lineno), message, error.lineno, column, column + 1, None)
    return DocumentError(message, path=path, line=error.lineno or 0, column=error.offset or 0)


def _line(text: str, number: int) -> str:
    """A line of a text, counted from 1; a carriage return ends a line too, as it does for XML."""
    lines = re.split(r"\r\n|\r|\n", text)
    return lines[number - 1] if 0 < number <= len(lines) else ""


def _unreadable(path: Path | str, error: OSError) -> InputError:
    if isinstance(error, FileNotFoundError):
        return InputError("there is no such file", where=str(path))
    return InputError(f"it cannot be read: {error.strerror}", where=str(path))
