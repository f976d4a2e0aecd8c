"""The rows of a job as results, with literals as the documents write them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from treatygraph.errors import InputError
from treatygraph.store import Row, Store
from treatygraph.terms import Literal, NamedNode, Term
from treatygraph.validation import model
from treatygraph.validation.compile import THIS, Job
from treatygraph.validation.messages import Result
from treatygraph.validation.written import Written, breaks, is_judged

Way = tuple[Term | None, ...]
"""The nodes passed between the target and the focus node."""

_BATCH = 500
_CHECK_EVERY = 1_000


def results(
    store: Store, job: Job, written: Written | None, check: Callable[[], None]
) -> Iterator[tuple[Result, Way]]:
    """The results of a job; `check` is called now and then and may stop it by raising."""
    try:
        predicate = job.shape.path
        if (
            written is not None
            and isinstance(predicate, NamedNode)
            and (job.doubtful is not None or written.subjects(predicate))
        ):
            yield from _as_written(store, job, predicate, written, check)
        else:
            yield from _stored(store, job, job.query, check)
    except InputError as error:
        place = job.shape.location
        raise InputError(
            f"{model.name_of(job.shape)}: {error.message}",
            where=str(place) if place else error.where,
            hint=error.hint,
        ) from error


def _stored(store: Store, job: Job, query: str, check: Callable[[], None]) -> Iterator[tuple[Result, Way]]:
    solutions = store.select(query)
    read = _reader(job, solutions.variables)
    for count, row in enumerate(solutions):
        if count % _CHECK_EVERY == 0:
            check()
        yield read(row)


def _as_written(
    store: Store, job: Job, predicate: NamedNode, written: Written, check: Callable[[], None]
) -> Iterator[tuple[Result, Way]]:
    """Results with each changed literal in its written form, those it decides about judged again."""
    is_judged_again = is_judged(job.constraint)
    for result, way in _stored(store, job, job.query, check):
        forms = written.forms(result.focus, predicate, result.value) if result.path == predicate else []
        if not forms:
            yield result, way
        elif not is_judged_again:
            yield from ((replace(result, value=form), way) for form in forms)
    if not is_judged_again:
        return
    if job.doubtful is not None:
        for result, way in _stored(store, job, job.doubtful, check):
            if isinstance(result.focus, NamedNode) and not written.forms(
                result.focus, predicate, result.value
            ):
                yield result, way
    subjects = iter(written.subjects(predicate))
    shown = " ".join([*([job.index] if job.index else []), *job.carried, THIS])
    while batch := list(islice(subjects, _BATCH)):
        listed = " ".join(map(str, batch))
        query = f"SELECT DISTINCT {shown} WHERE {{ VALUES {THIS} {{ {listed} }} {job.focus} }}"
        for result, way in _stored(store, job, query, check):
            for _, form in written.of(result.focus, predicate):
                if breaks(job.constraint, form):
                    yield Result(result.focus, form, predicate, ()), way


def _reader(job: Job, variables: Sequence[str]) -> Callable[[Row], tuple[Result, tuple[Term | None, ...]]]:
    """A function that reads the rows of a job."""
    at = {name: place for place, name in enumerate(variables)}
    this = at["this"]
    value, path, index = at.get("value"), at.get("path"), at.get(job.index[1:]) if job.index else None
    carried = [at[name[1:]] for name in job.carried]
    own = {
        "this",
        "value",
        "path",
        *(name[1:] for name in (*job.carried, *([job.index] if job.index else []))),
    }
    others = [(name, place) for name, place in at.items() if name not in own]
    failure = at.get("failure")
    is_sparql = isinstance(job.constraint, model.Sparql | model.Custom)

    def read(row: Row) -> tuple[Result, tuple[Term | None, ...]]:
        focus = row[this]
        assert focus is not None
        if index is not None:
            number = row[index]
            assert isinstance(number, Literal)
            focus = job.written[int(number.value)]
        found = row[value] if value is not None else None
        if found is None and job.value_is_focus:
            found = focus
        way = row[path] if path is not None else None
        if is_sparql and failure is not None and row[failure] == Literal(True):
            raise InputError("the query reports a failure")
        return (
            Result(
                focus,
                found,
                way if isinstance(way, NamedNode) else job.shape.path,
                tuple((name, term) for name, place in others if (term := row[place]) is not None),
            ),
            tuple(row[place] for place in carried),
        )

    return read
