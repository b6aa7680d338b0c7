"""Compiling C for tests: one file or many, and the runtime, once for all tests."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from mqbind.tools.engines import PROFILES, runtime_headers, runtime_options, runtime_sources

ROOT = Path(__file__).parents[2]
PARSERS = tuple(PROFILES)
"""The engines of the reader, and the profile that adds a first pass to one of them."""
ENGINE_OF = {"speed": "direct"}
"""The engine of a profile."""
STRICT = ("-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror")
COVERAGE_DIR = os.environ.get("MQBIND_COVERAGE_DIR")
"""Set when coverage is measured: objects stay there, and count instead of being sanitized."""
SANITIZE = (
    "-DMQB_CHECKED",
    *(
        ("-g", "-O0", "--coverage")
        if COVERAGE_DIR
        else ("-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")
    ),
)
UNOPTIMIZED = ("-O0",)
"""After all other options, so it counts: most generated code is compiled often and run little."""
RELEASE = ("gcc", "-std=c11", "-O2", "-g", "-DNDEBUG", *STRICT)
CHECKED = ("gcc", "-std=c11", "-O1", "-g", "-DMQB_CHECKED", *STRICT)
SANITIZED = ("gcc", "-std=c11", *SANITIZE, "-fPIC", *STRICT)
"""Commands to compile with. Tests that use the same one share the runtime."""
_RUNTIMES = Path(COVERAGE_DIR or ROOT / "build") / "runtimes"


def run(*command: str | Path) -> None:
    """Run a command that must succeed."""
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def engine_options(parser: str) -> tuple[str, ...]:
    """The options that select an engine of the reader."""
    return PROFILES[parser]


def compile_c(compiler: str, files: Iterable[Path], program: Path, *options: str) -> None:
    """Compile, and link unless "-c" is among the options, under sanitizers; every warning is an
    error."""
    standard = "-std=c++17" if compiler.endswith("++") else "-std=c11"
    includes = ("-I", str(ROOT / "include"), "-I", str(program.parent))
    run(compiler, standard, *STRICT, *SANITIZE, *options, *includes, *files, "-o", program)


def compile_each(command: Sequence[str], sources: Iterable[Path], folder: Path) -> list[Path]:
    """The objects of these files, compiled in parallel. No two may have the same name and the same
    name of their folder."""
    folder.mkdir(parents=True, exist_ok=True)

    def compile_one(source: Path) -> Path:
        compiled = folder / f"{source.parent.name}-{source.stem}.o"
        run(*command, "-c", source, "-o", compiled)
        return compiled

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(compile_one, sources))


def runtime_library(parser: str = "jsmn") -> Path:
    """The runtime as `compile_c` compiles."""
    return runtime_archive(SANITIZED, parser)


def runtime_archive(
    command: Sequence[str], parser: str, *, mosquitto: bool = False, paho: bool = False
) -> Path:
    """The runtime with one engine, compiled with a command; with these transports if wanted.

    The first process that needs it makes it. It stays in build/runtimes/, in a folder that is named
    by all that it depends on.
    """
    engine = ENGINE_OF.get(parser, parser)
    command = [*command, *engine_options(engine), *runtime_options()]
    sources = runtime_sources(engine, "loopback", *(["mosquitto"] * mosquitto), *(["paho"] * paho))
    folder = _RUNTIMES / fingerprint(command, (*sources, *runtime_headers()))

    def make(archive: Path) -> None:
        run("ar", "rcs", archive, *compile_each(command, sources, folder))

    return made_once(folder / "libmqbind.a", make)


def made_once(file: Path, make: Callable[[Path], None]) -> Path:
    """A file that the first process that needs it makes, in a folder that is named by all that the
    file depends on."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with (file.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not file.exists():
            whole = file.with_stem(f"{file.stem}.whole")
            make(whole)
            whole.rename(file)
    return file


def link(
    command: Sequence[str], parser: str, arguments: Iterable[str | Path], program: Path
) -> None:
    """A program of files and the runtime with one engine, all compiled with the same command. The
    arguments are the files, and options for them alone."""
    options = (*engine_options(parser), *runtime_options())
    run(*command, *options, *arguments, runtime_archive(command, parser), "-o", program)


def fingerprint(command: Sequence[str], files: Iterable[Path]) -> str:
    """Tells apart what a command makes of these files, wherever they are."""
    digest = hashlib.sha256(repr((command, _version(command[0]))).encode())
    for file in files:
        content = file.read_bytes()
        digest.update(f"{file.name}:{len(content)}:".encode() + content)
    return digest.hexdigest()


@cache
def _version(compiler: str) -> str:
    done = subprocess.run([compiler, "--version"], capture_output=True, text=True, check=True)
    return done.stdout
