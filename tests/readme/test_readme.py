"""The READMEs' commands, run in order as a reader would, in a copy of the repository."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.waiting import DEADLINE_S

ROOT = Path(__file__).parents[2]
PORT_IN_README = "18883"
RUN_ELSEWHERE = {"make demo", "make test"}
"""The first has a test of its own below; the second is what runs this test."""


@dataclass(frozen=True, kw_only=True)
class Block:
    """A fenced block: its language, the words behind it, its text."""

    language: str
    words: tuple[str, ...]
    text: str


def blocks(file: Path) -> Iterator[Block]:
    for match in re.finditer(r"^```(\w+)([^\n]*)\n(.*?)^```$", file.read_text(), re.M | re.S):
        language, words, text = match.groups()
        yield Block(language=language, words=tuple(shlex.split(words)), text=text)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """What a clone of the repository would have, with the set-up done already."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    folder = tmp_path / "mqbind"
    for name in names.splitlines():
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    return folder


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def insert_below(file: Path, landmarks: tuple[str, ...], text: str) -> None:
    """Put a text below a line, the first after another line if there are two."""
    lines = file.read_text().splitlines(keepends=True)
    place = 0
    for landmark in landmarks:
        place = lines.index(f"{landmark}\n", place) + 1
    file.write_text("".join([*lines[:place], text, *lines[place:]]))


def follow(file: Path, folder: Path) -> None:
    """Do what each block says."""
    port, output = free_port(), ""
    for block in blocks(file):
        text = block.text.replace(PORT_IN_README, port)
        match block.language, block.words:
            case "sh", _ if text.strip() not in RUN_ELSEWHERE:
                output = run(text, folder)
            case "text", _:
                assert [line for line in text.splitlines() if line not in output] == []
            case "yaml", (name, "below", *landmarks):
                insert_below(folder / name, tuple(landmarks), text)
            case _, (name,):
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_text(text)


def run(script: str, folder: Path) -> str:
    command = ["bash", "-euo", "pipefail", "-c", script]
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "XDG_CACHE_HOME": str(folder / "build" / "cache")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=DEADLINE_S,
    )
    assert done.returncode == 0, f"{script}\n{done.stdout}"
    return done.stdout


def test_readme_from_top_to_bottom(copy: Path) -> None:
    follow(copy / "README.md", copy)


@pytest.mark.parametrize("name", ["schema/README.md", "examples/README.md"])
def test_other_readmes(copy: Path, name: str) -> None:
    if name == "examples/README.md":
        run("cmake --preset release && cmake --build --preset release", copy)
    follow(copy / name, copy)


def test_links_lead_somewhere() -> None:
    for page in [*ROOT.glob("*.md"), *ROOT.glob("*/*.md"), *ROOT.glob("generated/*/*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page}: {target}"


def test_demo(copy: Path) -> None:
    transcript = run("make demo", copy)
    assert "refused on /sys/folotoy/e465b881d850/thing/command/call" in transcript
    assert "Everything happened as told." in transcript
