"""Saved questions: SPARQL files whose header says what they answer, for whom and with which parameters.

A header is YAML in `#+` comments at the top of the file, the convention of grlc, so that other tools can
publish the same folder.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from treatygraph import labels, question_headers, resources, sparql
from treatygraph.answer import Answer
from treatygraph.errors import InputError, ProblemsError, TreatygraphError
from treatygraph.store import Store
from treatygraph.terms import XSD, Literal, NamedNode, Term

KINDS = (*labels.CLASSES, "date", "language", "text", "number")
Value = str | int | date | NamedNode | Literal
"""What a caller may give for a parameter."""


@dataclass(frozen=True)
class Parameter:
    """One thing a question asks for: its kind (see KINDS), what it means, and whether it must be given."""

    name: str
    kind: str
    about: str
    required: bool
    default: str | None


@dataclass(frozen=True)
class Question:
    """A saved question; the header is read at once, the rest of the file is the query."""

    name: str
    path: Path
    header: Mapping[str, Any]
    query: str

    @property
    def title(self) -> str:
        """A few words that name the question."""
        return str(self.header["title"])

    @property
    def text(self) -> str:
        """The question as a person would ask it."""
        return str(self.header["question"])

    @property
    def audience(self) -> str:
        """Who asks it: historian, lawyer, teacher …"""
        return str(self.header.get("for", ""))

    @property
    def tags(self) -> tuple[str, ...]:
        """Words it can be found by, competency question ids such as CQ01 among them."""
        return tuple(str(tag) for tag in self.header.get("tags", ()))

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters in the order the header gives them."""
        return tuple(
            Parameter(
                name,
                str(facts["kind"]),
                str(facts.get("about", "")),
                not facts.get("optional") and "default" not in facts,
                str(facts["default"]) if "default" in facts else None,
            )
            for name, facts in (self.header.get("parameters") or {}).items()
        )

    @property
    def columns(self) -> dict[str, str]:
        """What each column of the answer means, in the order they are shown."""
        return dict(self.header["columns"])

    @property
    def evidence(self) -> tuple[str, ...]:
        """The variables whose nodes carry the sources of a row."""
        return tuple(self.header.get("evidence", ()))

    @property
    def example(self) -> dict[str, str]:
        """Values for an example that has an answer in the shipped data."""
        return {name: str(value) for name, value in (self.header.get("example") or {}).items()}

    def ask(
        self,
        store: Store,
        values: Mapping[str, Value | None],
        *,
        language: str = "en",
        limit: int | None = None,
    ) -> Answer:
        """The answer from a store.

        Raises InputError, or ProblemsError for several, naming every parameter that is missing or unusable.
        """
        bound = self.bind(store, values)
        solutions = store.select(bound)
        return Answer(
            store,
            solutions,
            shown=list(self.columns),
            evidence=self.evidence,
            language=language,
            title=self.title,
            limit=limit,
        )

    def bind(self, store: Store, values: Mapping[str, Value | None]) -> str:
        """The query with the parameters filled in; labels are looked up in the store."""
        problems: list[TreatygraphError] = []
        known = {parameter.name for parameter in self.parameters}
        for name in values:
            if name not in known:
                import difflib

                near = difflib.get_close_matches(name, known, n=1)
                hint = f"did you mean {near[0]}?" if near else f"it has: {', '.join(sorted(known)) or 'none'}"
                problems.append(InputError(f"{self.name} has no parameter {name}", hint=hint))
        terms: dict[str, list[Term]] = {}
        for parameter in self.parameters:
            value = values.get(parameter.name)
            if value is None:
                value = parameter.default
            if value is None:
                if parameter.required:
                    problems.append(self._missing(store, parameter))
                terms[parameter.name] = []
                continue
            try:
                terms[parameter.name] = [to_term(store, value, parameter)]
            except InputError as error:
                problems.append(error)
        if len(problems) == 1:
            raise problems[0]
        if problems:
            raise ProblemsError(problems)
        return sparql.bind(self.query, terms)

    def _missing(self, store: Store, parameter: Parameter) -> InputError:
        given = self.example.get(parameter.name)
        hint = f"--{parameter.name} {parameter.kind}: {parameter.about}"
        if given:
            hint += f" (for example {given})"
        some = labels.some(store, parameter.kind) if parameter.kind in labels.CLASSES else []
        if some:
            hint += f"\n  possible: {', '.join(some)} …"
        return InputError(f"{self.name} needs {parameter.name}", hint=hint)


