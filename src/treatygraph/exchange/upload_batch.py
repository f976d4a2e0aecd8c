"""Reads a batch for upload: any of the formats we write, as items with what is to be added."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final

from treatygraph.errors import InputError, ProblemsError, TreatygraphError
from treatygraph.exchange.checks import Checker
from treatygraph.exchange.model import Item
from treatygraph.exchange.problems import Problem, Report

_RDF: Final = (".ttl", ".nt")


@dataclass
class UploadBatch:
    """The items, the edit summary, a digest that names the batch in ledgers, and what was left out."""

    items: list[Item]
    summary: str
    digest: str
    report: Report = field(default_factory=Report)


def read_batch(path: Path, *, allow_unreferenced: bool = False) -> UploadBatch:
    """The batch in a file: QuickStatements (V1, CSV), wbeditentity lines or documents, Wikidata-shaped RDF.

    What breaks a rule of the checks is left out and in the report. Raises ProblemsError with every line that
    cannot be read, and with every removal or merge: an upload only adds.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"the batch cannot be read: {error.strerror}", where=str(path)) from error
    items, summary, problems = _read(path, data)
    if problems:
        raise ProblemsError(problems) if len(problems) > 1 else problems[0]
    if not items:
        raise InputError("the batch is empty", where=str(path))
    report = Report()
    checker = Checker(allow_unreferenced=allow_unreferenced)
    return UploadBatch(list(checker.sift(items, report)), summary, sha256(data).hexdigest()[:16], report)


def _read(path: Path, data: bytes) -> tuple[list[Item], str, list[TreatygraphError]]:
    from treatygraph.documents import FORMATS
    from treatygraph.exchange import wikibase_rdf_reader

    suffix = path.suffix.lower()
    if suffix in _RDF:
        try:
            document = wikibase_rdf_reader.read(data, FORMATS[suffix])
        except InputError as error:
            raise InputError(error.message, where=f"{path}:{error.where or ''}".rstrip(":")) from error
        return document.items, "", document.problems
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"this is no UTF-8 text (byte {error.start})", where=str(path)) from error
    if suffix == ".csv" or text.lstrip()[:1] not in ("{", "["):
        return _quickstatements(path, data.decode("utf-8") if suffix != ".csv" else text)
    return _json(path, text)


def _quickstatements(path: Path, text: str) -> tuple[list[Item], str, list[TreatygraphError]]:
    from treatygraph.exchange import qs_csv, qs_reader

    reader = qs_csv.read if path.suffix.lower() == ".csv" else qs_reader.read
    reading = reader(text, dialect=None)
    problems = [_error(path, problem) for problem in reading.problems if problem.left_out]
    for command in reading.other:
        name = type(command).__name__
        problems.append(
            InputError(
                f"{name} takes something away, and an upload only adds",
                where=f"{path}: {getattr(command, 'subject', '') or getattr(command, 'id', '')}".rstrip(": "),
                hint="do that by hand on the wiki",
            )
        )
    return reading.items, reading.summary, problems


def _error(path: Path, problem: Problem) -> TreatygraphError:
    where = problem.where.replace("line ", "")
    return InputError(problem.message, where=f"{path}:{where}", hint=problem.hint or None)


def _json(path: Path, text: str) -> tuple[list[Item], str, list[TreatygraphError]]:
    from treatygraph.exchange import wikibase_json_reader

    try:
        first = json.loads(text.splitlines()[0])
    except (ValueError, RecursionError):
        first = {}
    if isinstance(first, dict) and "data" not in first and "entities" not in first and _foreign(first):
        raise InputError(
            "these are REST requests or wikibase-edit templates",
            where=str(path),
            hint="upload takes --to wikibase-json, quickstatements, qs-csv or wikibase-rdf",
        )
    document = wikibase_json_reader.read(text, where=str(path))
    summary = str(first.get("summary", "")) if isinstance(first, dict) else ""
    gone = [InputError("the item is missing", where=f"{path}: {name}") for name in document.missing]
    return document.items, summary, [*document.problems, *gone]


def _foreign(first: dict[str, object]) -> bool:
    """Whether an object is a REST request or a template and no entity document."""
    new_template = first.get("type") == "item" and "id" not in first
    claims = first.get("claims")
    return "path" in first or new_template or (bool(claims) and '"mainsnak"' not in json.dumps(claims))
