"""After a change, mqbind_add_protocol() regenerates and recompiles what it must, and only that."""

import re
import shutil
from pathlib import Path

import pytest

from tests.consumers.installation import DOOR_SAYS, Door, attempt, run
from tests.support.scale import LONG

GENERATORS = ("Unix Makefiles", "Ninja Multi-Config", "Ninja")


@pytest.fixture(params=GENERATORS if LONG else GENERATORS[:2])
def built(request: pytest.FixtureRequest, door: Door, prefix: Path) -> Door:
    door.configure(f"-G{request.param}", f"-DCMAKE_PREFIX_PATH={prefix}")
    door.make()
    return door


def compiled(commands: str) -> set[str]:
    """Names of the sources that a build compiled."""
    return set(re.findall(r" -o \S*?([^/\s]+\.c)\.o\b", commands))


def generated(commands: str) -> bool:
    return " generate " in commands


def test_what_is_gone_comes_back(built: Door) -> None:
    """One after the other, as configuring a project takes a while."""
    commands = built.make()
    assert not compiled(commands)
    assert not generated(commands)

    (built.source / "door.yaml").touch()
    commands = built.make()
    assert generated(commands)
    assert not compiled(commands)
    assert not generated(built.make())

    folder = built.build / "door_protocol.mqbind" / "generated"
    (folder / "door_state.c").unlink()
    assert compiled(built.make()) == {"door_state.c"}
    (folder / "door_state.h").unlink()
    assert {"door_state.c", "main.c"} <= compiled(built.make())
    shutil.rmtree(folder)
    assert "door_unlock.c" in compiled(built.make())
    assert not generated(built.make())

    built.edit("door.yaml", "maximum: 60\n", "maximum: sixty\n")
    with pytest.raises(AssertionError, match=r"door\.yaml:\d+:\d+: error: "):
        built.make()
    built.edit("door.yaml", "maximum: sixty\n", "maximum: 60\n")
    assert not compiled(built.make())


def test_a_new_message_is_a_new_file(door: Door, prefix: Path) -> None:
    door.configure("-GUnix Makefiles", f"-DCMAKE_PREFIX_PATH={prefix}")
    door.make()
    door.edit(
        "door.yaml",
        "operations:\n",
        "  bell:\n    address: door/{id}/bell\n    parameters:\n      id: {}\n"
        "    messages:\n      Bell:\n        payload:\n          type: boolean\n"
        "operations:\n  bell:\n    action: send\n    channel:\n      $ref: '#/channels/bell'\n",
    )
    door.edit("CMakeLists.txt", "OPERATIONS unlock state", "OPERATIONS unlock state bell")
    assert "door_bell.c" in compiled(door.make())
    door.edit("CMakeLists.txt", "OPERATIONS unlock state bell", "OPERATIONS unlock state")
    door.make()
    assert not list(door.build.rglob("door_bell.[ch]"))
    assert door.says() == DOOR_SAYS


def test_a_new_title_needs_no_force(door: Door, prefix: Path) -> None:
    """The folder in the build tree is nobody else's: what another title had goes."""
    door.configure("-GNinja", f"-DCMAKE_PREFIX_PATH={prefix}")
    door.make()
    door.edit("door.yaml", "title: Door", "title: Gate")
    door.edit("door.yaml", "Unlock:\n", "Open:\n")
    door.edit("main.c", "door_unlock", "door_open")
    door.edit("main.c", ".unlock = unlock", ".open = unlock")
    assert "door_open.c" in compiled(door.make())
    assert not list(door.build.rglob("door_unlock.[ch]"))


def test_clean_removes_no_readme(door: Door, prefix: Path) -> None:
    """In a folder with sources, what it removes is what the next build generates again."""
    options = ("-GNinja", f"-DCMAKE_PREFIX_PATH={prefix}")
    door.edit("CMakeLists.txt", "VIEW own", 'OUTPUT_DIR "${CMAKE_SOURCE_DIR}" VIEW own')
    (door.source / "README.md").write_text("# My door\n")
    refusal = attempt(*door.configure_command(*options))
    assert refusal.returncode != 0
    assert "README.md` was not generated from" in refusal.stderr
    (door.source / "README.md").unlink()
    door.configure(*options)
    door.make()
    before = {path.name for path in door.source.iterdir()}
    (door.source / "README.md").write_text("# My door\n")
    run("cmake", "--build", door.build, "--target", "clean")
    assert (door.source / "README.md").read_text() == "# My door\n"
    removed = before - {path.name for path in door.source.iterdir()}
    assert "door_state.c" in removed
    assert all(name.startswith("door_") for name in removed)


def test_the_root_is_an_argument(door: Door, prefix: Path) -> None:
    options = ("-GNinja", f"-DCMAKE_PREFIX_PATH={prefix}")
    (door.source / ".git").mkdir()
    outside = (door.source / "parts.yaml").rename(door.source.parent / "parts.yaml")
    door.edit("door.yaml", "parts.yaml", "../parts.yaml")
    refusal = attempt(*door.configure_command(*options))
    assert "is outside the root directory" in " ".join(refusal.stderr.split())
    door.edit("CMakeLists.txt", "VIEW own", "ROOT .. VIEW own")
    door.configure(*options)
    door.make()
    assert door.says() == DOOR_SAYS
    outside.touch()
    assert generated(door.make())
