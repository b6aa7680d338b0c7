"""The fuzz targets: those that `mqbind generate --fuzz` writes, and those of the runtime's parts.

Each is a program of libFuzzer, built once with AddressSanitizer and UndefinedBehaviorSanitizer, and
once with MemorySanitizer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from mqbind.diagnostics import Diagnostics
from mqbind.emit.render import FUZZ_DRIVER
from mqbind.emit.write import write
from mqbind.pipeline import plan_schema, render_fuzz_target, render_plan
from mqbind.tools.engines import HOST, runtime_options
from mqbind.tools.replay import host_sides
from tests.support.compiler import (
    PARSERS,
    ROOT,
    STRICT,
    compile_each,
    engine_options,
    run,
    runtime_archive,
)

HERE = Path(__file__).parent
PARTS = HERE / "parts"

_ORACLE = ("mqbind_fuzz_json.c", "mqbind_fuzz_number.c")
"""What the parts of the runtime are held against."""


Change = Callable[[Sequence[Path]], None]
"""Edits sources."""


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
    optimization: str = "-O1"
    change: Change | None = None

    def build(self, target: Target) -> Path:
        """The program of a target."""
        folder = self.folder / target.name
        folder.mkdir(parents=True)
        sources = self._generate(target, folder)
        if target.part:
            sources = [*sources, PARTS / f"{target.part}.c"]
            sources += [] if target.schema else [FUZZ_DRIVER / name for name in _ORACLE]
        objects = compile_each(
            [*self._command("fuzzer-no-link"), *self._options(target, folder)],
            sources,
            folder / "objects",
        )
        # The linker leaves the transport out where nobody needs it.
        runtime = runtime_archive(self._command("fuzzer-no-link"), target.parser, mosquitto=True)
        program = folder / "fuzz"
        run(
            *self._command("fuzzer"),
            *objects,
            runtime,
            "-o",
            program,
            *(f"-Wl,--wrap={name}" for name in target.wrapped),
            *(("-lmosquitto", "-lssl", "-lcrypto", "-lm") if target.mosquitto else ("-lm",)),
        )
        return program

    def _command(self, fuzzer: str) -> list[str]:
        sanitizers = f"-fsanitize={fuzzer},{self.sanitizer}"
        options = ("-g", self.optimization, "-fno-sanitize-recover=all", "-std=c11", *STRICT)
        return ["clang", *options, sanitizers]

    def _options(self, target: Target, folder: Path) -> list[str]:
        """Only parts of the runtime see its own headers."""
        headers = runtime_options() if target.part else ("-I", str(ROOT / "include"))
        folders = [str(path) for path in (folder, FUZZ_DRIVER, HOST, PARTS)]
        return [*engine_options(target.parser), *headers, *(f"-I{path}" for path in folders)]

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
