"""All ways of reading in one program that compares them: build it, and run it for long.

python -m tests.fuzz.engines tests/cases/unions/schema.yaml --seed 1 --rounds 10000000
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from mqbind.diagnostics import Diagnostics
from mqbind.emit.write import write
from mqbind.pipeline import compile_schema, read
from mqbind.plan.build import build_plan
from mqbind.plan.nodes.files import MessageFile
from mqbind.plan.symbols.identifiers import snake
from mqbind.tools.engines import runtime_options
from tests.support.compiler import PARSERS, UNOPTIMIZED, compile_c, engine_options, runtime_library
from tests.support.documents import examples
from tests.support.verdicts import expectations

HERE = Path(__file__).parent
ROOT = HERE.parents[1]

_ENGINE = """\
#include "engine.h"

@INCLUDES@

@FUNCTIONS@

static const struct engine_message messages[] = {
@TABLE@
};

__attribute__((visibility("default"))) const struct engine engine_@PARSER@ = {
    messages, sizeof messages / sizeof messages[0]};
"""

_FUNCTION = """\
static void judge_@NAME@(struct mqb_str json, struct mqb_scratch *scratch, struct verdict *verdict)
{
    @TYPE@ message;

    verdict->encoded = MQB_OK;
    verdict->decoded = @NAME@_decode(&message, json, scratch, &verdict->error);
    if (verdict->decoded == MQB_OK)
        verdict->encoded = @NAME@_encode(
            &message, verdict->text, sizeof verdict->text, &verdict->len, &verdict->error);
    if (verdict->decoded == MQB_OK && verdict->encoded != MQB_OK)
        verdict->len = 0;
}
"""


def build(schema: Path, folder: Path) -> Path:
    """The program; its inputs are the messages of the schema."""
    diagnostics = Diagnostics()
    write(folder, compile_schema(schema, diagnostics).files, force=True)
    plan = build_plan(read(schema, diagnostics), diagnostics)
    messages = [message for message in plan.messages if message.is_typed]
    shared = [_build_engine(_engine_of(folder, parser, messages), parser) for parser in PARSERS]
    program = folder / "engines"
    options = ("-I", str(HERE), f"-Wl,-rpath,{folder}")
    compile_c("gcc", [HERE / "engines.c", *shared, runtime_library()], program, *options)
    return program


def _engine_of(folder: Path, parser: str, messages: Sequence[MessageFile]) -> Path:
    functions = (
        _FUNCTION.replace("@NAME@", message.c_name).replace("@TYPE@", message.c_type)
        for message in messages
    )
    rows = (f'    {{"{message.c_name}", judge_{message.c_name}}},' for message in messages)
    includes = (f'#include "{message.file_stem}.h"' for message in messages)
    main = folder / f"engine_{parser}.c"
    main.write_text(
        _ENGINE.replace("@FUNCTIONS@", "\n".join(functions))
        .replace("@TABLE@", "\n".join(rows))
        .replace("@INCLUDES@", "\n".join(includes))
        .replace("@PARSER@", parser)
    )
    return main


def _build_engine(main: Path, parser: str) -> Path:
    """A library of the engine and the messages."""
    folder = main.parent
    generated = [path for path in folder.glob("*.c") if not path.name.startswith("engine_")]
    library = folder / f"lib{main.stem}.so"
    compile_c(
        "gcc",
        [main, *sorted(generated), runtime_library(parser)],
        library,
        *(*UNOPTIMIZED, *engine_options(parser)),
        *("-shared", "-fPIC", "-fvisibility=hidden", "-Wl,--exclude-libs,ALL"),
        *(*runtime_options(), "-I", str(HERE)),
    )
    return library


def corpus(schema: Path, verdicts: Path | None) -> str:
    """The printed examples, and the payloads of a file of verdicts."""
    prefix = schema.stem
    found = [(f"{prefix}_{snake(key)}", json.dumps(value)) for key, _, value in examples(schema)]
    if verdicts:
        found = [(each.c_name, each.payload) for each in expectations(verdicts)]
    return "".join(f"{name} {payload.encode().hex()}\n" for name, payload in found)


def verdicts_of(schema: Path) -> Path:
    """The file of verdicts that belongs to a protocol or a case."""
    if schema.parent.name == "schema":
        return ROOT / "tests" / "protocols" / f"{schema.stem}.verdicts.yaml"
    return schema.parent / "verdicts.yaml"


def run(program: Path, schema: Path, seed: int, rounds: int) -> str:
    """Compare; the answer is a count of each status. A difference is an AssertionError."""
    done = subprocess.run(
        [program, str(seed), str(rounds)],
        input=corpus(schema, verdicts_of(schema)),
        capture_output=True,
        text=True,
        errors="replace",
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return done.stdout


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("schema", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=1_000_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mqbind-engines-") as name:
        program = build(arguments.schema, Path(name))
        print(run(program, arguments.schema, arguments.seed, arguments.rounds), end="")


if __name__ == "__main__":
    main()
