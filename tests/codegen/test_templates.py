"""Compiled templates are kept, and never used for a template that they were not made from."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from mqbind.emit.template_cache import CompiledTemplates


@pytest.fixture
def maker(tmp_path: Path) -> Path:
    """A file that decides what compiling gives."""
    file = tmp_path / "maker.py"
    file.write_text("one")
    return file


def text(folder: Path, maker: Path, template: str) -> str:
    cache = CompiledTemplates(folder, [maker])
    environment = Environment(loader=DictLoader({"t": template}), bytecode_cache=cache)
    return environment.get_template("t").render()


def kept(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}


def test_they_are_compiled_once(tmp_path: Path, maker: Path) -> None:
    folder = tmp_path / "cache"
    assert text(folder, maker, "a{{ 1 }}") == "a1"
    before = kept(folder)
    assert len(before) == 1
    assert text(folder, maker, "a{{ 1 }}") == "a1"
    assert kept(folder) == before


def test_a_new_template_replaces_the_old_one(tmp_path: Path, maker: Path) -> None:
    assert text(tmp_path / "cache", maker, "a{{ 1 }}") == "a1"
    assert text(tmp_path / "cache", maker, "b{{ 1 }}") == "b1"
    assert len(kept(tmp_path / "cache")) == 1


def test_what_compiles_them_may_change_too(tmp_path: Path, maker: Path) -> None:
    text(tmp_path / "cache", maker, "a")
    before = kept(tmp_path / "cache")
    maker.write_text("two")
    text(tmp_path / "cache", maker, "a")
    assert kept(tmp_path / "cache") != before


def test_rubbish_in_the_cache_is_replaced(tmp_path: Path, maker: Path) -> None:
    text(tmp_path / "cache", maker, "a{{ 1 }}")
    [file] = (tmp_path / "cache").iterdir()
    whole = file.read_bytes()
    for size in range(0, len(whole), 50):
        file.write_bytes(whole[:size])
        assert text(tmp_path / "cache", maker, "a{{ 1 }}") == "a1"
    assert file.read_bytes() == whole


def test_a_folder_that_cannot_be_used_is_none(tmp_path: Path, maker: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert text(blocked / "cache", maker, "a{{ 1 }}") == "a1"


def test_nothing_is_written_below_the_working_directory(
    tmp_path: Path, maker: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert text(Path("~/cache"), maker, "a{{ 1 }}") == "a1"
    assert [path.name for path in tmp_path.iterdir()] == ["maker.py"]
