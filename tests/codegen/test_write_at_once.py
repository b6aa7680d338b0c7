"""Several runs of `generate` that write to one directory at the same time."""

from __future__ import annotations

import fcntl
import itertools
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from threading import Thread

import pytest

from mqbind.diagnostics import Diagnostics
from mqbind.emit import write as writing
from mqbind.emit.write import Refused, compare, write
from mqbind.pipeline import compile_schema
from tests.codegen.writing import contents, generate, schema
from tests.support.waiting import DEADLINE_S


def outcomes(out: Path, documents: Mapping[Path, tuple[str, ...]]) -> list[dict[str, str]]:
    """What each document gives alone."""
    found = []
    for number, (document, options) in enumerate(documents.items()):
        folder = out.parent / f"alone{number}"
        assert generate(document, "-o", folder, *options).returncode == 0
        found.append(contents(folder))
    return found


RACE = """\
import sys
from pathlib import Path
from mqbind.diagnostics import Diagnostics
from mqbind.emit.write import Refused, write
from mqbind.pipeline import compile_schema
files = compile_schema(Path(sys.argv[1]), Diagnostics()).files
print("ready", flush=True)
sys.stdin.readline()
for _ in range(int(sys.argv[3])):
    try:
        write(Path(sys.argv[2]), files)
        print("done", flush=True)
    except Refused:
        print("refused", flush=True)
"""


def race(out: Path, documents: list[Path], rounds: int) -> list[list[str]]:
    """What each of several processes says that write at the same time, again and again."""
    command = [sys.executable, "-c", RACE]
    processes = [
        subprocess.Popen(
            [*command, document, out, str(rounds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for document in documents
    ]
    for process in processes:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    said = [process.communicate(timeout=DEADLINE_S)[0].split() for process in processes]
    assert all(process.returncode == 0 for process in processes)
    return said


def test_two_versions_at_once_leave_one_of_them(tmp_path: Path, out: Path) -> None:
    """Never files of both."""
    documents = []
    for words in ("One.", "Two.", "Three."):
        (tmp_path / words).mkdir()
        documents.append(schema(tmp_path / words, "Door", "door", words))
    alone = outcomes(out, dict.fromkeys(documents, ()))
    said = race(out, documents, 40)
    assert set(itertools.chain(*said)) == {"done"}
    assert contents(out) in alone
    assert {path.name for path in out.iterdir()} == set(alone[0])


def test_of_two_documents_at_once_one_is_refused(tmp_path: Path, out: Path) -> None:
    documents = [schema(tmp_path, "Door", "door"), schema(tmp_path, "Lamp", "lamp")]
    alone = outcomes(out, dict.fromkeys(documents, ()))
    said = race(out, documents, 20)
    assert sorted(map(set, said), key=sorted) == [{"done"}, {"refused"}]
    assert contents(out) == alone[said.index(["done"] * 20)]


def test_one_at_a_time_compares_and_writes(
    door: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside: list[str] = []
    changes, replace = writing._changes, writing._replace

    def enter(opened: int, files: Mapping[str, str]) -> writing.Changes:
        inside.append("enters")
        time.sleep(0.05)
        return changes(opened, files)

    def leave(opened: int, texts: Mapping[str, str]) -> None:
        replace(opened, texts)
        inside.append("leaves")

    monkeypatch.setattr(writing, "_changes", enter)
    monkeypatch.setattr(writing, "_replace", leave)
    files = compile_schema(door, Diagnostics()).files
    threads = [Thread(target=write, args=(out, files)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert inside == ["enters", "leaves"] * 4


def test_who_keeps_the_lock_is_not_waited_for_without_end(
    door: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "_LOCK_PAUSE_S", 0)
    files = compile_schema(door, Diagnostics()).files
    holder = os.open(out, os.O_RDONLY)
    fcntl.flock(holder, fcntl.LOCK_EX)
    with pytest.raises(Refused, match="another program has locked"):
        write(out, files)
    assert not list(out.iterdir())
    os.close(holder)
    write(out, files)
    assert compare(out, files).none
