"""Many schemas in one program, for tests with thousands of payloads.

Each document is compiled by the command itself, so it is known to be refused as a user sees it. C
objects are kept in build/objects, named by all that they depend on.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import traceback
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from click.testing import CliRunner

from mqbind.cli import main
from tests.support.codec import Engines, Target, main_program
from tests.support.compiler import (
    COVERAGE_DIR,
    PARSERS,
    ROOT,
    SANITIZE,
    STRICT,
    UNOPTIMIZED,
    engine_options,
    fingerprint,
    run,
    runtime_library,
)

OBJECTS = Path(COVERAGE_DIR or ROOT / "build") / "objects"
_ERROR = re.compile(r"^[^\n]*?: error: (.*)$|^Error: (.*)$", re.MULTILINE)
_FIRST_OF_GCC = re.compile(r"^[^\n]*?: error: .*$", re.MULTILINE)
_DECODE = re.compile(
    r"^static inline enum mqb_status (\w+)_decode\(\n    ([^\n]*?)\*message,$", re.MULTILINE
)


@dataclass(frozen=True, kw_only=True)
class Generated:
    """What a document compiles to."""

    folder: Path
    targets: tuple[Target, ...]


@dataclass(frozen=True, kw_only=True)
class Refused:
    """Why a document does not compile: the first error, without its place and remedy."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class Crashed:
    """mqbind fell over; the end of its trace."""

    trace: str


def generate(
    document: Path, folder: Path, options: Sequence[str] = ()
) -> Generated | Refused | Crashed:
    """Run `mqbind generate`."""
    arguments = ["generate", str(document), "-o", str(folder), *options]
    result = CliRunner().invoke(main, arguments)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        return Crashed(trace="".join(traceback.format_exception(result.exception)[-2:]))
    if result.exit_code == 0:
        return Generated(folder=folder, targets=_targets(folder))
    error = _ERROR.search(result.output)
    assert error is not None, f"no error was reported: {result.output}"
    reported = (error.group(1) or error.group(2)).replace(f"{document.parent}/", "")
    return Refused(reason=reported.partition("; ")[0])


def _targets(folder: Path) -> tuple[Target, ...]:
    """The messages of JSON, as the headers declare them."""
    found = []
    for header in sorted(folder.glob("*.h")):
        for match in _DECODE.finditer(header.read_text()):
            c_name, c_type = match.group(1), match.group(2).strip()
            if c_type != "struct mqb_bytes":
                found.append(Target(c_name=c_name, c_type=c_type, header=header.name))
    return tuple(found)


Objects = Mapping[str, Sequence[Path]]
"""The object files by the engine of the reader that they are for."""


def build(generated: Mapping[str, Generated], program: Path) -> tuple[Engines, dict[str, str]]:
    """One program of all that compiles, and what the C compiler says of the rest, by name."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        compiled = pool.map(lambda each: compile_all(each.folder), generated.values())
        outcomes = dict(zip(generated, compiled, strict=True))
    good = {name: found for name, found in outcomes.items() if not isinstance(found, str)}
    bad = {name: found for name, found in outcomes.items() if isinstance(found, str)}
    targets = [target for name in good for target in generated[name].targets]
    folders = [generated[name].folder for name in good]
    return link(targets, folders, list(good.values()), program), bad


def link(
    targets: Sequence[Target], folders: Iterable[Path], objects: Sequence[Objects], program: Path
) -> Engines:
    """A program for each engine. They know the targets, whose headers are in the folders."""
    main_c = program.with_suffix(".c")
    main_c.write_text(main_program(targets))
    # The folders are too many for a command line.
    options = program.with_suffix(".options")
    options.write_text("\n".join(f'-I"{folder}"' for folder in folders))
    programs = []
    for parser in PARSERS:
        built = program.with_name(f"{program.name}_{parser}")
        main_o = built.with_suffix(".o")
        run("gcc", *_flags(parser), f"@{options}", "-c", main_c, "-o", main_o)
        parts = [main_o, *(path for each in objects for path in each[parser])]
        run("gcc", *SANITIZE, *parts, runtime_library(parser), "-o", built)
        programs.append(built)
    return Engines(programs)


def compile_all(folder: Path) -> Objects | str:
    """The objects of messages and types, or what the compiler says of the first that it refuses."""
    objects: dict[str, list[Path]] = {parser: [] for parser in PARSERS}
    for source in sorted(folder.glob("*.c")):
        if _is_side(source):
            continue
        for parser in PARSERS:
            found = _object(source, parser)
            if isinstance(found, str):
                return found
            objects[parser].append(found)
    return objects


def _is_side(source: Path) -> bool:
    """Sides route messages. Nothing here does."""
    return any(
        "<mqbind/binding.h>" in path.read_text() for path in (source, source.with_suffix(".h"))
    )


def _object(source: Path, parser: str) -> Path | str:
    texts = [source, *sorted(source.parent.glob("*.h"))]
    content = b"".join(path.read_bytes() for path in texts)
    compiled = OBJECTS / f"{hashlib.sha256(_surroundings(parser).encode() + content).hexdigest()}.o"
    if compiled.exists():
        return compiled
    OBJECTS.mkdir(parents=True, exist_ok=True)
    partial = compiled.with_suffix(f".{os.getpid()}")
    options = [*_flags(parser), "-I", str(source.parent)]
    command = ["gcc", *options, "-c", str(source), "-o", str(partial)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        error = _FIRST_OF_GCC.search(done.stderr)
        return error.group() if error else done.stderr
    # Another process may make the same one: a rename puts a whole file there.
    return partial.rename(compiled)


def _flags(parser: str) -> list[str]:
    options = (*STRICT, *SANITIZE, *UNOPTIMIZED, *engine_options(parser))
    return ["-std=c11", *options, "-I", str(ROOT / "include")]


@cache
def _surroundings(parser: str) -> str:
    """What every object depends on: compiler, options, the runtime's headers."""
    return fingerprint(("gcc", *_flags(parser)), sorted((ROOT / "include").rglob("*.h")))
