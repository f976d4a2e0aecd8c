"""The contradictions C1 to C18 of the facts and the nodes that hold their readings."""

from __future__ import annotations

READINGS: dict[str, str] = {
    "C1": "instrument-rs-lt-1920--signature-19200612 instrument-rs-lt-1920--signature-19200712",
    "C2": "event-transfer-vilnius-region-poland-1922 event-transfer-vilnius-region-riga-1922"
    " instrument-riga-1921--signature-1922 instrument-riga-1921--signature-19210318"
    " position-recognition-league-of-nations-vilnius-region-1922"
    " position-recognition-league-of-nations-vilnius-region-1923",
    "C3": "territory-vilnius-part-1939--area-background territory-vilnius-part-1939--area-it-vil"
    " territory-vilnius-part-1939--area-lq-vr territory-vilnius-part-1939--area-pwn"
    " territory-vilnius-part-1939--population-article territory-vilnius-part-1939--population-it-vil",
    "C4": "instrument-su-lt-1939-bases--count-bases instrument-su-lt-1939-bases--count-bases-introduction",
    "C5": "instrument-su-lt-1939-bases--troops-18500 instrument-su-lt-1939-bases--troops-18786",
    "C6": "event-transfer-klaipeda-region-1920 event-transfer-klaipeda-region-1920-league"
    " position-control-league-of-nations-klaipeda-region-1920"
    " position-control-principal-allied-powers-klaipeda-region-1920",
    "C7": "instrument-ambassadors-1923--act-19230314 instrument-ambassadors-1923--act-19230315"
    " instrument-ambassadors-1923--act-19230317",
    "C8": "instrument-su-lt-1926--termination-19441231 instrument-su-lt-1926--termination-19451231",
    "C9": "instrument-concordat-1927--signature-19270604 instrument-concordat-1927--signature-19270927"
    " participation-concordat-1927-lithuania-signature--representation-augustinas-voldemaras"
    " participation-concordat-1927-lithuania-signature--representation-jurgis-saulys",
    "C10": "position-recognition-germany-vilnius-region-1939"
    " position-recognition-germany-vilnius-region-1939-september"
    " position-recognition-soviet-union-vilnius-region-1939"
    " position-recognition-soviet-union-vilnius-region-1939-september",
    "C11": "event-transfer-suvalkija-strip-1941 event-transfer-suvalkija-strip-1941-bundle",
    "C12": "event-court-answers-railway-question-1931 event-court-condemns-seizure-1931",
    "C13": "instrument-su-pl-1945--effect-19460205 instrument-su-pl-1945--effect-19460205-19460206"
    " instrument-su-pl-1945--effect-19460206",
    "C14": "instrument-supreme-council-line-1919--act-19191208"
    " instrument-supreme-council-line-1919--act-19191218",
    "C15": "polity-central-lithuania--end-19220324 polity-central-lithuania--end-19220324-19220418"
    " polity-central-lithuania--end-19220418 position-control-central-lithuania-vilnius-1920--end-19220324"
    " position-control-central-lithuania-vilnius-1920--end-19220418"
    " position-control-central-lithuania-vilnius-1920--end-c15"
    " position-control-poland-vilnius-region-1922--start-19220324"
    " position-control-poland-vilnius-region-1922--start-192204"
    " position-recognition-poland-central-lithuania-1920",
    "C16": "position-influence-germany-marijampole-1939 position-influence-soviet-union-marijampole-1939",
    "C18": "instrument-rs-lv-1920--signature-19200811 instrument-rs-lv-1920--signature-19210318",
}
"""Every contradiction of statements; C17 is one of outside identifiers."""

WITHOUT_RIVAL_NODE = {
    "position-recognition-poland-central-lithuania-1920": "that nobody recognised it is no act of anybody"
}
"""Readings whose opposite cannot be a node of its own, and why."""

RIVAL_IDENTIFIERS = {
    "person-joachim-von-ribbentrop": ("Q101886", "Q153949"),
    "polity-lithuanian-ssr": ("Q173761", "Q80211"),
    "territory-klaipeda-city": ("Q776965", "Q161334"),
}
"""C17: the identifier that is linked, and the rival that the note names."""
