"""Code and stack on a Cortex-M4: `make size`, or `python -m tests.bench.size`.

Runtime, three messages and nothing else are compiled with -Os and linked without a C library: what
is not there cannot be used. libgcc stays, for what the processor cannot do itself. The stack of
each decode is painted, and looked at after it ran in an emulator. The maximum for any payload
is computed from the compiler's output: frames and calls of all functions.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from mqbind.tools.engines import runtime_sources
from tests.bench.payloads import HERE, ROOT, fields
from tests.bench.report import table
from tests.support.jsmn import copy_jsmn

BUILD = ROOT / "build" / "size"
JSMN_FOLDER = BUILD / "include"
CC = "arm-none-eabi-gcc"
EMULATOR = "qemu-arm"
TARGET = ("-mcpu=cortex-m4", "-mthumb", "-Os")
MESSAGES = (
    "folotoy/folotoy_update_common_config.c",
    "folotoy/folotoy_voice_generated.c",
    "thingspanel/thingspanel_ota_task.c",
)
PARSERS = ("direct", "jsmn")
STACK_WANTED, MESSAGE_WANTED, SHARED_WANTED = 160, 1200, 2000

_FRAME = re.compile(r'^node: .* title: "([^"]+)" label: ".*?(\d+) bytes', re.MULTILINE)
_CALL = re.compile(r'^edge: .* sourcename: "([^"]+)" targetname: "([^"]+)"', re.MULTILINE)
_INDIRECT = "__indirect_call"
_PLACED = re.compile(
    r"^ \.(text|rodata|data)\S*\s+0x[0-9a-f]+\s+0x([0-9a-f]+) (\S+)$", re.MULTILINE
)


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """Bytes of code and constants in a program of three messages.

    `stacks` are those of the decodes, in the order of the messages; `bounds` what any payload may
    take.
    """

    messages: dict[str, int]
    shared: int
    libgcc: int
    stacks: tuple[int, ...] = ()
    bounds: tuple[int, ...] = ()

    @property
    def total(self) -> int:
        return sum(self.messages.values()) + self.shared + self.libgcc


@dataclass(frozen=True, kw_only=True)
class Frames:
    """Bytes of stack of each function, and what it calls."""

    own: dict[str, int]
    calls: dict[str, set[str]]

    @classmethod
    def read(cls, files: Iterable[Path]) -> Frames:
        own: dict[str, int] = {}
        calls: dict[str, set[str]] = {}
        for text in (file.read_text() for file in files):
            own.update((name, int(size)) for name, size in _FRAME.findall(text))
            for caller, callee in _CALL.findall(text):
                calls.setdefault(caller, set()).add(callee)
        return cls(own=own, calls=calls)

    def deepest(self, name: str, *, reader: str, above: tuple[str, ...] = ()) -> int:
        """A call at the end of a function counts as one within it, so it may be less. The only
        function that is called through a pointer is the `reader`."""
        name = reader if name == _INDIRECT else name
        if name in above or name not in self.own:
            raise SystemExit(f"{name} has no bound: called by {' <- '.join(reversed(above))}")
        inside = (*above, name)
        below = (
            self.deepest(callee, reader=reader, above=inside) for callee in self.calls.get(name, ())
        )
        return self.own[name] + max(below, default=0)


def main() -> None:
    for program in (CC, EMULATOR):
        if not shutil.which(program):
            raise SystemExit(f"{program} is not installed")
    JSMN_FOLDER.mkdir(parents=True, exist_ok=True)
    copy_jsmn(JSMN_FOLDER)
    _write_payloads()
    decode = {parser: measure(parser) for parser in PARSERS}
    both = {parser: measure(parser, "-DWITH_ENCODE") for parser in PARSERS}
    walk = measure_walk()
    print(_report(decode, both, walk))
    whole = {
        "decode": {parser: asdict(sizes) for parser, sizes in decode.items()},
        "decode and encode": {parser: asdict(sizes) for parser, sizes in both.items()},
        "jsmn walk": walk,
    }
    (BUILD / "results.json").write_text(json.dumps(whole, indent=1))


def measure(parser: str, *options: str) -> Sizes:
    """Build with an engine of the reader; run it if it only decodes."""
    folder = BUILD / "-".join((parser, *(option.strip("-") for option in options)))
    folder.mkdir(exist_ok=True)
    if parser == "direct":
        options = (*options, "-DMQB_PARSER_DIRECT")
    main_c = HERE / "cortex" / "decode.c"
    memory_c = ROOT / "tests" / "support" / "memory.c"
    generated = [ROOT / "generated" / name for name in MESSAGES]
    sources = [memory_c, *generated, *runtime_sources(parser)]
    objects = _compile([main_c, *sources], folder, options)
    placed = _link(objects, folder / "program", "-nostdlib", "-lgcc")
    messages = {Path(name).stem: placed.pop(Path(name).stem, 0) for name in MESSAGES}
    placed.pop("decode")
    libgcc = placed.pop("libgcc", 0)
    sizes = Sizes(messages=messages, shared=sum(placed.values()), libgcc=libgcc)
    if "-DWITH_ENCODE" in options:
        return sizes
    frames = _frames(sources, folder / "frames", options)
    return replace(
        sizes,
        stacks=_stacks(objects, main_c, folder, options),
        bounds=tuple(
            frames.deepest("mqb_payload_decode", reader=f"{message}_read") for message in messages
        ),
    )


def _frames(sources: Sequence[Path], folder: Path, options: Sequence[str]) -> Frames:
    folder.mkdir(exist_ok=True)
    # Of two functions with the same code the compiler tells one, unless it keeps both.
    objects = _compile(sources, folder, (*options, "-fno-ipa-icf", "-fcallgraph-info=su"))
    return Frames.read(path.with_suffix(".ci") for path in objects)


def measure_walk() -> dict[str, int]:
    """The naive walk over jsmn's tokens, and what it needs of newlib, in bytes."""
    folder = BUILD / "walk"
    folder.mkdir(exist_ok=True)
    sources = [HERE / "cortex" / "walk.c", HERE / "peers" / "jsmn_walk.c", HERE / "fields.c"]
    objects = _compile(sources, folder, ("-I", str(JSMN_FOLDER), "-D_GNU_SOURCE"))
    libraries = ("-nostartfiles", "--specs=nano.specs", "--specs=nosys.specs")
    placed = _link(objects, folder / "program", *libraries)
    own = placed.pop("jsmn_walk") + placed.pop("fields", 0)
    placed.pop("walk")
    return {"jsmn and walk": own, "C library": sum(placed.values())}


