"""The runtime as one source file and one header, which is all that a program needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.consumers.installation import MQBIND, ROOT, attempt, run
from tests.support.compiler import PARSERS, STRICT, engine_options

GENERATED = ROOT / "generated" / "folotoy"
PROGRAM = ROOT / "tests" / "memory" / "kept.c"
"""A side that receives a message over the loopback, and its output without MQB_CHECKED."""

OUTPUT = "610a62\n746f7937\n"
TRANSPORTS = {"loopback": (), "mosquitto": ("-DMQB_MOSQUITTO",)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("amalgamation")
    run(MQBIND, "amalgamate", "-o", folder)
    return folder


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_a_generated_side_runs(
    compiler: str, parser: str, transport: str, folder: Path, tmp_path: Path
) -> None:
    options = ("-std=c11", *STRICT, *engine_options(parser), "-I", str(folder))
    library = tmp_path / "mqbind.o"
    run(compiler, *options, *TRANSPORTS[transport], "-c", folder / "mqbind.c", "-o", library)
    sources = (*GENERATED.glob("*.c"), PROGRAM)
    libraries = ("-lmosquitto", "-lssl", "-lcrypto") if TRANSPORTS[transport] else ()
    program = tmp_path / "program"
    run(compiler, *options, "-I", GENERATED, *sources, library, *libraries, "-o", program)
    assert run(program) == OUTPUT


@pytest.mark.parametrize("parser", PARSERS)
def test_code_for_size_calls_what_is_inline_elsewhere(
    parser: str, folder: Path, tmp_path: Path
) -> None:
    options = ("-std=c11", "-Os", *STRICT, *engine_options(parser), "-I", str(folder))
    sources = (*GENERATED.glob("*.c"), PROGRAM, folder / "mqbind.c")
    run("gcc", *options, "-I", GENERATED, *sources, "-o", tmp_path / "program")
    assert run(tmp_path / "program") == OUTPUT


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("compiler", ["g++", "clang++"])
def test_the_header_is_cpp(compiler: str, parser: str, folder: Path) -> None:
    options = ("-xc++", "-std=c++11", *STRICT, *engine_options(parser), "-fsyntax-only")
    run(compiler, *options, "-include", folder / "mqbind.h", "/dev/null")


def test_only_its_own_files_are_replaced(tmp_path: Path) -> None:
    run(MQBIND, "amalgamate", "-o", tmp_path)
    first = {path: path.read_bytes() for path in tmp_path.rglob("*.[ch]")}
    run(MQBIND, "amalgamate", "-o", tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.[ch]")} == first
    (tmp_path / "mqbind.c").write_text("int mine;\n")
    refused = attempt(MQBIND, "amalgamate", "-o", tmp_path)
    assert refused.returncode == 2
    assert "mqbind.c was not written by `mqbind amalgamate`" in refused.stderr
    assert (tmp_path / "mqbind.c").read_text() == "int mine;\n"


def test_links_are_not_followed(tmp_path: Path) -> None:
    run(MQBIND, "amalgamate", "-o", tmp_path / "out")
    mine = tmp_path / "mine.c"
    (tmp_path / "out" / "mqbind.c").rename(mine)
    mine.write_text(f"{mine.read_text()}int mine;\n")
    before = mine.read_text()
    (tmp_path / "out" / "mqbind.c").symlink_to(mine)
    assert attempt(MQBIND, "amalgamate", "-o", tmp_path / "out").returncode == 2
    assert mine.read_text() == before
