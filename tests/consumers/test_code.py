"""What C and C++ programs rely on: every header stands alone, and the libraries ask for little."""

import re
import subprocess
from pathlib import Path

import pytest

from mqbind.tools.engines import ENGINES
from tests.consumers.installation import ROOT, run
from tests.support.compiler import STRICT

HEADERS = sorted([*(ROOT / "include").rglob("*.h"), *(ROOT / "generated").rglob("*.h")])
INCLUDES = [
    f"-I{ROOT / 'include'}",
    *sorted(f"-I{path}" for path in (ROOT / "generated").glob("*/")),
]
LANGUAGES = {
    "gcc": ("c", "-std=c11"),
    "clang": ("c", "-std=c11"),
    "g++": ("c++", "-std=c++11"),
    "clang++": ("c++", "-std=c++11"),
}
MEMORY_FUNCTIONS = {"memchr", "memcmp", "memcpy", "memmove", "memset"}


@pytest.mark.parametrize("compiler", LANGUAGES)
def test_every_header_alone(compiler: str, tmp_path: Path) -> None:
    """Twice, to see its include guard; in C++, with the warnings that C++ has."""
    language, standard = LANGUAGES[compiler]
    assert HEADERS
    for header in HEADERS:
        source = tmp_path / f"{header.stem}.{language}"
        source.write_text(f'#include "{header}"\n#include "{header}"\nextern int declared;\n')
        run(compiler, f"-x{language}", standard, *STRICT, *INCLUDES, "-fsyntax-only", source)


def test_every_header_together_in_cpp(tmp_path: Path) -> None:
    source = tmp_path / "all.cpp"
    source.write_text("".join(f'#include "{header}"\n' for header in HEADERS))
    run("g++", "-std=c++11", *STRICT, *INCLUDES, "-fsyntax-only", source)


def test_applications_see_no_internals(tmp_path: Path) -> None:
    """Not one line of `mqbind/detail/` reaches a program, whatever it includes."""
    public = (ROOT / "include" / "mqbind").glob("*.h")
    headers = [*sorted(public), *(ROOT / "generated").rglob("*.h")]
    for engine, options in ENGINES.items():
        source = tmp_path / f"{engine}.c"
        source.write_text("".join(f'#include "{header}"\n' for header in headers))
        files = run("gcc", "-std=c11", *options, *INCLUDES, "-E", source)
        seen = set(re.findall(r'^# \d+ "([^"]+)"', files, re.MULTILINE))
        assert {str(header) for header in headers} <= seen
        assert not [file for file in seen if "/detail/" in file]


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Runtime and generated code, compiled as for a microcontroller."""
    build = tmp_path_factory.mktemp("core")
    transports = ("-DMQBIND_MOSQUITTO=OFF", "-DMQBIND_PAHO=OFF")
    options = (*transports, "-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_C_COMPILER=gcc")
    freestanding = "-DCMAKE_C_FLAGS=-ffreestanding -fno-stack-protector"
    run("cmake", "-S", ROOT, "-B", build, "-GNinja", *options, freestanding)
    run("cmake", "--build", build)
    return build


def test_core_calls_only_memory_functions(core: Path) -> None:
    libraries = sorted(core.rglob("*.a"))
    assert len(libraries) == 6
    wanted, given = symbols("--undefined-only", libraries), symbols("--defined-only", libraries)
    assert wanted - given - {"_GLOBAL_OFFSET_TABLE_"} <= MEMORY_FUNCTIONS


def symbols(kind: str, libraries: list[Path]) -> set[str]:
    lines = run("nm", kind, "--format=posix", *libraries).splitlines()
    return {line.split()[0] for line in lines if len(line.split()) > 1}


def test_public_symbols_have_our_prefix(core: Path) -> None:
    """What a program links shares its names with no one."""
    names = symbols("--extern-only", [p for p in core.rglob("*.a") if "runtime" in p.name])
    assert all(
        name.startswith("mqb_") for name in names - MEMORY_FUNCTIONS - {"_GLOBAL_OFFSET_TABLE_"}
    )


def test_another_generated_abi_is_refused(tmp_path: Path) -> None:
    """Generated code of another mqbind says what to do about it."""
    header = next(h for h in HEADERS if h.parent.name == "folotoy")
    source = tmp_path / "old.c"
    source.write_text(
        "#include <mqbind/mqbind.h>\n"
        "#undef MQB_GENERATED_ABI\n#define MQB_GENERATED_ABI 999\n"
        f'#include "{header}"\n'
    )
    refused = subprocess.run(
        ["gcc", "-std=c11", *INCLUDES, "-fsyntax-only", str(source)], capture_output=True, text=True
    )
    assert refused.returncode != 0
    assert "regenerate" in refused.stderr.lower()
