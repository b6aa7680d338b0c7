"""Both engines of the reader in one program that compares them: build it, and run it for long.

python -m tests.fuzz.engines tests/cases/unions/schema.yaml --seed 1 --rounds 10000000
python -m tests.fuzz.engines tests/cases/unions/schema.yaml --libfuzzer --seconds 60
"""

from __future__ import annotations

import argparse
import json
import re
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
from mqbind.tools.engines import runtime_options, runtime_sources
from tests.support.codec import (
    PARSERS,
    compile_c,
    engine_options,
    runtime_library,
)
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


_ROW = re.compile(r'\{"(\w+)", judge_')


def build(schema: Path, folder: Path, *, libfuzzer: bool = False) -> Path:
    """The program; its inputs are the messages of the schema."""
    diagnostics = Diagnostics()
    write(folder, compile_schema(schema, diagnostics).files, force=True)
    plan = build_plan(read(schema, diagnostics), diagnostics)
    messages = [message for message in plan.messages if message.is_json]
    compiler = "clang" if libfuzzer else "gcc"
    for parser in PARSERS:
        main = _engine_of(folder, parser, messages)
        _build_engine(compiler, main, parser, watched=libfuzzer)
    options = ("-DLIBFUZZER", "-fsanitize=fuzzer") if libfuzzer else ()
    program = folder / "engines"
    shared = [folder / f"libengine_{parser}.so" for parser in PARSERS]
    compile_c(
        compiler,
        [HERE / "engines.c", *shared, runtime_library()],
        program,
        *("-I", str(HERE), f"-Wl,-rpath,{folder}"),
        *options,
    )
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


def _build_engine(compiler: str, main: Path, parser: str, *, watched: bool) -> None:
    """A library of the engine and the messages. If it is watched, libFuzzer sees what runs."""
    folder = main.parent
    generated = [path for path in folder.glob("*.c") if not path.name.startswith("engine_")]
    runtime = runtime_sources(parser) if watched else [runtime_library(parser)]
    compile_c(
        compiler,
        [main, *sorted(generated), *runtime],
        folder / f"lib{main.stem}.so",
        *engine_options(parser),
        *("-shared", "-fPIC", "-fvisibility=hidden", "-Wl,--exclude-libs,ALL"),
        *(*runtime_options(), "-I", str(HERE), "-I", str(folder)),
        *(("-fsanitize=fuzzer-no-link",) if watched else ()),
    )


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


def _seeds(schema: Path, folder: Path) -> Path:
    """A folder of inputs for libFuzzer to begin with: the number of a message, and its payload."""
    seeds = folder / "seeds"
    seeds.mkdir()
    names = _ROW.findall((folder / f"engine_{PARSERS[0]}.c").read_text())
    for number, line in enumerate(corpus(schema, verdicts_of(schema)).splitlines()):
        name, _, payload = line.partition(" ")
        (seeds / str(number)).write_bytes(bytes([names.index(name)]) + bytes.fromhex(payload))
    return seeds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("schema", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=1_000_000)
    parser.add_argument("--libfuzzer", action="store_true", help="let libFuzzer bring the bytes")
    parser.add_argument("--seconds", type=int, default=60, help="with --libfuzzer: for how long")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mqbind-engines-") as name:
        program = build(arguments.schema, Path(name), libfuzzer=arguments.libfuzzer)
        if arguments.libfuzzer:
            options = (f"-max_total_time={arguments.seconds}", "-max_len=512")
            subprocess.run([program, *options, _seeds(arguments.schema, Path(name))], check=True)
            return
        print(run(program, arguments.schema, arguments.seed, arguments.rounds), end="")


if __name__ == "__main__":
    main()