def _write_payloads() -> None:
    lines = (
        f"#define {subject.name.upper()} {json.dumps(subject.texts[0].decode())}\n"
        for subject in fields()
    )
    (BUILD / "payloads.h").write_text("".join(lines))


def _compile(sources: Sequence[Path], folder: Path, options: Sequence[str]) -> list[Path]:
    with ThreadPoolExecutor() as pool:
        return list(pool.map(lambda source: _compile_one(source, folder, options), sources))


def _compile_one(source: Path, folder: Path, options: Sequence[str]) -> Path:
    compiled = folder / f"{source.stem}.o"
    includes = [
        *(HERE, BUILD, JSMN_FOLDER, ROOT / "include", ROOT / "runtime"),
        *(ROOT / "generated" / "folotoy", ROOT / "generated" / "thingspanel"),
    ]
    flags = ["-std=gnu11", "-ffunction-sections", "-fdata-sections", *TARGET, *options]
    paths = [f"-I{path}" for path in includes]
    _run(CC, *flags, *paths, "-c", str(source), "-o", str(compiled))
    return compiled


def _link(objects: Iterable[Path], program: Path, *libraries: str) -> dict[str, int]:
    """Bytes of code and constants that each object or library brought into the program."""
    whole = program.with_suffix(".map")
    options = ("-Wl,--gc-sections,--no-undefined,-Ttext=0x100000", f"-Wl,-Map={whole}")
    _run(CC, *TARGET, *options, *map(str, objects), "-o", str(program), *libraries)
    placed: dict[str, int] = {}
    for _, size, path in _PLACED.findall(whole.read_text().partition("memory map")[2]):
        name = Path(path.partition("(")[0]).stem
        placed[name] = placed.get(name, 0) + int(size, 16)
    return placed


def _stacks(
    objects: Sequence[Path], main_c: Path, folder: Path, options: Sequence[str]
) -> tuple[int, ...]:
    """What each decode takes of the stack."""
    others = [path for path in objects if path.stem != main_c.stem]
    painted = folder / "painted"
    painted.mkdir(exist_ok=True)
    (compiled,) = _compile([main_c], painted, (*options, "-DWITH_STACK"))
    _link([compiled, *others], painted / "program", "-nostdlib", "-lgcc")
    return tuple(int(line) for line in _run(EMULATOR, str(painted / "program")).split())


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def _report(decode: dict[str, Sizes], both: dict[str, Sizes], walk: dict[str, int]) -> str:
    names = [f"decode, {parser}" for parser in decode]
    names += [f"decode and encode, {parser}" for parser in both]
    columns = [*decode.values(), *both.values()]
    stems = [Path(name).stem for name in MESSAGES]
    rows = [
        *([stem, *(f"{sizes.messages[stem]:,}" for sizes in columns)] for stem in stems),
        ["shared runtime", *(f"{sizes.shared:,}" for sizes in columns)],
        ["libgcc", *(f"{sizes.libgcc:,}" for sizes in columns)],
        ["total", *(f"{sizes.total:,}" for sizes in columns)],
        *_stack_rows(stems, columns),
    ]
    version = _run(CC, "-dumpversion").strip()
    walked = ", ".join(f"{name} {size:,}" for name, size in walk.items())
    return (
        f"Cortex-M4, {CC} {version} {' '.join(TARGET)}, linked without a C library:\n"
        "neither strtod nor printf nor malloc are there.\n\n"
        + table(["bytes", *names], rows)
        + f"\nThe naive walk over jsmn's tokens, which checks nothing: {walked} bytes.\n\n"
        + _targets(decode["direct"])
    )


def _stack_rows(stems: Sequence[str], columns: Sequence[Sizes]) -> list[list[str]]:
    return [
        [
            f"stack, {stem}",
            *(f"{sizes.stacks[place]:,}" if sizes.stacks else "-" for sizes in columns),
        ]
        for place, stem in enumerate(stems)
    ] + [
        [
            f"stack of any payload, {stem}",
            *(f"{sizes.bounds[place]:,}" if sizes.bounds else "-" for sizes in columns),
        ]
        for place, stem in enumerate(stems)
    ]


def _targets(direct: Sizes) -> str:
    stack, message = max(direct.stacks), max(direct.messages.values())
    rows = [
        _target("T9 stack of a decode, direct", STACK_WANTED, stack),
        _target("T9 code of a message that is decoded, direct", MESSAGE_WANTED, message),
        _target("T9 code that messages share, direct", SHARED_WANTED, direct.shared),
    ]
    return table(["target", "wanted", "reached", "met"], rows)


def _target(name: str, wanted: int, reached: int) -> list[str]:
    met = "yes" if reached <= wanted else "no"
    return [name, f"at most {wanted:,} bytes", f"{reached:,} bytes", met]


if __name__ == "__main__":
    main()
