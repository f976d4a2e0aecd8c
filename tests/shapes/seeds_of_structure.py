"""Seeds of faults of the rules S01 to S20: single nodes that are not as they must be."""

from __future__ import annotations

from tests.shapes.planting import Seed

_NAMED = ("Clause", "Event", "Person", "Polity", "Recognition", "Source", "Term", "Territory", "Treaty")
_SOURCED = (
    "Clause", "Claim", "Control", "DateStatement", "Event", "Participation", "Quantity", "Recognition",
    "Representation", "Term", "Transfer", "Treaty", "UnilateralAct",
)  # fmt: skip
_WRONG_KINDS = {
    "Treaty": "clause-payment",
    "UnilateralAct": "event-war",
    "Clause": "instrument-annex",
    "Polity": "territory-city",
    "Territory": "polity-state",
    "Participation": "capacity-witness",
    "Representation": "participation-signature",
    "Term": "date-end",
    "DateStatement": "term-fixed",
    "Quantity": "date-act",
    "Recognition": "claim-ethnic",
    "Claim": "stance-reserves",
    "Control": "claim-ethnic",
    "InfluenceAllocation": "control-joint",
    "Transfer": "event-war",
    "Succession": "transfer-cession",
}
_WRONG_NAMES = {
    "Treaty": "instrument-Peace",
    "Clause": "clause_i",
    "Polity": "state-lithuania",
    "Person": "urbsys",
    "Territory": "territory--vilnius",
    "Claim": "claim-x",
    "Event": "event-",
    "Participation": "signature-x",
    "Term": "term-x--",
    "Source": "source-Å",
    "Citation": "citation-x",
    "DateStatement": "instrument-x--signed-1939",
    "Quantity": "instrument-x--inhabitants-5",
    "Representation": "representation-x",
}
_LONG = "This clause does many things. " * 11


def _once(rule: str, cls: str, link: str, title: str) -> Seed:
    return Seed(rule, f"{title} is missing", f"?s a tg:{cls} ; {link} ?o .", f"?s {link} ?o .")


def _twice(rule: str, cls: str, link: str, more: str, title: str) -> Seed:
    return Seed(rule, f"{title} is doubled", f"?s a tg:{cls} ; {link} ?o .", add=f"?s {link} {more} .")


