"""Small HTML pages of one thing, without scripts; everything from the data is escaped."""

from __future__ import annotations

from html import escape

from treatygraph.cards import Card, Fact

STYLE = """\
body { margin: .6rem; font: 14px/1.4 system-ui, sans-serif; color: #1c1c1c; background: #fff; }
h1 { margin: 0; font-size: 1.1rem; }
p { margin: .2rem 0 .5rem; color: #555; }
dl { margin: 0; display: grid; grid-template-columns: max-content 1fr; gap: .1rem .8rem; }
dt { color: #555; }
dd { margin: 0; }
small { color: #555; }
"""
POLICY = b"default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'"
_SHORT = 6


def page(card: Card, stylesheet: str, *, short: bool) -> bytes:
    """The page of a card: its first facts for a preview, else all with their sources."""
    facts = [fact for fact in card.facts if short is False or fact.value][: _SHORT if short else None]
    rows = "".join(_row(fact, short=short) for fact in facts)
    names = ", ".join(f"{escape(name)} ({escape(tag)})" for tag, name in card.names if name != card.title)
    sources = "" if short else "".join(f"<li>{escape(str(place))}</li>" for place in card.references)
    text = (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(card.title)}</title>"
        f'<link rel="stylesheet" href="{escape(stylesheet)}"></head><body>'
        f"<h1>{escape(card.title)}</h1><p>{escape(', '.join(card.kinds))} · {escape(card.iri)}</p>"
        + (f"<p>{names}</p>" if names else "")
        + f"<dl>{rows}</dl>"
        + (f"<h2>Sources</h2><ul>{sources}</ul>" if sources else "")
        + "</body></html>\n"
    )
    return text.encode()


def _row(fact: Fact, *, short: bool) -> str:
    notes = "" if short or fact.evidence is None else "; ".join(fact.evidence.lines())
    shown = f"<br><small>{escape(notes)}</small>" if notes else ""
    return f"<dt>{escape(fact.relation)}</dt><dd>{escape(fact.value)}{shown}</dd>"
