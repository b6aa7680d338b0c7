"""The documents' commands, run in order as a reader would, in a copy of the repository."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.readme.pages import ROOT, Block, blocks, name
from tests.support.compiler import STRICT
from tests.support.ports import free_port
from tests.support.waiting import DEADLINE_S

PORT_IN_DOCUMENTS = "18883"
BEGUN_ELSEWHERE = {"docs/connection.md": "README.md"}
"""A page that goes on where another one ends."""
EXAMPLES = "examples/README.md"
"""Goes on where the demo ends: with the programs that this has built."""
OTHER_PAGES = ["schema/README.md", EXAMPLES]
FOLLOWED = [*OTHER_PAGES, *(name(page) for page in sorted((ROOT / "docs").glob("*.md")))]
INCLUDED = """\
#include <inttypes.h>
#include <mqbind/mosquitto.h>
#include <mqbind/paho.h>
#include <stdio.h>
#include <string.h>
#include "folotoy_application.h"
#include "thingspanel_platform.h"
"""
"""What pieces of C need, besides what their page says before."""
SAID_BEFORE = {
    "docs/calls.md": """\
extern struct folotoy_application application;
extern struct folotoy_i_want_play message;
extern struct mqb_str sn;
""",
    "docs/connection.md": "extern struct mqb_client client;\n",
    "docs/messages.md": """\
#include "eztcloud_app_platform.h"
#include "folotoy_toy.h"
""",
    "docs/fleets.md": """\
extern struct mqb_client client;
extern const struct thingspanel_platform_handlers handlers;
""",
}
NOT_MEANT = ("shadow", "unused-function", "unused-variable")
"""Warnings about how the pieces are put together."""
STATEMENT = re.compile(r"^\w+\(.*\);$", re.MULTILINE)
PATIENCE = "sleep() { command sleep $((5 * $1)); }"
"""Programs get more time to begin than a reader gives them: the machine may be busy."""
RUN_ELSEWHERE = re.compile(r"make (demo|test)\b")
"""The first has a test of its own below; the second is what runs this test."""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    return copy_repository(tmp_path / "mqbind")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A clone in which the demo was run, and what that printed."""
    folder = copy_repository(tmp_path_factory.mktemp("demo") / "mqbind")
    return folder, run("make demo", folder)


def copy_repository(folder: Path) -> Path:
    """What a clone of the repository would have, with the set-up done already."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for file in names.splitlines():
        if (ROOT / file).is_file():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / file, folder / file)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    return folder


def insert_below(file: Path, landmarks: tuple[str, ...], text: str) -> None:
    """Insert text below a line, the first after another line if there are two."""
    lines = file.read_text().splitlines(keepends=True)
    place = 0
    for landmark in landmarks:
        place = lines.index(f"{landmark}\n", place) + 1
    file.write_text("".join([*lines[:place], text, *lines[place:]]))


def can_be_followed(page: Path) -> bool:
    return any(block.language in ("sh", "c") for block in blocks(page))


@dataclass
class Reader:
    """Somebody with a shell: where it is, and what the last commands printed."""

    folder: Path
    output: str = ""

    def do(self, block: Block) -> None:
        match block.language, block.words:
            case "sh", _ if not RUN_ELSEWHERE.match(block.text):
                self.run(block.text)
            case "text", _:
                assert [line for line in block.text.splitlines() if line not in self.output] == []
            case "yaml", (file, "below", *landmarks):
                insert_below(self.folder / file, tuple(landmarks), block.text)
            case _, ("in", _):
                pass
            case _, (file,):
                (self.folder / file).parent.mkdir(parents=True, exist_ok=True)
                (self.folder / file).write_text(block.text)

    def run(self, script: str) -> None:
        """Run the commands; the next ones begin in the folder in which these end."""
        place = self.folder / ".folder"
        script = f"trap 'pwd >{place}' EXIT\n{script}"
        self.output = run(script, self.folder)
        self.folder = Path(place.read_text().strip())
        place.unlink()


def follow(reader: Reader, page: Path) -> None:
    """Do what each block says; those that quote a file are compared with it in the end."""
    port = str(free_port())
    for block in blocks(page):
        text = block.text.replace(PORT_IN_DOCUMENTS, port)
        reader.do(Block(language=block.language, words=block.words, text=text))
    for block in blocks(page):
        if block.words[:1] == ("in",):
            assert block.text in (reader.folder / block.words[1]).read_text()


def compile_pieces(page: str, clone: Path) -> None:
    """Compile the C that is not a file, in the order of the page."""
    pieces = [
        block.text for block in blocks(clone / page) if (block.language, block.words) == ("c", ())
    ]
    if not pieces:
        return
    code = STATEMENT.sub(
        r"void statement(void);\nvoid statement(void)\n{\n\g<0>\n}", "".join(pieces)
    )
    source = clone / "piece.c"
    source.write_text(INCLUDED + SAID_BEFORE.get(page, "") + code)
    folders = ("include", "generated/eztcloud_app", "generated/folotoy", "generated/thingspanel")
    options = ["-std=c11", *STRICT, *(f"-Wno-{name}" for name in NOT_MEANT)]
    command = ["gcc", *options, *(f"-I{folder}" for folder in folders), "-fsyntax-only", "piece.c"]
    done = subprocess.run(command, cwd=clone, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def run(script: str, folder: Path) -> str:
    command = ["bash", "-euo", "pipefail", "-c", f"{PATIENCE}\n{script}"]
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, "XDG_CACHE_HOME": str(folder / "build" / "cache")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(timeout=DEADLINE_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        output, _ = process.communicate()
    assert process.returncode == 0, f"{script}\n{output}"
    return output


def is_followed(page: str) -> bool:
    return page != EXAMPLES and can_be_followed(ROOT / page)


@pytest.mark.parametrize("page", [page for page in FOLLOWED if is_followed(page)])
def test_what_it_says_works(clone: Path, page: str) -> None:
    reader = Reader(folder=clone)
    if page in BEGUN_ELSEWHERE:
        follow(reader, clone / BEGUN_ELSEWHERE[page])
    follow(reader, clone / page)
    compile_pieces(page, clone)


def test_readme_is_followed() -> None:
    assert "README.md" in {*FOLLOWED, *BEGUN_ELSEWHERE.values()}


def test_demo(demo: tuple[Path, str]) -> None:
    _, transcript = demo
    assert "refused on /sys/folotoy/e465b881d850/thing/command/call" in transcript
    assert "Everything happened as expected." in transcript


def test_examples(demo: tuple[Path, str]) -> None:
    folder, _ = demo
    follow(Reader(folder=folder), folder / EXAMPLES)
    compile_pieces(EXAMPLES, folder)
