"""pyproject.toml states the version; headers, library and command agree with it."""

import re
import tomllib
from importlib.metadata import version
from pathlib import Path

from tests.consumers.installation import ROOT, run

VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
PROGRAM = """
#include <mqbind/mqbind.h>
#include <stdio.h>

int main(void)
{
    printf("%d.%d.%d %s %s\\n", MQBIND_VERSION_MAJOR, MQBIND_VERSION_MINOR, MQBIND_VERSION_PATCH,
           MQBIND_VERSION, mqb_version());
    return 0;
}
"""


def test_headers_and_library_have_the_version(tmp_path: Path) -> None:
    source = tmp_path / "main.c"
    source.write_text(PROGRAM)
    program = tmp_path / "main"
    library = ROOT / "runtime" / "version.c"
    run("gcc", "-std=c11", "-I", ROOT / "include", source, library, "-o", program)
    assert run(program) == f"{VERSION} {VERSION} {VERSION}\n"


def test_the_package_has_the_version() -> None:
    assert version("mqbind") == VERSION


def test_cmake_reads_the_version() -> None:
    text = (ROOT / "CMakeLists.txt").read_text()
    assert re.search(r"pyproject\.toml.*MQBIND_VERSION REGEX", text)
    assert "VERSION ${MQBIND_VERSION}" in text