def to_term(store: Store, value: Value, parameter: Parameter) -> Term:
    """The term a parameter's value stands for. Raises InputError when there is none."""
    if isinstance(value, NamedNode | Literal):
        return value
    text = value.isoformat() if isinstance(value, date) else str(value)
    where = f"--{parameter.name}"
    try:
        if parameter.kind == "date":
            from treatygraph import dates

            day = date.today().isoformat() if text == "today" else dates.parse_day(text)
            return Literal(day, datatype=XSD("date"))
        if parameter.kind == "language":
            if not re.fullmatch(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", text):
                raise InputError(f"{text} is no language tag", hint="write a tag such as lt or pl")
            return Literal(text.lower())
        if parameter.kind == "number":
            if not re.fullmatch(r"\d+", text):
                raise InputError(f"{text} is no whole number")
            return Literal(text, datatype=XSD("integer"))
        if parameter.kind == "text":
            return Literal(text)
        return labels.find(store, text, parameter.kind)
    except InputError as error:
        from treatygraph.endpoint_errors import EndpointError

        if isinstance(error, EndpointError):  # the server refuses, which is no fault of the value
            raise
        raise InputError(error.message, where=where, hint=error.hint) from error


def read(path: Path) -> Question:
    """The question in a file. Raises InputError when its header is missing or says too little."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"the question cannot be read: {error.strerror}", where=str(path)) from error
    except UnicodeDecodeError as error:
        raise InputError(
            f"byte {error.start} is no UTF-8", where=str(path), hint="save the file as UTF-8"
        ) from error
    written = written_header(text)
    question = Question(
        path.stem, path, question_headers.kept(path.stem, written) or parsed(written, path), text
    )
    _check(question)
    return question


def written_header(text: str) -> str:
    """The YAML in the `#+` comments of a question."""
    return "\n".join(line[2:].removeprefix(" ") for line in text.splitlines() if line.startswith("#+"))


def parsed(written: str, path: Path) -> dict[str, Any]:
    """What a header says. Raises InputError when it is no YAML or there is none."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        header = yaml.load(written, Loader=loader)  # noqa: S506  (a safe loader, the faster one)
    except yaml.YAMLError as error:
        raise InputError(f"its header is no YAML: {error}", where=str(path)) from error
    if not isinstance(header, dict):
        raise InputError(
            "it has no header", where=str(path), hint="begin the file with lines such as `#+ title: …`"
        )
    return header


def _check(question: Question) -> None:
    problems: list[TreatygraphError] = []

    def problem(message: str) -> None:
        problems.append(InputError(message, where=str(question.path)))

    for needed in ("title", "question", "columns"):
        if not question.header.get(needed):
            problem(f"its header has no {needed}")
    declared = {}
    for name, facts in (question.header.get("parameters") or {}).items():
        if not isinstance(name, str):
            problem(f"YAML reads the parameter name {name} as no text; put it in quotes")
            continue
        declared[name] = facts
        kind = facts.get("kind") if isinstance(facts, dict) else None
        if kind not in KINDS:
            problem(f"parameter {name} has the kind {kind}; kinds are {', '.join(KINDS)}")
    used = set(sparql.parameters(question.query))
    for name in sorted(used - set(declared)):
        problem(f"${name} is used but not declared in the header")
    for name in sorted(set(declared) - used):
        problem(f"parameter {name} is declared but ${name} is not used")
    if problems:
        raise ProblemsError(problems)


def folder() -> Path:
    """Where the shipped questions are."""
    return resources.folder("queries")


def names() -> list[str]:
    """The names of the shipped questions, sorted."""
    return [path.stem for path in resources.files("queries", ".rq")]


def find(name: str) -> Question:
    """The shipped question of this name, or the one in this file.

    Raises InputError with near names when there is none.
    """
    if name.endswith(".rq"):
        return read(Path(name))
    path = folder() / f"{name}.rq"
    if re.fullmatch(r"[a-z0-9-]+", name) and path.is_file():
        return read(path)
    import difflib

    every = names()
    near = difflib.get_close_matches(name, every, n=4, cutoff=0.5)
    near += [other for other in every if name and name in other and other not in near]
    hint = f"nearest: {', '.join(near)}" if near else "`treatygraph questions` lists them"
    raise InputError(f"there is no question {name}", hint=hint)


def search(words: str = "") -> list[Question]:
    """The shipped questions that have all these words in their name, title, question, tags or audience."""
    wanted = words.casefold().split()
    found = []
    for path in resources.files("queries", ".rq"):
        question = read(path)
        text = " ".join(
            [question.name, question.title, question.text, question.audience, *question.tags]
        ).casefold()
        if all(word in text for word in wanted):
            found.append(question)
    return found


def describe(question: Question) -> str:
    """Everything a reader needs to ask a question: what it means, its parameters, columns and an example."""
    lines = [question.title, f"  {question.text}", ""]
    if question.parameters:
        lines.append("Parameters")
        for parameter in question.parameters:
            need = (
                "required"
                if parameter.required
                else f"default {parameter.default}"
                if parameter.default
                else "optional"
            )
            lines.append(f"  --{parameter.name} ({parameter.kind}, {need})  {parameter.about}")
    lines.append("Columns")
    lines += [f"  {name}  {meaning}" for name, meaning in question.columns.items()]
    lines += ["Example", f"  {command(question)}"]
    return "\n".join(lines)


def command(question: Question) -> str:
    """The command that asks the question's example."""
    import shlex

    options = [f"--{name} {shlex.quote(value)}" for name, value in question.example.items()]
    return " ".join(["treatygraph ask", question.name, *options])
