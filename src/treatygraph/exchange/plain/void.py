"""A VoID description of the data: what it is, how large, which classes, properties and vocabularies."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from treatygraph.exchange.plain.facts import INSTRUMENTS, Facts, load
from treatygraph.store import Store
from treatygraph.terms import (
    DCTERMS,
    ID,
    PREFIXES,
    RDF,
    VOID,
    XSD,
    BlankNode,
    Literal,
    NamedNode,
    Term,
    Triple,
)

_VOCABULARIES = ("dcterms", "geo", "rdfs", "schema", "skos", "tg", "tgv")


def void(store: Store, language: str = "en", only: Sequence[NamedNode] = ()) -> bytes:
    """The description in Turtle: counts for the whole, and for each class and property."""
    return describe(load(store, language, only))


def describe(facts: Facts, dumps: Sequence[str] = ()) -> bytes:
    """The description of facts already read; `dumps` are names of files that lie beside it."""
    from treatygraph.serialise import graph_bytes

    dataset = next(
        (node for node in facts.instances(VOID("Dataset")) if isinstance(node, NamedNode)), ID("dataset")
    )
    text = graph_bytes(_statements(facts, dataset), "turtle")
    # A relative address is right wherever the files lie together; the writer of Turtle knows none.
    return text + "".join(f"{dataset} {VOID('dataDump')} <{name}> .\n" for name in dumps).encode()


def _statements(facts: Facts, dataset: NamedNode) -> Iterator[Triple]:
    for relation, values in facts.about[dataset].values.items() if dataset in facts.about else ():
        for value in values:
            yield Triple(dataset, relation, value)
    yield Triple(dataset, RDF("type"), VOID("Dataset"))
    subjects = {triple.subject for triple in facts.triples}
    counts = {
        "triples": len(facts.triples),
        "entities": len([subject for subject in subjects if isinstance(subject, NamedNode)]),
        "distinctSubjects": len(subjects),
        "distinctObjects": len({triple.object for triple in facts.triples}),
        "properties": len({triple.predicate for triple in facts.triples}),
        "classes": len({triple.object for triple in facts.triples if triple.predicate == RDF("type")}),
    }
    if not facts.values(dataset, DCTERMS("title")):
        yield Triple(dataset, DCTERMS("title"), Literal("Treaty facts", language="en"))
    yield from (Triple(dataset, VOID(name), _number(count)) for name, count in counts.items())
    for node in facts.of(*INSTRUMENTS)[:3]:
        yield Triple(dataset, VOID("exampleResource"), node)
    used = {term.value for triple in facts.triples for term in triple if isinstance(term, NamedNode)}
    for prefix in _VOCABULARIES:
        if any(iri.startswith(PREFIXES[prefix]) for iri in used):
            yield Triple(dataset, VOID("vocabulary"), NamedNode(PREFIXES[prefix]))
    yield from _partitions(facts, dataset)


def _partitions(facts: Facts, dataset: NamedNode) -> Iterator[Triple]:
    classes: dict[Term, set[Term]] = defaultdict(set)
    properties: Counter[NamedNode] = Counter()
    for triple in facts.triples:
        properties[triple.predicate] += 1
        if triple.predicate == RDF("type") and not isinstance(triple.object, Triple):
            classes[triple.object].add(triple.subject)  # type: ignore[arg-type]
    for at, node in enumerate(sorted(classes, key=str)):
        part = BlankNode(f"class{at:04}")
        yield Triple(dataset, VOID("classPartition"), part)
        yield Triple(part, VOID("class"), node)
        yield Triple(part, VOID("entities"), _number(len(classes[node])))
    for at, relation in enumerate(sorted(properties, key=str)):
        part = BlankNode(f"property{at:04}")
        yield Triple(dataset, VOID("propertyPartition"), part)
        yield Triple(part, VOID("property"), relation)
        yield Triple(part, VOID("triples"), _number(properties[relation]))


def _number(count: int) -> Literal:
    return Literal(str(count), datatype=XSD("integer"))
