"""Programs that decode, validate and encode payloads, and count what that costs."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from mqbind.diagnostics import Diagnostics
from mqbind.emit.write import write
from mqbind.pipeline import compile_schema
from mqbind.tools.engines import runtime_headers, runtime_options
from tests.support.codec import STATUS_NAMES, Target, targets_of
from tests.support.compiler import (
    RELEASE,
    ROOT,
    compile_each,
    engine_options,
    fingerprint,
    made_once,
    run,
    runtime_archive,
)

HERE = Path(__file__).parent
SUPPORT = ROOT / "tests" / "support"
COUNTING = (HERE / "harness.c", SUPPORT / "memory.c")
PROGRAMS = ROOT / "build" / "growth"
_TOTALS = re.compile(r"^desc: Trigger: Client Request: (\S+)$.*?^totals: (\d+)$", re.M | re.S)

_ROW = """\
    {{"{name}", sizeof({type}), bytes_{name}, decode_{name}, validate_{name}, encode_{name}}},
"""

_FUNCTIONS = """\
static size_t bytes_{name}(size_t payload_bytes)
{{
    return {macro}_SCRATCH_BYTES(payload_bytes) + (payload_bytes + 2) * MQB_TOKEN_BYTES;
}}

static enum mqb_status decode_{name}(
    void *value, struct mqb_str json, struct mqb_scratch *scratch, struct mqb_error *error)
{{
    return {name}_decode(value, json, scratch, error);
}}

static enum mqb_status validate_{name}(const void *value, struct mqb_error *error)
{{
    return {name}_validate(value, error);
}}

static enum mqb_status encode_{name}(
    const void *value, char *buf, size_t cap, size_t *len, struct mqb_error *error)
{{
    return {name}_encode(value, buf, cap, len, error);
}}
"""

_TABLE = """\
{includes}

struct growth_message {{
    const char *name;
    size_t size;
    size_t (*scratch_bytes)(size_t payload_bytes);
    enum mqb_status (*decode)(void *, struct mqb_str, struct mqb_scratch *, struct mqb_error *);
    enum mqb_status (*validate)(const void *, struct mqb_error *);
    enum mqb_status (*encode)(const void *, char *, size_t, size_t *, struct mqb_error *);
}};

{functions}
static const struct growth_message growth_messages[] = {{
{rows}    {{0}},
}};
"""


class Unit(Enum):
    """What is counted, and the option for the compiler."""

    BLOCKS = "-fsanitize-coverage=trace-pc"
    INSTRUCTIONS = ""


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one work cost. `bytes` is the length of the text."""

    status: str
    count: int
    bytes: int


@dataclass(frozen=True, kw_only=True)
class Question:
    """A payload of a message; `label` tells it from others."""

    c_name: str
    label: str
    payload: bytes


@dataclass(frozen=True, kw_only=True)
class Counter:
    """A program for one engine."""

    program: Path
    unit: Unit

    def costs(self, questions: Sequence[Question], folder: Path) -> Mapping[tuple[str, str], Cost]:
        """By label and work: decode, and validate and encode of what is decoded."""
        lines = [self._line(question, folder) for question in questions]
        dump = folder / "callgrind"
        options = ("--tool=callgrind", "--combine-dumps=yes", f"--callgrind-out-file={dump}")
        counts = self.unit is Unit.INSTRUCTIONS
        wrapper = ("valgrind", "--quiet", *options) if counts else ()
        done = subprocess.run(
            [*wrapper, str(self.program)], input="".join(lines), capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        instructions = dict(_TOTALS.findall(dump.read_text())) if counts else {}
        found = {}
        for row in done.stdout.splitlines():
            label, work, status, blocks, size = row.split()
            count = instructions[f"{label}:{work}"] if counts else blocks
            cost = Cost(status=STATUS_NAMES[int(status)], count=int(count), bytes=int(size))
            found[label, work] = cost
        return found

    @staticmethod
    def _line(question: Question, folder: Path) -> str:
        path = folder / question.label
        path.write_bytes(question.payload)
        return f"{question.c_name} {question.label} {path}\n"


def build(schema: Path, folder: Path, parser: str, unit: Unit) -> Counter:
    """Generate and compile a schema, as a release is compiled. The program stays in build/growth/
    until the generated code, the runtime or what counts changes."""
    folder.mkdir(parents=True, exist_ok=True)
    write(folder, compile_schema(schema, Diagnostics()).files)
    (folder / "messages.h").write_text(_table(targets_of(schema)))
    counted = (*RELEASE, *unit.value.split())
    engine = engine_options(parser)
    runtime = runtime_archive(counted, parser)
    files = (*sorted(folder.glob("*.[ch]")), *COUNTING, *runtime_headers(), runtime)

    def make(program: Path) -> None:
        parts = folder / f"{parser}_{unit.name.lower()}"
        options = (*engine, *runtime_options(), "-I", str(folder), "-I", str(SUPPORT))
        objects = [
            *compile_each([*counted, *options], sorted(folder.glob("*.c")), parts),
            *compile_each([*RELEASE, *options, "-DCOUNT_BLOCKS"], COUNTING, parts),
        ]
        run("gcc", *objects, runtime, "-o", program)

    kept = PROGRAMS / fingerprint((*counted, *engine), files)
    return Counter(program=made_once(kept / "growth", make), unit=unit)


def _table(targets: Sequence[Target]) -> str:
    each = [
        {"name": target.c_name, "type": target.c_type, "macro": target.c_name.upper()}
        for target in targets
    ]
    return _TABLE.format(
        includes="\n".join(f'#include "{target.header}"' for target in targets),
        functions="\n".join(_FUNCTIONS.format(**names) for names in each),
        rows="".join(_ROW.format(**names) for names in each),
    )
