"""`mqbind check -` reads the document from standard input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mqbind.load.document.allowed_folders import BYTES_MAX
from tests.tools.conftest import Mqbind

GOOD = """\
asyncapi: 3.0.0
info: {title: T, version: '1'}
channels: {c: {address: a, messages: {m: {payload: {$ref: 'part.yaml#/T'}}}}}
operations: {o: {action: send, channel: {$ref: '#/channels/c'}}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "part.yaml").write_text("T: {type: integer}\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_references_start_in_the_current_folder(mqbind: Mqbind) -> None:
    done = mqbind("check", "-", stdin=GOOD)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_mistake_has_a_place(mqbind: Mqbind, folder: Path) -> None:
    done = mqbind("check", "-", stdin=GOOD.replace("address: a", "adress: a"))
    assert done.returncode == 1
    assert done.stderr.startswith("<stdin>:3:16: error: unknown field `adress`")
    done = mqbind("check", "-", "--format", "json", stdin=GOOD.replace("#/T", "#/U"))
    [found] = json.loads(done.stdout)["diagnostics"]
    assert (found["file"], found["line"], found["column"]) == ("<stdin>", 3, 59)
    (folder / "part.yaml").write_text("T: {type: int}\n")
    assert mqbind("check", "-", stdin=GOOD).stderr.startswith("part.yaml:1:11: error: ")


@pytest.mark.usefixtures("folder")
def test_overlays_apply(mqbind: Mqbind) -> None:
    Path("o.yaml").write_text(
        "overlay: 1.0.0\ninfo: {title: O, version: '1'}\n"
        "actions: [{target: $.nothing, remove: true}]\n"
    )
    done = mqbind("check", "-", "--overlay", "o.yaml", stdin=GOOD)
    assert done.stderr.startswith("o.yaml:3:20: error: ")


def test_nothing_is_an_empty_file(mqbind: Mqbind) -> None:
    done = mqbind("check", "-")
    assert (done.returncode, done.stderr.split(";")[0]) == (
        1,
        "<stdin>:1:1: error: the file is empty",
    )


def test_files_and_standard_input_can_be_mixed(mqbind: Mqbind, folder: Path) -> None:
    (folder / "t.yaml").write_text(GOOD)
    assert mqbind("check", "t.yaml", "-", stdin=GOOD).returncode == 0
    assert mqbind("check", "t.yaml", "-", stdin="x: 1").returncode == 1


def test_size_is_limited(mqbind: Mqbind) -> None:
    done = mqbind("check", "-", stdin=b"#" * (BYTES_MAX + 1))
    assert done.returncode == 1
    assert done.stderr.startswith(f"<stdin>:1:1: error: `<stdin>` is larger than {BYTES_MAX} bytes")


def test_it_must_be_utf_8(mqbind: Mqbind) -> None:
    assert mqbind("check", "-", stdin=b"a: \xff").stderr.startswith("<stdin>:1:4: error: byte 0xFF")


def test_a_file_may_be_called_like_it(mqbind: Mqbind, folder: Path) -> None:
    (folder / "-").write_text("asyncapi: 3.0.0\n")
    done = mqbind("check", "./-", stdin=GOOD)
    assert done.stderr.startswith(f"{folder}/-:1:1: error: ")


def test_it_is_read_once(mqbind: Mqbind) -> None:
    done = mqbind("check", "-", "-", stdin="asyncapi: 3.0.0\n")
    assert (done.returncode, done.stdout) == (2, "")
    assert "standard input can only be read once" in done.stderr
