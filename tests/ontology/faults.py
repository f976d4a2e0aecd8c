"""Planted faults: for each rule, what to take out of our graph and what to put in, and who is to blame."""

from __future__ import annotations

from dataclasses import dataclass

from rdflib import SKOS, Graph, Namespace, URIRef
from rdflib.namespace import SDO

from . import logic, naming, schemes, wording
from .graphs import TG, TGV
from .lint import Rule

PREFIXES = """
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX id: <https://w3id.org/treatygraph/id/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <https://schema.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX tg: <https://w3id.org/treatygraph/ontology#>
PREFIX tgv: <https://w3id.org/treatygraph/vocab#>
PREFIX vann: <http://purl.org/vocab/vann/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
ONTOLOGY = URIRef("https://w3id.org/treatygraph/ontology")
HEADER = ONTOLOGY.n3()
ID = Namespace("https://w3id.org/treatygraph/id/")


@dataclass(frozen=True)
class Fault:
    """A change to a sound graph that one rule must report, naming the term."""

    rule: Rule
    name: str
    change: str
    blamed: URIRef

    def plant(self, graph: Graph) -> None:
        """Change the graph; a change that changes nothing would prove nothing."""
        before = set(graph)
        graph.update(PREFIXES + self.change)
        assert set(graph) != before, f"the fault {self.name!r} does not change the graph"


FAULTS = (
    Fault(
        wording.labels_are_present,
        "a class without an English label",
        'DELETE DATA { tg:Clause rdfs:label "Clause"@en }',
        TG["Clause"],
    ),
    Fault(
        wording.labels_are_present,
        "two English labels",
        'INSERT DATA { tgv:rank-preferred skos:prefLabel "favoured"@en }',
        TGV["rank-preferred"],
    ),
    Fault(
        wording.labels_are_present,
        "a label without a language",
        'INSERT DATA { tg:kind rdfs:label "sort" }',
        TG["kind"],
    ),
    Fault(
        wording.labels_are_present,
        "a label with a space after it",
        'INSERT DATA { tg:kind rdfs:label "rodzaj "@pl }',
        TG["kind"],
    ),
    Fault(
        wording.labels_are_unique,
        "two properties with one label",
        'INSERT DATA { tg:rank rdfs:label "Rūšis"@lt }',
        TG["rank"],
    ),
    Fault(
        wording.labels_are_unique,
        "two concepts of a scheme with one label",
        'INSERT DATA { tgv:stance-reserves skos:prefLabel "protestuje"@pl }',
        TGV["stance-reserves"],
    ),
    Fault(
        wording.definitions_are_present,
        "a property without a definition",
        "DELETE WHERE { tg:holder skos:definition ?text }",
        TG["holder"],
    ),
    Fault(
        wording.definitions_are_sentences,
        "a definition that starts with a small letter",
        "DELETE { tg:holder skos:definition ?d } INSERT { tg:holder skos:definition 'whose it is.'@en }"
        " WHERE { tg:holder skos:definition ?d }",
        TG["holder"],
    ),
    Fault(
        wording.definitions_are_sentences,
        "a definition without a full stop",
        "INSERT DATA { tgv:date-start skos:definition 'The first day'@en }",
        TGV["date-start"],
    ),
    Fault(
        wording.definitions_are_unique,
        "two terms with one definition",
        "INSERT { tg:actor skos:definition ?text } WHERE { tg:about skos:definition ?text }",
        TG["actor"],
    ),
    Fault(
        wording.concepts_have_an_example,
        "a concept without an example",
        "DELETE WHERE { tgv:event-war skos:example ?text }",
        TGV["event-war"],
    ),
    Fault(
        naming.names_have_the_right_case,
        "a class in lower case",
        "INSERT DATA { tg:treatyPart a owl:Class }",
        TG["treatyPart"],
    ),
    Fault(
        naming.names_have_the_right_case,
        "a property with an acronym in capitals",
        "INSERT DATA { tg:dateEDTF a owl:DatatypeProperty }",
        TG["dateEDTF"],
    ),
    Fault(
        naming.names_have_the_right_case,
        "a concept without the name of its scheme",
        "INSERT DATA { tgv:hopes a skos:Concept ; skos:inScheme tgv:scheme-stance }",
        TGV["hopes"],
    ),
    Fault(
        naming.names_have_the_right_case,
        "a scheme without the word scheme",
        "INSERT DATA { tgv:stances a skos:ConceptScheme }",
        TGV["stances"],
    ),
    Fault(
        naming.terms_say_where_they_are_defined,
        "a term that does not say where it is defined",
        "DELETE WHERE { tg:Event rdfs:isDefinedBy ?where }",
        TG["Event"],
    ),
    Fault(
        naming.terms_say_where_they_are_defined,
        "a concept that says it is defined in the other file",
        f"INSERT DATA {{ tgv:event-war rdfs:isDefinedBy {HEADER} }}",
        TGV["event-war"],
    ),
    *(
        Fault(
            naming.headers_are_complete,
            f"a header without {predicate}",
            f"DELETE WHERE {{ {HEADER} {predicate} ?value }}",
            ONTOLOGY,
        )
        for predicate in (
            "dcterms:title",
            "dcterms:description",
            "dcterms:creator",
            "dcterms:license",
            "owl:versionIRI",
        )
    ),
    Fault(
        naming.headers_are_complete,
        "a version IRI that belongs to something else",
        f"DELETE {{ {HEADER} owl:versionIRI ?v }}"
        f" INSERT {{ {HEADER} owl:versionIRI <https://example.org/1.0.0> }}"
        f" WHERE {{ {HEADER} owl:versionIRI ?v }}",
        ONTOLOGY,
    ),
    Fault(
        naming.prefixes_are_declared,
        "a preferred prefix that is not the one in use",
        f"DELETE {{ {HEADER} vann:preferredNamespacePrefix ?p }}"
        f" INSERT {{ {HEADER} vann:preferredNamespacePrefix 'treaty' }}"
        f" WHERE {{ {HEADER} vann:preferredNamespacePrefix ?p }}",
        ONTOLOGY,
    ),
    Fault(
        naming.prefixes_are_declared,
        "a predicate whose namespace has no prefix",
        "INSERT DATA { tg:Clause <https://example.org/terms#note> 'x' }",
        URIRef("https://example.org/terms#note"),
    ),
    Fault(
        naming.terms_are_declared,
        "a misspelt class",
        "INSERT DATA { tg:kind schema:domainIncludes tg:Instrumnet }",
        TG["Instrumnet"],
    ),
    Fault(
        naming.terms_are_declared,
        "a property that is both an annotation and an object property",
        "INSERT DATA { skos:example a owl:ObjectProperty }",
        SKOS["example"],
    ),
    Fault(
        naming.terms_are_declared,
        "an outside class without a declaration",
        "INSERT DATA { tgv:event-war a schema:Event }",
        SDO["Event"],
    ),
    Fault(
        naming.nothing_is_minted_elsewhere,
        "a label on the term of another",
        "INSERT DATA { skos:broader rdfs:label 'wider'@en }",
        SKOS["broader"],
    ),
    Fault(
        naming.nothing_is_minted_elsewhere,
        "a term that its namespace does not have",
        "INSERT DATA { skos:prefLabl a owl:AnnotationProperty }",
        URIRef(f"{SKOS}prefLabl"),
    ),
    Fault(
        schemes.concepts_have_one_place,
        "a concept in two schemes",
        "INSERT DATA { tgv:event-war skos:inScheme tgv:scheme-rank }",
        TGV["event-war"],
    ),
    Fault(
        schemes.concepts_have_one_place,
        "a concept that is neither at the top nor under another",
        "DELETE WHERE { tgv:event-war skos:topConceptOf ?scheme }",
        TGV["event-war"],
    ),
    Fault(
        schemes.concepts_have_one_place,
        "a concept under one of another scheme",
        "DELETE WHERE { tgv:event-war skos:topConceptOf ?scheme } ;"
        " INSERT DATA { tgv:event-war skos:broader tgv:rank-preferred }",
        TGV["event-war"],
    ),
    Fault(
        schemes.notations_are_unique,
        "one notation for two concepts",
        "INSERT DATA { tgv:transfer-mandate skos:notation '3' }",
        TGV["transfer-mandate"],
    ),
    Fault(
        schemes.notations_are_unique,
        "a concept without its short name as notation",
        "DELETE WHERE { tgv:event-war skos:notation ?notation }",
        TGV["event-war"],
    ),
    Fault(
        schemes.schemes_are_used,
        "a scheme that belongs to nothing",
        "DELETE WHERE { ?term tg:conceptScheme tgv:scheme-stance }",
        TGV["scheme-stance"],
    ),
    Fault(
        schemes.schemes_are_used,
        "a class with two schemes",
        "INSERT DATA { tg:Claim tg:conceptScheme tgv:scheme-stance }",
        TG["Claim"],
    ),
    Fault(
        logic.nothing_is_above_itself,
        "a class above itself through another",
        "INSERT DATA { tg:Event rdfs:subClassOf tg:Transfer }",
        TG["Event"],
    ),
    Fault(
        logic.nothing_is_above_itself,
        "a concept above itself through another",
        "INSERT DATA { tgv:stance-accepts skos:broader tgv:stance-recognises-title-implied }",
        TGV["stance-accepts"],
    ),
    Fault(
        logic.owl_only_names_and_separates,
        "a domain",
        "INSERT DATA { tg:holder rdfs:domain tg:Position }",
        TG["holder"],
    ),
    Fault(
        logic.owl_only_names_and_separates,
        "a symmetric property",
        "INSERT DATA { tg:alternativeTo a owl:SymmetricProperty }",
        TG["alternativeTo"],
    ),
    Fault(
        logic.owl_only_names_and_separates,
        "a second transitive property",
        "INSERT DATA { tg:supplements a owl:TransitiveProperty }",
        TG["supplements"],
    ),
    Fault(
        logic.owl_only_names_and_separates,
        "a date as a literal",
        f"INSERT DATA {{ {HEADER} dcterms:created '2025-01-01'^^xsd:date }}",
        ONTOLOGY,
    ),
    Fault(
        logic.profiles_are_kept,
        "an axiom outside EL",
        "INSERT DATA { tg:supplements a owl:AsymmetricProperty }",
        TG["supplements"],
    ),
    Fault(
        logic.profiles_are_kept,
        "an axiom outside RL",
        "INSERT DATA { tg:supportedBy a owl:ReflexiveProperty }",
        TG["supportedBy"],
    ),
    Fault(
        logic.profiles_are_kept,
        "a property of two kinds, outside DL",
        "INSERT DATA { tg:number a owl:ObjectProperty }",
        TG["number"],
    ),
    Fault(
        logic.nothing_is_of_two_disjoint_classes,
        "a node that is a claim and a control",
        "INSERT DATA { id:position-x a tg:Claim , tg:Control }",
        ID["position-x"],
    ),
    Fault(
        logic.nothing_is_of_two_disjoint_classes,
        "a node whose superclasses are disjoint",
        "INSERT DATA { id:thing-x a tg:Transfer , tg:Treaty }",
        ID["thing-x"],
    ),
)
