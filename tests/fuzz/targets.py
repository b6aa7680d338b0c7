"""The fuzz targets: those that `mqbind generate --fuzz` writes, and those of the runtime's parts.

Each is a program of libFuzzer, built once with AddressSanitizer and UndefinedBehaviorSanitizer, and
once with MemorySanitizer.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from mqbind.diagnostics import Diagnostics
from mqbind.emit.write import write
from mqbind.pipeline import plan_schema, render_fuzz_target, render_plan
from mqbind.tools.engines import FUZZ_DRIVER, HOST, runtime_options, runtime_sources
from mqbind.tools.replay import host_sides
from tests.support.codec import PARSERS, STRICT, engine_options

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PARTS = HERE / "parts"


_ORACLE = ("mqbind_fuzz_json.c", "mqbind_fuzz_number.c")
"""What the parts of the runtime are held against."""


class Sanitizer(StrEnum):
    """What watches the program."""

    ADDRESS = "address,undefined"
    MEMORY = "memory"


@dataclass(frozen=True, kw_only=True)
class Target:
    """A program. `schema` is what its messages or sides come from; `part` is the file in parts/,
    or None for a target that mqbind generates. `wrapped` are functions that the part stands for."""

    name: str
    parser: str
    schema: Path | None = None
    part: str | None = None
    sides: bool = False
    mosquitto: bool = False
    wrapped: tuple[str, ...] = ()


def _generated() -> Iterable[Target]:
    for schema in sorted((ROOT / "schema").glob("*.yaml")):
        for parser in PARSERS:
            yield Target(name=f"{schema.stem}_{parser}", parser=parser, schema=schema)


_PROPERTIES = ROOT / "tests" / "cases" / "properties" / "schema.yaml"

TARGETS = (
    *_generated(),
    *(
        Target(name=part, part=part, parser="jsmn")
        for part in ("error_text", "json", "numbers", "topics", "utf8")
    ),
    Target(
        name="router",
        part="router",
        parser="jsmn",
        schema=HERE / "schemas" / "levels.yaml",
        sides=True,
    ),
    Target(
        name="properties",
        part="properties",
        parser="jsmn",
        schema=_PROPERTIES,
        mosquitto=True,
        wrapped=("mosquitto_message_v5_callback_set",),
    ),
    *(
        Target(name=f"client_{parser}", part="client", parser=parser, schema=_PROPERTIES)
        for parser in PARSERS
    ),
)


@dataclass(frozen=True, kw_only=True)
class Builder:
    """Builds targets in a folder with one sanitizer. `change` may edit generated sources first."""

    folder: Path
    sanitizer: Sanitizer
    change: Callable[[Sequence[Path]], None] | None = None
    _runtimes: dict[tuple[str, bool], list[Path]] = field(default_factory=dict)

    def build(self, target: Target) -> Path:
        """The program of a target."""
        folder = self.folder / target.name
        folder.mkdir(parents=True)
        sources = self._generate(target, folder)
        options = ["-I", str(folder), "-I", str(FUZZ_DRIVER), "-I", str(HOST), "-I", str(PARTS)]
        if target.part:
            sources = [*sources, PARTS / f"{target.part}.c"]
            sources += [] if target.schema else [FUZZ_DRIVER / name for name in _ORACLE]
        options += runtime_options() if target.part else []
        objects = self._compile(sources, folder / "objects", target.parser, options)
        program = folder / "fuzz"
        self._run(
            *(f"-fsanitize=fuzzer,{self.sanitizer}", "-o", str(program)),
            *map(str, (*objects, *self._runtime(target.parser, target.mosquitto))),
            *(f"-Wl,--wrap={name}" for name in target.wrapped),
            *(("-lmosquitto", "-lm") if target.mosquitto else ("-lm",)),
        )
        return program

    def _generate(self, target: Target, folder: Path) -> list[Path]:
        if target.schema is None:
            return []
        planned = plan_schema(target.schema, Diagnostics())
        files = dict(render_plan(planned.plan))
        if target.part is None:
            files |= render_fuzz_target(planned)
        if target.sides:
            files["host_sides.c"] = host_sides(planned.plan)
        write(folder, files)
        sources = [folder / name for name in files if name.endswith(".c")]
        if self.change:
            self.change(sources)
        return sources

    def _runtime(self, parser: str, mosquitto: bool) -> list[Path]:
        key = (parser, mosquitto)
        if key not in self._runtimes:
            transports = ("loopback", "mosquitto") if mosquitto else ("loopback",)
            sources = runtime_sources(parser, *transports)
            folder = self.folder / f"runtime-{parser}-{'mosquitto' if mosquitto else 'loopback'}"
            self._runtimes[key] = self._compile(sources, folder, parser, runtime_options())
        return self._runtimes[key]

    def _compile(
        self, sources: Sequence[Path], folder: Path, parser: str, options: Sequence[str]
    ) -> list[Path]:
        folder.mkdir(parents=True)

        def compile_one(source: Path) -> Path:
            result = folder / f"{source.stem}.o"
            self._run(
                *(f"-fsanitize=fuzzer-no-link,{self.sanitizer}", "-std=c11", *STRICT),
                *("-I", str(ROOT / "include"), *engine_options(parser), *options),
                *("-c", str(source), "-o", str(result)),
            )
            return result

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            return list(pool.map(compile_one, sources))

    def _run(self, *arguments: str) -> None:
        command = ["clang", "-g", "-O1", "-fno-sanitize-recover=all", *arguments]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


# ---- Corpora ----


def corpus_file(target: Target) -> Path:
    """The inputs that are kept, one a line, in hexadecimal."""
    return HERE / "corpus" / f"{target.name}.hex"


def read_corpus(target: Target, folder: Path) -> None:
    """Put the inputs that are kept into a folder, a file each."""
    folder.mkdir(parents=True, exist_ok=True)
    file = corpus_file(target)
    lines = file.read_text().splitlines() if file.exists() else []
    for number, line in enumerate(lines):
        (folder / f"kept-{number}").write_bytes(bytes.fromhex(line))


def write_corpus(target: Target, folder: Path) -> int:
    """Keep the inputs of a folder; returns how many."""
    inputs = sorted({path.read_bytes().hex() for path in folder.iterdir()})
    inputs.sort(key=lambda line: (len(line), line))
    file = corpus_file(target)
    file.parent.mkdir(exist_ok=True)
    file.write_text("".join(f"{line}\n" for line in inputs))
    return len(inputs)
