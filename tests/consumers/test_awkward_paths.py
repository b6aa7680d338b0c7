"""A project may be in any folder in which CMake can build one that generates a source.

That is tried with a plain project in the same folder: with some characters, CMake, Ninja or Make
cannot build anything, or builds it again each time. With MQBIND_LONG every path is tried with every
generator.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.consumers.installation import DOOR, MQBIND, attempt, configure_command
from tests.support.scale import LONG

GENERATORS = ("Ninja", "Unix Makefiles", "Ninja Multi-Config")
PATHS = {
    "blanks": "a  b c",
    "apostrophe": "it's",
    "quotes": 'say "door"',
    "dollar": "dol$lar",
    "variable": "${HOME}",
    "semicolon": "se;mi",
    "hash": "ha#sh",
    "ampersand": "am&p",
    "unicode": "Tür 門 дверь",
    "parentheses": "(a) b)",
    "brackets": "[a] [[b]]",
    "open bracket": "[a",
    "at": "@a@b@PATH@",
    "percent": "per%cent%20",
    "backslash": "back\\slash",
    "leading dot": ".hidden",
    "leading dash": "-dash/--dash",
    "long": "/".join(["long" * 15] * 3),
    "other signs": "a,b+c=d~e^f!g{h}",
    "link": "link",
}
MANY = "-Tür [a] (b) @c@ %20 $d, {e}+=~"
SAMPLE = [(MANY, "Ninja"), ("link", "Unix Makefiles")]

PLAIN = """\
cmake_minimum_required(VERSION 3.20)
project(plain LANGUAGES C)
add_custom_command(
  OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/f.c"
  COMMAND "${CMAKE_COMMAND}" -E copy "${CMAKE_CURRENT_SOURCE_DIR}/f.txt"
          "${CMAKE_CURRENT_BINARY_DIR}/f.c"
  DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/f.txt" VERBATIM)
add_custom_target(generate DEPENDS "${CMAKE_CURRENT_BINARY_DIR}/f.c")
add_executable(plain "${CMAKE_CURRENT_BINARY_DIR}/f.c")
"""
OURS = """\
cmake_minimum_required(VERSION 3.20)
project(ours LANGUAGES C)
find_package(mqbind REQUIRED COMPONENTS runtime)
mqbind_add_protocol(TARGET door SCHEMA door.yaml VIEW own OPERATIONS state)
"""
OUTCOMES = ("not configured", "not built", "built each time", "built")


def outcome(source: Path, generator: str, *options: str) -> str:
    """How far a project comes, of OUTCOMES."""
    build = source / "build"
    if attempt(*configure_command(source, build, f"-G{generator}", *options)).returncode:
        return "not configured"
    # From here, as Ninja on the command line cannot be given every path.
    if attempt("cmake", "--build", ".", cwd=build).returncode:
        return "not built"
    again = attempt("cmake", "--build", ".", cwd=build).stdout
    return "built each time" if "Building" in again else "built"


def folder_in(place: Path, name: str) -> Path:
    folder = place / name
    if name == "link":
        (place / "real" / "folder").mkdir(parents=True)
        folder.symlink_to("real/folder")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.mark.parametrize(
    ("name", "generator"),
    [(name, each) for name in PATHS.values() for each in GENERATORS] if LONG else SAMPLE,
)
def test_a_project_builds_where_cmake_can(
    name: str, generator: str, tmp_path: Path, prefix: Path
) -> None:
    folder = folder_in(tmp_path, name)
    plain, ours = folder / "plain", folder / "ours"
    plain.mkdir()
    (plain / "CMakeLists.txt").write_text(PLAIN)
    (plain / "f.txt").write_text("int main(void) { return 0; }\n")
    expected = outcome(plain, generator)
    if not LONG:
        assert expected == "built"

    shutil.copytree(DOOR, ours)
    (ours / "CMakeLists.txt").write_text(OURS)
    options = (f"-DCMAKE_PREFIX_PATH={prefix}", f"-DMQBIND_EXECUTABLE={MQBIND}")
    reached = outcome(ours, generator, *options)
    assert OUTCOMES.index(reached) >= OUTCOMES.index(expected), (reached, expected)
    if expected == "built":
        parts = ours / "parts.yaml"
        parts.write_text(parts.read_text().replace("open:", "shut:").replace("[open]", "[shut]"))
        said = attempt("cmake", "--build", ".", cwd=ours / "build").stdout
        assert "door_state.c" in said
