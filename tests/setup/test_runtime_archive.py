"""Tests share the runtime: it is compiled once for each set of options, and after a change."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support import compiler
from tests.support.compiler import CHECKED, RELEASE, runtime_archive


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A runtime of one file, and an empty place for what is compiled."""
    file = tmp_path / "runtime.c"
    file.write_text("int one;\n")
    monkeypatch.setattr(compiler, "runtime_sources", lambda *_: [file])
    monkeypatch.setattr(compiler, "_RUNTIMES", tmp_path / "runtimes")
    return file


@pytest.mark.usefixtures("source")
def test_whoever_needs_it_gets_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[tuple[str | Path, ...]] = []
    run = compiler.run

    def counted(*command: str | Path) -> None:
        commands.append(command)
        run(*command)

    monkeypatch.setattr(compiler, "run", counted)
    with ThreadPoolExecutor(4) as pool:
        archives = set(pool.map(lambda _: runtime_archive(RELEASE, "jsmn"), range(8)))
    assert len(archives) == 1
    assert [command[0] for command in commands] == ["gcc", "ar"]


def test_options_engine_and_sources_make_a_difference(source: Path) -> None:
    archives = [
        runtime_archive(RELEASE, "jsmn"),
        runtime_archive(CHECKED, "jsmn"),
        runtime_archive(RELEASE, "direct"),
    ]
    source.write_text("int other;\n")
    archives.append(runtime_archive(RELEASE, "jsmn"))
    assert len(set(archives)) == len(archives)
    assert all(archive.exists() for archive in archives)
