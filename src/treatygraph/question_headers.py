"""Headers of the shipped questions, read beforehand: loading a YAML reader takes longer than most answers.

`queries/headers.json` is written by `python -m treatygraph.question_headers`. A header that has been changed
since is read from the question itself, so the file can be out of date but never wrong.
"""

from __future__ import annotations

import json
from binascii import crc32
from functools import cache
from pathlib import Path
from typing import Any

from treatygraph import resources


def path() -> Path:
    """Where the headers are kept."""
    return resources.folder("queries") / "headers.json"


def kept(name: str, written: str) -> dict[str, Any] | None:
    """The header of a shipped question if it is still what is written in its file, else None."""
    match _kept().get(name):
        case [int(checksum), dict(header)] if checksum == crc32(written.encode()):
            return header
    return None


def text() -> str:
    """The file as it should be: for each question the checksum of its written header, and what it says."""
    from treatygraph.questions import parsed, written_header

    lines = []
    for question in resources.files("queries", ".rq"):
        written = written_header(question.read_text(encoding="utf-8"))
        entry = [crc32(written.encode()), parsed(written, question)]
        lines.append(f"{json.dumps(question.stem)}: {json.dumps(entry, ensure_ascii=False)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


@cache
def _kept() -> dict[str, Any]:
    try:
        held = json.loads(path().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return held if isinstance(held, dict) else {}


if __name__ == "__main__":
    from treatygraph.files import write_atomically

    write_atomically(path(), text().encode())