_LABELS = [
    *(
        Seed(
            "S01",
            f"the English label of a {cls} is missing",
            f'?s a tg:{cls} ; skos:prefLabel ?o . FILTER(LANG(?o) = "en")',
            "?s skos:prefLabel ?o .",
            places=1,
        )
        for cls in _NAMED
    ),
    Seed("S01", "two English labels", "?s a tg:Polity .", add='?s skos:prefLabel "Another name"@en .'),
    Seed("S01", "a label without a tag", "?s a tg:Territory .", add='?s skos:prefLabel "Name" .'),
    Seed(
        "S01",
        "a space after a label",
        '?s a tg:Clause ; skos:prefLabel ?o . BIND(STRLANG(CONCAT(STR(?o), " "), LANG(?o)) AS ?new)',
        "?s skos:prefLabel ?o .",
        "?s skos:prefLabel ?new .",
    ),
    Seed("S01", "another name without a tag", "?s a tg:Person .", add='?s skos:altLabel "Name" .'),
    Seed("S01", "a space before another name", "?s a tg:Person .", add='?s skos:altLabel " Name"@en .'),
    Seed("S01", "a note without a tag", "?s a tg:Treaty .", add='?s skos:scopeNote "A note." .'),
]
_PARTIES = [
    _once("S02", "Treaty", "tg:kind", "the kind of a treaty"),
    _once("S02", "UnilateralAct", "tg:confidentiality", "confidentiality"),
    Seed(
        "S02",
        "public and secret",
        "?s tg:confidentiality ?o .",
        add="?s tg:confidentiality tgv:confidentiality-public , tgv:confidentiality-secret .",
    ),
    _twice("S02", "Treaty", "tg:supplements", "id:instrument-versailles-1919", "the principal"),
    Seed(
        "S03",
        "parties only negotiate",
        "?s a tg:Treaty . FILTER NOT EXISTS { ?s tg:supplements ?x } "
        "?p tg:inInstrument ?s ; tg:kind ?o . FILTER(?o != tgv:participation-negotiation)",
        "?p tg:kind ?o .",
        "?p tg:kind tgv:participation-negotiation .",
        places=3,
    ),
    Seed(
        "S04",
        "the issuer is missing",
        "?s a tg:UnilateralAct . ?p tg:inInstrument ?s .",
        "?p tg:inInstrument ?s .",
    ),
    Seed(
        "S04",
        "a second issuer",
        "?s a tg:UnilateralAct .",
        add="id:participation-x tg:inInstrument ?s ; tg:kind tgv:participation-issue ; "
        "tg:participant id:polity-nowhere .",
    ),
    _once("S07", "Participation", "tg:inInstrument", "the instrument"),
    _once("S07", "Participation", "tg:kind", "the act"),
    _twice("S07", "Participation", "tg:participant", "id:polity-france , id:polity-latvia", "the polity"),
    Seed(
        "S07",
        "a person as party",
        "?s a tg:Participation ; tg:participant ?o ; tg:representation/tg:representative ?p .",
        "?s tg:participant ?o .",
        "?s tg:participant ?p .",
    ),
    Seed(
        "S07",
        "a person without representation",
        "?s tg:representation ?r . ?r tg:representative ?p .",
        add="?s tg:representation ?p .",
    ),
    Seed(
        "S07", "bound is a person", "?s tg:representation/tg:representative ?p .", add="?s tg:onBehalfOf ?p ."
    ),
    _once("S08", "Representation", "tg:representative", "the person"),
    _once("S08", "Representation", "tg:kind", "the capacity"),
    Seed(
        "S08",
        "a representation shared by two participations",
        "?p tg:representation ?s . ?other a tg:Participation . FILTER(?other != ?p)",
        add="?other tg:representation ?s .",
    ),
]
_CLAUSES = [
    _once("S05", "Clause", "tg:clauseOf", "the instrument"),
    _once("S05", "Clause", "tg:kind", "the kind"),
    _once("S05", "Clause", "dcterms:abstract", "the summary"),
    Seed(
        "S05",
        "a summary that is too long",
        "?s a tg:Clause ; dcterms:abstract ?o .",
        "?s dcterms:abstract ?o .",
        f'?s dcterms:abstract "{_LONG}"@en .',
    ),
    _twice("S05", "Clause", "tg:number", '"99" , "98"', "the number"),
    Seed("S05", "a place that is no number", "?s a tg:Clause .", add='?s schema:position "first" .'),
    Seed(
        "S06",
        "two clauses with one number",
        "?s tg:clauseOf ?i ; tg:number ?n . ?o tg:clauseOf ?i ; tg:number ?m . FILTER(?o != ?s)",
        "?s tg:number ?n .",
        "?s tg:number ?m .",
        places=3,
    ),
    Seed(
        "S06",
        "two clauses in one place",
        "?s a tg:Clause ; tg:clauseOf ?i ; schema:position ?n . "
        "?o tg:clauseOf ?i ; schema:position ?m . FILTER(?o != ?s)",
        "?s schema:position ?n .",
        "?s schema:position ?m .",
        places=3,
    ),
    Seed(
        "S17",
        "a permanent term with a duration",
        "?s tg:kind tgv:term-permanent .",
        add='?s tg:initialDuration "P1Y"^^xsd:duration .',
        places=1,
    ),
    Seed(
        "S17",
        "a renewing term without extension",
        "?s tg:renewalDuration ?o .",
        "?s tg:renewalDuration ?o .",
        places=1,
    ),
    Seed("S17", "a fixed term without duration", "?s tg:initialDuration ?o .", "?s tg:initialDuration ?o ."),
    Seed("S17", "a duration in words", "?s a tg:Term .", add='?s tg:initialDuration "two years" .', places=1),
    _once("S17", "Term", "tg:kind", "the kind of a term"),
]
_KINDS = [
    *(
        Seed(
            "S09",
            f"a {cls} with a kind of another scheme",
            f"?s a tg:{cls} ; tg:kind ?o .",
            "?s tg:kind ?o .",
            f"?s tg:kind tgv:{concept} .",
            places=1,
        )
        for cls, concept in _WRONG_KINDS.items()
    ),
    Seed("S09", "a wrong status", "?s tg:status ?o .", "?s tg:status ?o .", "?s tg:status tgv:date-act .", 1),
    Seed("S09", "a wrong rank", "?s tg:rank ?o .", "?s tg:rank ?o .", "?s tg:rank tgv:date-act .", 1),
    Seed(
        "S09", "a wrong confidence", "?s tg:confidence ?o .", add="?s tg:confidence tgv:date-act .", places=1
    ),
    Seed("S09", "a person with a kind", "?s a tg:Person .", add="?s tg:kind tgv:polity-state .", places=1),
    _once("S09", "Polity", "tg:kind", "the kind of a polity"),
]
_TERRITORY = [
    _once("S10", "Recognition", "tg:holder", "the holder"),
    _twice("S10", "Control", "tg:holder", "id:polity-france , id:polity-latvia", "the holder"),
    _once("S10", "Claim", "tg:about", "the object"),
    _once("S10", "Claim", "tg:kind", "the ground"),
    Seed("S10", "control of a polity", "?s a tg:Control ; tg:holder ?p .", add="?s tg:about ?p ."),
    Seed(
        "S10",
        "influence on a person",
        "?s a tg:InfluenceAllocation . ?p a tg:Person .",
        add="?s tg:about ?p .",
    ),
    Seed(
        "S10",
        "support of no claim",
        "?s a tg:Recognition ; tg:kind ?o ; tg:about ?t . ?t a tg:Territory .",
        "?s tg:kind ?o .",
        "?s tg:kind tgv:stance-supports-claim .",
    ),
    _once("S11", "Transfer", "tg:transferee", "who receives"),
    _once("S11", "Transfer", "tg:kind", "the mode"),
    _once("S11", "Transfer", "tg:status", "the status"),
    _once("S11", "Transfer", "tg:about", "the territory"),
    Seed(
        "S11",
        "a person gives up",
        "?s a tg:Transfer . ?p a tg:Person .",
        add="?s tg:transferor ?p .",
        places=1,
    ),
    _once("S12", "Succession", "tg:predecessor", "the predecessor"),
    _once("S12", "Succession", "tg:successor", "the successor"),
    _once("S12", "Succession", "tg:kind", "the kind"),
]
_TIME = [
    *(
        Seed(
            "S13",
            f"a date written {value}",
            "?s tg:edtf ?o .",
            "?s tg:edtf ?o .",
            f'?s tg:edtf "{value}"^^edtf:EDTF .',
            places=1,
        )
        for value in ("10 October 1939", "1939-13", "39", "1939-10-32", "[1939]", "1939/1940")
    ),
    Seed("S13", "a date as plain text", "?s tg:edtf ?o .", "?s tg:edtf ?o .", '?s tg:edtf "1939" .'),
    _once("S13", "DateStatement", "tg:edtf", "the value"),
    _once("S13", "DateStatement", "tg:earliest", "the first day"),
    _once("S13", "DateStatement", "tg:latest", "the last day"),
    _once("S13", "DateStatement", "tg:kind", "the role"),
    _once("S13", "DateStatement", "tg:rank", "the rank"),
    Seed(
        "S13",
        "a date shared by two things",
        "?o tg:dating ?s . ?other a tg:Treaty . FILTER(?other != ?o)",
        add="?other tg:dating ?s .",
    ),
]
_EVIDENCE = [
    _once("S14", "Quantity", "schema:value", "the number"),
    _once("S14", "Quantity", "schema:unitCode", "the unit"),
    _once("S14", "Quantity", "tg:kind", "the kind"),
    _once("S14", "Quantity", "tg:rank", "the rank"),
    Seed(
        "S14",
        "a number as text",
        "?s schema:value ?o .",
        "?s schema:value ?o .",
        '?s schema:value "many" .',
        1,
    ),
    *(
        Seed(
            "S15",
            f"a {cls} without a source",
            f"?s a tg:{cls} ; tg:supportedBy ?o .",
            "?s tg:supportedBy ?o .",
            places=1,
        )
        for cls in _SOURCED
    ),
    Seed(
        "S15",
        "a source in place of a citation",
        "?s tg:supportedBy/tg:source ?o .",
        add="?s tg:supportedBy ?o .",
    ),
    _once("S16", "Citation", "tg:source", "the source"),
    _once("S16", "Citation", "tg:locator", "the place"),
    _twice("S16", "Citation", "tg:locator", '"p. 9999"', "the place"),
]
_NAMES = [
    Seed("S18", "an unknown property", "?s a tg:Clause .", add='?s tg:numbr "I" .'),
    Seed("S18", "an unknown class", "?s a tg:Polity .", add="?s a tg:State ."),
    Seed("S18", "an unknown concept", "?s a tg:Clause .", add="?s tg:kind tgv:clause-oil ."),
    Seed("S18", "no class", "?s a tg:Control .", "?s a tg:Control ."),
    Seed("S18", "a basis that is nowhere", "?s a tg:Claim .", add="?s tg:basis id:clause-nowhere ."),
    Seed("S18", "a date that is nowhere", "?s a tg:Treaty .", add="?s tg:dating id:x--signature-x ."),
    Seed(
        "S18",
        "a polity as larger place",
        "?s a tg:Territory .",
        add="?s tg:withinTerritory id:polity-latvia .",
    ),
    *(
        Seed(
            "S19",
            f"a {cls} named {name}",
            f"?s a tg:{cls} ; ?p ?o .",
            "?s ?p ?o .",
            f"<https://w3id.org/treatygraph/id/{name}> ?p ?o .",
            places=1,
        )
        for cls, name in _WRONG_NAMES.items()
    ),
    Seed("S20", "a date without a name", "?s a tg:Treaty .", add="?s tg:dating [ a tg:DateStatement ] ."),
    Seed("S20", "a clause without a name", "?s a tg:Treaty .", add="[] a tg:Clause ; tg:clauseOf ?s ."),
    Seed("S20", "a place without a name", "?s a tg:Event .", add="?s schema:location [] ."),
]

SEEDS = (*_LABELS, *_PARTIES, *_CLAUSES, *_KINDS, *_TERRITORY, *_TIME, *_EVIDENCE, *_NAMES)
