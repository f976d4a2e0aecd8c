"""Frictionless data packages that describe exported files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from treatygraph.exchange.plain.facts import Facts
from treatygraph.terms import DCTERMS, VOID, NamedNode

if TYPE_CHECKING:
    from treatygraph.exchange.plain.tables import Table

_CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"


def of_tables(tables: Iterable[Table], files: Mapping[str, bytes], facts: Facts) -> bytes:
    """A tabular data package: every table with its columns, keys, size and checksum."""
    resources = [
        {
            "name": table.name.replace("_", "-"),
            "title": table.title,
            "profile": "tabular-data-resource",
            **_file(f"{table.name}.csv", files[f"{table.name}.csv"], "csv", "text/csv"),
            "schema": _schema(table),
        }
        for table in tables
    ]
    return _package("tabular-data-package", resources, facts)


def of_files(files: Mapping[str, tuple[bytes, str]], facts: Facts) -> bytes:
    """A data package of whole files, each with its media type."""
    resources = [
        {"name": name.lower(), **_file(name, data, name.rpartition(".")[2], media_type)}
        for name, (data, media_type) in files.items()
    ]
    return _package("data-package", resources, facts)


def _package(profile: str, resources: list[dict[str, Any]], facts: Facts) -> bytes:
    title, about, licence = dataset(facts)
    package = {
        "profile": profile,
        "name": "treatygraph",
        "title": title,
        **({"description": about} if about else {}),
        **({"licenses": [_licence(licence)]} if licence else {}),
        "resources": resources,
    }
    return (json.dumps(package, ensure_ascii=False, indent=2) + "\n").encode()


def dataset(facts: Facts) -> tuple[str, str, str]:
    """What the data say of themselves: title, description and licence IRI, empty where they say nothing."""
    for node in facts.instances(VOID("Dataset")):
        licence = [
            value.value for value in facts.values(node, DCTERMS("license")) if isinstance(value, NamedNode)
        ]
        return (
            facts.text(node, DCTERMS("title")) or "Treaty facts",
            facts.text(node, DCTERMS("description")),
            "".join(licence[:1]),
        )
    return "Treaty facts", "", ""


def _licence(iri: str) -> dict[str, str]:
    return {"name": "CC0-1.0", "path": iri} if iri == _CC0 else {"path": iri}


def _file(name: str, data: bytes, form: str, media_type: str) -> dict[str, Any]:
    return {
        "path": name,
        "format": form,
        "mediatype": media_type,
        "encoding": "utf-8",
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
    }


def _schema(table: Table) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [
            {"name": column.name, "type": column.type, "description": column.about}
            for column in table.columns
        ],
        "missingValues": [""],
    }
    if table.key:
        schema["primaryKey"] = [table.key]
    links = [
        {
            "fields": [column.name],
            "reference": {
                "resource": column.refers_to.replace("_", "-"),
                "fields": [_KEYS[column.refers_to]],
            },
        }
        for column in table.columns
        if column.refers_to
    ]
    return schema | ({"foreignKeys": links} if links else {})


_KEYS = {"treaties": "treaty", "polities": "polity", "transfers": "transfer", "sources": "source"}
