"""Seeds of faults of the rules M01 to M20 and Q01 to Q09: nodes that do not fit together, weak evidence."""

from __future__ import annotations

from tests.shapes.planting import Seed

_START = "?s tg:dating ?d . ?d tg:kind tgv:date-start ; tg:rank tgv:rank-preferred ; tg:latest ?l ."
_SIGNED = "?i tg:dating ?d . ?d tg:kind tgv:date-signature ; tg:rank tgv:rank-preferred ; tg:earliest ?e ."
_NEW_DATE = "a tg:DateStatement ; tg:rank tgv:rank-preferred ; tg:kind"

_TIME = [
    Seed(
        "M01",
        "bounds turned round",
        "?s tg:earliest ?a ; tg:latest ?b . FILTER(?a < ?b)",
        "?s tg:earliest ?a ; tg:latest ?b .",
        "?s tg:earliest ?b ; tg:latest ?a .",
        places=4,
    ),
    Seed(
        "M02",
        "a first day that does not fit",
        '?s tg:earliest ?o . FILTER(STR(?o) != "1910-01-01")',
        "?s tg:earliest ?o .",
        '?s tg:earliest "1910-01-01"^^xsd:date .',
        places=3,
    ),
    Seed(
        "M02",
        "a value that does not fit",
        "?s tg:edtf ?o .",
        "?s tg:edtf ?o .",
        '?s tg:edtf "1939-02?"^^edtf:EDTF .',
        places=3,
    ),
    Seed(
        "M03",
        "an end before the start",
        "?s a tg:Control ; tg:dating ?d , ?f . ?f tg:kind tgv:date-start ; tg:rank tgv:rank-preferred . "
        "?d tg:kind tgv:date-end ; tg:rank tgv:rank-preferred ; tg:latest ?o .",
        "?d tg:latest ?o .",
        '?d tg:latest "1800-01-01"^^xsd:date .',
        places=4,
    ),
    Seed(
        "M04",
        "a second preferred date",
        "?s tg:dating ?d . ?d tg:rank tgv:rank-preferred ; tg:kind ?k .",
        add=f"?s tg:dating id:x--start-x . id:x--start-x {_NEW_DATE} ?k .",
        places=3,
    ),
    Seed(
        "M04",
        "a second preferred figure",
        "?s tg:quantity ?q . ?q tg:rank tgv:rank-preferred ; tg:kind ?k .",
        add="?s tg:quantity id:x--count-x . id:x--count-x tg:rank tgv:rank-preferred ; tg:kind ?k .",
    ),
    Seed(
        "M06",
        "in force before signature",
        "?s a tg:Treaty ; tg:dating ?d , ?f . ?f tg:kind tgv:date-signature ; tg:rank tgv:rank-preferred . "
        "?d tg:kind tgv:date-effect ; tg:rank tgv:rank-preferred ; tg:latest ?o .",
        "?d tg:latest ?o .",
        '?d tg:latest "1800-01-01"^^xsd:date .',
        places=3,
    ),
    Seed(
        "M06",
        "ratified before signature",
        f"?s a tg:Participation ; tg:kind tgv:participation-ratification ; tg:inInstrument ?i . {_SIGNED}",
        add=f"?s tg:dating id:x--occurrence-x . id:x--occurrence-x {_NEW_DATE} tgv:date-occurrence ; "
        'tg:latest "1800-01-01"^^xsd:date .',
    ),
    Seed(
        "M15",
        "a position before its basis",
        f"?s a tg:Recognition ; tg:basis/tg:clauseOf ?i . {_START} ?i tg:dating ?g . "
        "?g tg:kind tgv:date-signature ; tg:rank tgv:rank-preferred .",
        "?d tg:latest ?l .",
        '?d tg:latest "1800-01-01"^^xsd:date .',
        places=3,
    ),
]
_PARTIES = [
    Seed(
        "M05",
        "a party founded later",
        f"?s tg:kind tgv:participation-signature ; tg:participant ?p ; tg:inInstrument ?i . {_SIGNED}",
        add=f"?p tg:dating id:x--start-x . id:x--start-x {_NEW_DATE} tgv:date-start ; "
        'tg:earliest "2020-01-01"^^xsd:date .',
        places=3,
    ),
    Seed(
        "M05",
        "a party that was gone",
        f"?s tg:kind tgv:participation-signature ; tg:participant ?p ; tg:inInstrument ?i . {_SIGNED}",
        add=f"?p tg:dating id:x--end-x . id:x--end-x {_NEW_DATE} tgv:date-end ; "
        'tg:latest "1800-01-01"^^xsd:date .',
    ),
    Seed(
        "M07",
        "a supplement of itself",
        "?s a tg:Treaty . FILTER NOT EXISTS { ?s tg:supplements ?o }",
        add="?s tg:supplements ?s .",
    ),
    Seed("M07", "a circle of supplements", "?s tg:supplements ?o .", add="?o tg:supplements ?s ."),
    Seed(
        "M07",
        "a supplement to a stranger",
        "?s a tg:Treaty . ?p tg:inInstrument ?s .",
        add="?s tg:supplements id:instrument-nowhere . id:instrument-nowhere a tg:Treaty .",
    ),
    Seed(
        "M10",
        "a polity recognises itself",
        "?s tg:inFavourOf ?o ; tg:holder ?h .",
        add="?s tg:inFavourOf ?h .",
    ),
    Seed("M10", "a polity gives to itself", "?s tg:transferee ?o .", add="?s tg:transferor ?o ."),
    Seed(
        "M14", "influence without a basis", "?s a tg:InfluenceAllocation ; tg:basis ?o .", "?s tg:basis ?o ."
    ),
    Seed(
        "M16",
        "a recogniser that is no party",
        "?s a tg:Recognition ; tg:holder ?o ; tg:basis/tg:clauseOf ?i .",
        "?s tg:holder ?o .",
        "?s tg:holder id:polity-nowhere . id:polity-nowhere a tg:Polity .",
        places=3,
    ),
    Seed(
        "M20",
        "a sphere over a third state",
        "?s a tg:InfluenceAllocation ; tg:basis/tg:clauseOf ?i .",
        add="?s tg:about id:polity-nowhere . id:polity-nowhere a tg:Polity .",
        places=3,
    ),
]
_EFFECTS = [
    Seed(
        "M08",
        "a transfer clause without transfer",
        "?s a tg:Clause ; tg:kind ?k . FILTER NOT EXISTS { ?t tg:basis ?s }",
        add="?s tg:kind tgv:clause-territorial-transfer .",
    ),
    Seed(
        "M08",
        "a transfer on a clause of another kind",
        "?t a tg:Transfer ; tg:basis ?s . ?s tg:kind tgv:clause-territorial-transfer .",
        "?s tg:kind tgv:clause-territorial-transfer .",
    ),
    Seed(
        "M09",
        "a recognition clause without recognition",
        "?s a tg:Clause ; tg:kind ?k . FILTER NOT EXISTS { ?t tg:basis ?s }",
        add="?s tg:kind tgv:clause-territorial-recognition .",
    ),
    Seed(
        "M09",
        "a recognition on a clause of another kind",
        "?s a tg:Recognition ; tg:kind tgv:stance-recognises-title ; tg:basis ?o . ?o a tg:Clause .",
        "?s tg:basis ?o .",
        "?s tg:basis id:clause-x . id:clause-x a tg:Clause ; tg:kind tgv:clause-payment .",
    ),
    Seed(
        "M11",
        "an executed transfer without date",
        "?s a tg:Transfer ; tg:status tgv:status-executed ; tg:dating ?o .",
        "?s tg:dating ?o .",
    ),
    Seed(
        "M11",
        "an executed transfer without control",
        "?s tg:status tgv:status-executed ; tg:transferee ?t . ?c a tg:Control ; tg:holder ?t .",
        "?c a tg:Control .",
        places=3,
    ),
    Seed(
        "M12",
        "a second power on the same day",
        f"?s a tg:Control ; tg:about ?a ; tg:kind tgv:control-civil-administration . {_START}",
        add="id:position-x a tg:Control ; tg:kind tgv:control-incorporation ; tg:about ?a ; "
        f"tg:holder id:polity-nowhere ; tg:dating id:x--start-x . id:x--start-x {_NEW_DATE} tgv:date-start ; "
        "tg:latest ?l .",
        places=3,
    ),
    Seed(
        "M12",
        "a second power in a part",
        f"?s a tg:Control ; tg:about ?a ; tg:kind tgv:control-civil-administration . {_START}",
        add="id:territory-x tg:withinTerritory ?a . id:position-x a tg:Control ; tg:about id:territory-x ; "
        "tg:kind tgv:control-incorporation ; tg:holder id:polity-nowhere ; tg:dating id:x--start-x . "
        f"id:x--start-x {_NEW_DATE} tgv:date-start ; tg:latest ?l .",
    ),
    Seed(
        "M13",
        "accepted and rejected",
        "?s a tg:Recognition ; tg:kind tgv:stance-recognises-title ; tg:about ?a ; tg:holder ?h . "
        f"{_START} OPTIONAL {{ ?s tg:inFavourOf ?f }}",
        add="id:position-x a tg:Recognition ; tg:kind tgv:stance-protests ; tg:about ?a ; tg:holder ?h ; "
        f"tg:inFavourOf ?f ; tg:dating id:x--start-x . id:x--start-x {_NEW_DATE} tgv:date-start ; "
        "tg:latest ?l .",
        places=3,
    ),
    Seed("M17", "a place within itself", "?s a tg:Territory .", add="?s tg:withinTerritory ?s ."),
    Seed(
        "M17",
        "a circle of places",
        "?s tg:withinTerritory/tg:withinTerritory ?o .",
        add="?o tg:withinTerritory ?s .",
    ),
]
_EVIDENCE = [
    Seed("M18", "an alternative one way", "?s tg:alternativeTo ?o .", "?s tg:alternativeTo ?o .", places=4),
    Seed(
        "M18",
        "an alternative of another class",
        "?s a tg:DateStatement . ?o a tg:Quantity .",
        add="?s tg:alternativeTo id:x--count-x . id:x--count-x tg:alternativeTo ?s ; a tg:Quantity .",
    ),
    Seed(
        "M18",
        "an alternative of another owner",
        "?s a tg:DateStatement .",
        add="?s tg:alternativeTo id:x--start-x . id:x--start-x tg:alternativeTo ?s ; a tg:DateStatement .",
    ),
    Seed("M18", "an alternative to itself", "?s a tg:Claim .", add="?s tg:alternativeTo ?s ."),
    Seed(
        "M19",
        "a rejected reading without note",
        "?s a tg:Claim . FILTER NOT EXISTS { ?s skos:scopeNote ?n }",
        add="?s tg:rank tgv:rank-rejected .",
        places=1,
    ),
    Seed(
        "M19",
        "the note of a rejected reading is missing",
        "?s tg:rank tgv:rank-rejected ; skos:scopeNote ?o .",
        "?s skos:scopeNote ?o .",
    ),
    Seed(
        "M19",
        "all readings rejected",
        "?s tg:rank tgv:rank-rejected ; tg:alternativeTo ?o .",
        add="?o tg:rank tgv:rank-rejected .",
    ),
    Seed(
        "Q01",
        "contested on one source",
        "?s a tg:Claim ; tg:supportedBy ?c . FILTER NOT EXISTS { ?s tg:contradictedBy|tg:alternativeTo ?x } "
        "FILTER NOT EXISTS { ?s tg:supportedBy ?other . FILTER(?other != ?c) }",
        add="?s tg:contradictedBy ?c .",
    ),
    Seed(
        "Q02",
        "no day of signature",
        "?s a tg:Treaty ; tg:dating ?d . ?d tg:kind tgv:date-signature ; tg:rank tgv:rank-preferred ; "
        "tg:earliest ?o ; tg:latest ?o .",
        "?s tg:dating ?d .",
    ),
    Seed(
        "Q02",
        "a month of signature only",
        "?s a tg:Treaty ; tg:dating ?d . ?d tg:kind tgv:date-signature ; tg:rank tgv:rank-preferred ; "
        "tg:earliest ?o ; tg:latest ?o .",
        "?d tg:earliest ?o .",
        '?d tg:earliest "1900-01-01"^^xsd:date .',
    ),
    *(
        Seed(
            "Q03",
            f"a {cls} without match",
            f"?s a tg:{cls} ; skos:exactMatch|skos:narrowMatch|skos:closeMatch ?o . ?s ?p ?o .",
            "?s ?p ?o .",
            places=1,
        )
        for cls in ("Person", "Polity", "Territory")
    ),
    Seed(
        "Q04",
        "no name in a language of a party",
        "?s a tg:Treaty . ?p tg:inInstrument ?s ; tg:participant ?o .",
        add='?o dcterms:language "mi" .',
    ),
    Seed(
        "Q05",
        "a summary with quotation marks",
        "?s a tg:Clause ; dcterms:abstract ?o .",
        "?s dcterms:abstract ?o .",
        "?s dcterms:abstract '''They say \"no\" to it.'''@en .",
    ),
    Seed(
        "Q05",
        "a summary in the words of the source",
        "?s a tg:Clause ; dcterms:abstract ?o ; tg:supportedBy ?c .",
        add="?c skos:note ?o .",
    ),
    *(
        Seed("Q06", f"a loose {title}", f"?owner {link} ?s . ?s a tg:{cls} .", f"?owner {link} ?s .")
        for title, cls, link in (
            ("date", "DateStatement", "tg:dating"),
            ("figure", "Quantity", "tg:quantity"),
            ("term", "Term", "tg:hasTerm"),
            ("representation", "Representation", "tg:representation"),
        )
    ),
    Seed(
        "Q06", "a loose citation", "?s a tg:Source .", add="id:citation-x--x a tg:Citation ; tg:source ?s ."
    ),
    Seed(
        "Q07",
        "parts that make another sum",
        "?s a tg:Quantity ; schema:value ?v .",
        add="?s dcterms:hasPart id:x--count-x . id:x--count-x schema:value 0.5 .",
    ),
    Seed("Q08", "a retired concept", "?x a tg:Clause ; tg:kind ?s .", add="?s owl:deprecated true ."),
    Seed(
        "Q08",
        "a retired property",
        "?x a tg:Clause ; ?s ?o . FILTER(?s = tg:number)",
        add="?s owl:deprecated true .",
    ),
    Seed(
        "Q09",
        "certain but contradicted",
        "?s tg:confidence tgv:confidence-certain ; tg:supportedBy ?c . "
        "FILTER NOT EXISTS { ?s tg:contradictedBy ?x }",
        add="?s tg:contradictedBy ?c .",
        places=3,
    ),
]

SEEDS = (*_TIME, *_PARTIES, *_EFFECTS, *_EVIDENCE)
