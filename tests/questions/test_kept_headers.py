"""Headers read beforehand say what the questions themselves say."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from treatygraph import question_headers, questions


def test_the_kept_headers_are_those_of_the_questions() -> None:
    assert question_headers.path().read_text(encoding="utf-8") == question_headers.text(), (
        "write them anew: python -m treatygraph.question_headers"
    )


@pytest.mark.parametrize("name", questions.names())
def test_a_kept_header_says_what_its_yaml_says(name: str) -> None:
    path = questions.folder() / f"{name}.rq"
    written = questions.written_header(path.read_text(encoding="utf-8"))
    kept = question_headers.kept(name, written)
    assert kept is not None
    assert kept == questions.parsed(written, path)
    assert list(kept["columns"]) == list(questions.parsed(written, path)["columns"])


def test_a_header_that_was_changed_is_read_from_the_question(tmp_path: Path) -> None:
    path = tmp_path / "who-controlled.rq"
    shutil.copy(questions.folder() / "who-controlled.rq", path)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("#+ title: Who controlled", "#+ title: Who ever held"), encoding="utf-8")
    assert questions.find(str(path)).title.startswith("Who ever held")


@pytest.mark.parametrize("damage", ["", "[]", "{", '{"who-controlled": 1}'])
def test_without_usable_kept_headers_questions_are_read_all_the_same(
    damage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "headers.json"
    if damage:
        broken.write_text(damage, encoding="utf-8")
    monkeypatch.setattr(question_headers, "path", lambda: broken)
    question_headers._kept.cache_clear()
    try:
        assert questions.find("who-controlled").title == "Who controlled a territory on a day?"
    finally:
        question_headers._kept.cache_clear()
