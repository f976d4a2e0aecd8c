"""Labels of things in a reader's language, and things found by what people call them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from treatygraph.errors import InputError
from treatygraph.store import Store
from treatygraph.terms import (
    ID,
    PREFIXES,
    SKOS,
    TG,
    WD,
    Literal,
    NamedNode,
    Term,
    expand,
    local_name,
    shorten,
)

LANGUAGES = ("en", "lt", "pl", "ru", "de", "be", "fr", "la", "lv", "et")
"""The languages labels are looked up in, the order of preference after the one asked for."""

CLASSES: dict[str, tuple[str, ...]] = {
    "territory": ("Territory",),
    "polity": ("Polity",),
    "instrument": ("Treaty", "UnilateralAct", "Instrument"),
    "person": ("Person",),
    "clause": ("Clause",),
    "source": ("Source",),
    "event": ("Event", "Transfer", "Succession"),
    "concept": (),
    "thing": (),
}
"""The classes a parameter of each kind may name; none means anything that has a label."""

_BATCH = 500


def labels(store: Store, nodes: Iterable[Term], language: str = "en") -> dict[str, str]:
    """The label of each IRI that has one: in the language, else English, else any; keyed by IRI."""
    wanted = (node.value for node in dict.fromkeys(nodes) if isinstance(node, NamedNode))
    found: dict[str, tuple[int, str]] = {}
    for batch in _batches(wanted):
        values = " ".join(f"<{iri}>" for iri in batch)
        rows = store.select(
            "SELECT ?node ?label WHERE "
            f"{{ VALUES ?node {{ {values} }} ?node skos:prefLabel|rdfs:label ?label }}"
        )
        for node, label in rows:
            assert isinstance(node, NamedNode)
            assert isinstance(label, Literal)
            candidate = (_preference(label.language, language), label.value)
            if node.value not in found or candidate < found[node.value]:
                found[node.value] = candidate
    return {iri: label for iri, (_, label) in found.items()}


def display(term: Term | None, names: dict[str, str]) -> str:
    """What a reader sees of a term: its label, its text, or failing both its short name."""
    if term is None:
        return ""
    if isinstance(term, NamedNode):
        return names.get(term.value) or (local_name(term) if term in ID else shorten(term).strip("<>"))
    return term.value


def find(store: Store, text: str, kind: str = "thing") -> NamedNode:
    """The one thing of a kind that a text names.

    The text may be an IRI, a CURIE, the name after `id:`, a Wikidata id, or a label in any language. A label
    is taken as written first, then without regard to case and accents; preferred labels come before
    alternative ones. Raises InputError with the nearest labels when nothing fits, with the choices when
    several things do.
    """
    text = text.strip()
    direct = _by_name(store, text)
    if direct is not None:
        return direct
    exact = _pick(list(_exact(store, text, kind)), text, kind)
    if exact is not None:
        return exact
    everything = list(_labelled(store, kind))
    folded = fold(text)
    loose = _pick([entry for entry in everything if fold(entry[1]) == folded], text, kind)
    if loose is not None:
        return loose
    raise _unknown(text, kind, everything)


def _by_name(store: Store, text: str) -> NamedNode | None:
    bare = text[1:-1] if text.startswith("<") and text.endswith(">") else text
    if re.fullmatch(r"(wd:)?Q[1-9]\d*", text):
        entity = WD(text.removeprefix("wd:"))
        rows = list(
            store.select(
                "SELECT ?thing ?match WHERE "
                f"{{ VALUES ?match {{ skos:exactMatch skos:narrowMatch }} ?thing ?match {entity} }}"
            )
        )
        rows.sort(key=lambda row: row[1] != SKOS("exactMatch"))
        if rows and isinstance(rows[0][0], NamedNode):
            return rows[0][0]
        raise InputError(f"nothing here is matched to {text} on Wikidata", hint="use its name instead")
    if re.match(r"https?://|urn:", bare):
        try:
            node = NamedNode(bare)
        except ValueError as error:
            raise InputError(f"{text} is not a valid IRI: {error}") from error
    else:
        prefix, colon, _ = text.partition(":")
        if colon and prefix in PREFIXES:
            curie = expand(text)
            if curie is None:
                raise InputError(f"{text} is not a valid short name")
            node = curie
        elif re.fullmatch(r"[a-z]+(-[a-z0-9]+)+(--[a-z0-9-]+)?", text):
            node = ID(text)
            return node if store.ask(f"ASK {{ {node} ?p ?o }}") else None
        else:
            return None
    if store.ask(f"ASK {{ {{ {node} ?p ?o }} UNION {{ ?s ?q {node} }} }}"):
        return node
    raise InputError(f"{shorten(node)} does not occur in the data", where=store.address)


def some(store: Store, kind: str, count: int = 6) -> list[str]:
    """A few English labels of things of a kind, to show what is possible."""
    things = dict.fromkeys(thing for thing, _, _ in _labelled(store, kind))
    found = sorted(set(labels(store, things).values()))
    return found[:: max(1, len(found) // count)][:count]


def beginning(store: Store, kind: str, start: str, count: int = 50) -> list[str]:
    """Preferred labels of things of a kind that begin like this, whatever the case or accents."""
    folded = fold(start)
    found = {
        label
        for _, label, is_preferred in _labelled(store, kind)
        if is_preferred and fold(label).startswith(folded)
    }
    return sorted(found)[:count]


Entry = tuple[NamedNode, str, bool]


def _exact(store: Store, text: str, kind: str) -> Iterator[Entry]:
    literals = " ".join(str(Literal(text, language=tag)) for tag in LANGUAGES)
    yield from _entries(
        store, f"VALUES ?label {{ {literals} {Literal(text)} }} ?thing ?property ?label .", kind
    )


def _labelled(store: Store, kind: str) -> Iterator[Entry]:
    yield from _entries(store, "?thing ?property ?label .", kind)


def _entries(store: Store, pattern: str, kind: str) -> Iterator[Entry]:
    classes = " ".join(str(TG(name)) for name in CLASSES.get(kind, ()))
    if kind == "concept":
        restriction = "?thing a skos:Concept ."
    elif classes:
        restriction = f"VALUES ?class {{ {classes} }} ?thing a ?class ."
    else:
        restriction = ""
    rows = store.select(
        "SELECT ?thing ?label ?property WHERE { "
        f"VALUES ?property {{ skos:prefLabel skos:altLabel dcterms:title }} {pattern} {restriction} }}"
    )
    for thing, label, label_property in rows:
        if isinstance(thing, NamedNode) and isinstance(label, Literal):
            yield thing, label.value, label_property == SKOS("prefLabel")


def _pick(entries: Sequence[Entry], text: str, kind: str) -> NamedNode | None:
    preferred = dict.fromkeys(thing for thing, _, is_preferred in entries if is_preferred)
    things = list(preferred or dict.fromkeys(thing for thing, _, _ in entries))
    if len(things) > 1:
        choices = ", ".join(shorten(thing) for thing in sorted(things, key=str))
        raise InputError(f"“{text}” names {len(things)} things", hint=f"say which {kind} you mean: {choices}")
    return things[0] if things else None


def _unknown(text: str, kind: str, entries: Sequence[Entry]) -> InputError:
    import difflib

    by_fold: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_fold[fold(entry[1])].append(entry)
    folded = fold(text)
    whole = re.compile(rf"{re.escape(folded)}\b")
    begins = [label for label in by_fold if folded and label.startswith(folded)]
    near = [
        *sorted(begins, key=lambda label: (not whole.match(label), len(label)))[:4],
        *difflib.get_close_matches(folded, by_fold, n=4, cutoff=0.6),
        *islice((label for label in by_fold if folded and folded in label), 4),
    ]
    shown = list(dict.fromkeys(near))[:5]
    hint = "; ".join(f"{by_fold[label][0][1]} ({shorten(by_fold[label][0][0])})" for label in shown)
    what = "thing" if kind == "thing" else kind
    return InputError(
        f"no {what} is called “{text}”", hint=f"nearest: {hint}" if hint else f"no {what} has a similar name"
    )


def fold(text: str) -> str:
    """The text without case, accents and kinds of dashes, as names are compared."""
    import unicodedata

    decomposed = unicodedata.normalize("NFKD", text.replace("ł", "l").replace("Ł", "L"))
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return re.sub(r"[\s‐‑‒–—-]+", " ", bare.casefold()).strip()


def _preference(tag: str | None, language: str) -> int:
    if tag == language:
        return 0
    return 1 if tag == "en" else 2 if tag in (None, "") else 3


def _batches(items: Iterable[str]) -> Iterator[list[str]]:
    iterator = iter(items)
    while batch := list(islice(iterator, _BATCH)):
        yield batch
