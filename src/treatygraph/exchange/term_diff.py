"""Which labels, descriptions, aliases and sitelinks are missing on an existing item.

A label or description that is there is never overwritten; our other name becomes an alias.
"""

from __future__ import annotations

from treatygraph.exchange.checks import Checker
from treatygraph.exchange.model import Item
from treatygraph.exchange.problems import Problem
from treatygraph.exchange.text import normal, same_text


def diff_terms(existing: Item, wanted: Item, *, checker: Checker | None = None) -> tuple[Item, list[Problem]]:
    """An item with only the terms to add, and findings about terms that break a rule or differ there."""
    sound, problems = (checker or Checker()).terms(wanted)
    labels: dict[str, str] = {}
    aliases: dict[str, tuple[str, ...]] = {}

    def offer_alias(language: str, name: str) -> None:
        taken = [existing.labels.get(language, ""), labels.get(language, "")]
        taken += [*existing.aliases.get(language, ()), *aliases.get(language, ())]
        if not any(same_text(name, one) for one in taken):
            aliases[language] = (*aliases.get(language, ()), normal(name))

    for language, label in sound.labels.items():
        if language in existing.labels:
            offer_alias(language, label)
        elif existing.descriptions.get(language) == label:
            problems.append(
                Problem(
                    "refused",
                    "same-as-description",
                    "the label is the same as the description there",
                    f"{existing.id} label {language}",
                )
            )
        else:
            labels[language] = normal(label)
    for language, names in sound.aliases.items():
        for name in names:
            offer_alias(language, name)
    descriptions = {
        language: normal(text)
        for language, text in sound.descriptions.items()
        if language not in existing.descriptions and not same_text(text, existing.labels.get(language, ""))
    }
    links = {}
    for site, title in sound.sitelinks.items():
        if site not in existing.sitelinks:
            links[site] = title
        elif not same_text(title.replace("_", " "), existing.sitelinks[site].replace("_", " ")):
            problems.append(
                Problem(
                    "refused",
                    "sitelink-there",
                    f"the item is linked to {existing.sitelinks[site]!r}, not {title!r}",
                    f"{existing.id} {site}",
                )
            )
    return Item(existing.id, labels, descriptions, aliases, links), problems
