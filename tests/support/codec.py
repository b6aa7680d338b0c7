"""Generated code as a filter: payloads go in, what decode and encode make of them comes out.

The C files of a schema are compiled with the runtime, under sanitizers, into a host program that
knows every message by name.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

from mqbind.diagnostics import Diagnostics
from mqbind.emit.write import write
from mqbind.pipeline import compile_schema, read
from mqbind.plan.build import build_plan
from tests.support.compiler import (
    COVERAGE_DIR,
    PARSERS,
    ROOT,
    UNOPTIMIZED,
    compile_c,
    engine_options,
    runtime_library,
)
from tests.support.waiting import DEADLINE_S

_MAIN = """\
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mqbind/mqbind.h>

@INCLUDES@

struct verdict {
    const char *stage;
    struct mqb_error error;
    char text[1 << 16];
    size_t len;
};

@FUNCTIONS@

static const struct {
    const char *name;
    void (*judge)(struct mqb_str json, struct mqb_scratch *scratch, struct verdict *verdict);
} messages[] = {
@TABLE@
};

static void print_hex(const char *ptr, size_t len)
{
    putchar(' ');
    for (size_t i = 0; i < len; i++)
        printf("%02x", (unsigned char)ptr[i]);
    putchar('-');
}

static void answer(const char *name, struct mqb_str json)
{
    static struct verdict verdict;
    int known = 0;
    size_t bytes = (1 << 16) + 256 * json.len; /* more than any schema of the tests takes */
    struct mqb_scratch scratch = mqb_scratch_from(malloc(bytes), bytes);

    verdict.stage = NULL;
    for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
        if (strcmp(messages[i].name, name) == 0) {
            messages[i].judge(json, &scratch, &verdict);
            known = 1;
        }
    }
    if (!known)
        exit(2);
    if (verdict.stage) {
        printf("%s %d %zu", verdict.stage, (int)verdict.error.status, verdict.error.offset);
        print_hex(verdict.error.path, strlen(verdict.error.path));
        print_hex(verdict.error.rule, strlen(verdict.error.rule));
        print_hex(verdict.error.value, strlen(verdict.error.value));
    } else {
        printf("ok");
        print_hex(verdict.text, verdict.len);
    }
    putchar('\\n');
    fflush(stdout);
    free(scratch.ptr);
}

int main(void)
{
    static char line[1 << 20];

    while (fgets(line, sizeof line, stdin)) {
        char *hex = strchr(line, ' ');
        size_t len = strcspn(hex + 1, "\\n") / 2;
        char *payload = malloc(len ? len : 1); /* exact, so that reading past it is seen */

        *hex++ = '\\0';
        for (size_t i = 0; i < len; i++) {
            char digits[] = {hex[2 * i], hex[2 * i + 1], 0};
            payload[i] = (char)strtol(digits, NULL, 16);
        }
        answer(line, (struct mqb_str){payload, len});
        free(payload);
    }
    return 0;
}
"""

_FUNCTION = """\
static void judge_@NAME@(struct mqb_str json, struct mqb_scratch *scratch, struct verdict *verdict)
{
    @TYPE@ message;

    verdict->stage = "decode";
    if (@DECODER@_decode((void *)&message, json, scratch, &verdict->error))
        return;
    verdict->stage = "validate";
    if (@NAME@_validate(&message, &verdict->error))
        return;
    verdict->stage = "encode";
    if (@NAME@_encode(
            &message, verdict->text, sizeof verdict->text, &verdict->len, &verdict->error))
        return;
    verdict->stage = NULL;
}
"""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """`text` is the payload as encode prints it back; None if `stage` refused it."""

    text: str | None
    stage: str = ""
    status: str = ""
    path: str = ""
    rule: str = ""
    offset: int = 0
    value: str = ""


STATUS_NAMES = (
    "OK",
    "NO_ROUTE",
    "NO_HANDLER",
    "TOPIC",
    "JSON",
    "TYPE",
    "MISSING",
    "DUPLICATE",
    "VALUE",
    "PRECISION",
    "LIMIT",
    "SPACE",
    "TRANSPORT",
    "HANDLER",
    "TIMEOUT",
    "NO_CALL",
    "ARGUMENT",
    "BUILD",
)
"""The names of `enum mqb_status`, in its order."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """A message that a program knows.

    `decoder` is another message of the program, with the same fields, whose decode fills the struct
    that this one sends.
    """

    c_name: str
    c_type: str
    header: str
    decoder: str | None = None


class Judge:
    """A running program. The method `judge` may be called any number of times."""

    def __init__(self, *command: str | Path) -> None:
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def judge(self, message: str, payload: str | bytes) -> Verdict:
        """Decode, validate and encode one payload as the message with this C name."""
        self._ask([(message, payload)])
        return self._verdict(message, payload)

    def judge_all(self, questions: Sequence[tuple[str, str | bytes]]) -> list[Verdict]:
        """The same for many; the program answers while it is still being asked."""
        asking = Thread(target=self._ask, args=(questions,))
        asking.start()
        verdicts = [self._verdict(message, payload) for message, payload in questions]
        asking.join()
        return verdicts

    def _ask(self, questions: Iterable[tuple[str, str | bytes]]) -> None:
        assert self._process.stdin
        for message, payload in questions:
            data = payload.encode() if isinstance(payload, str) else payload
            self._process.stdin.write(f"{message} {data.hex()}\n")
        self._process.stdin.flush()

    def _verdict(self, message: str, payload: str | bytes) -> Verdict:
        assert self._process.stdout
        line = self._process.stdout.readline().split()
        assert line, f"the generated code crashed on {payload!r}, or knows no {message}"
        if line[0] == "ok":
            return Verdict(text=_text(line[1]))
        stage, status, offset, path, rule, value = line
        return Verdict(
            text=None,
            stage=stage,
            status=STATUS_NAMES[int(status)],
            path=_text(path),
            rule=_text(rule),
            offset=int(offset),
            value=_text(value),
        )

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        assert self._process.wait(DEADLINE_S) == 0, "the sanitizers found something"


class Engines:
    """Programs that differ in the engine of the reader; all must come to the same verdict."""

    def __init__(self, programs: Iterable[Path]) -> None:
        self._judges = [Judge(program) for program in programs]

    def judge(self, message: str, payload: str | bytes) -> Verdict:
        """Decode, validate and encode one payload as the message with this C name."""
        [verdict] = self.judge_all([(message, payload)])
        return verdict

    def judge_all(self, questions: Sequence[tuple[str, str | bytes]]) -> list[Verdict]:
        """The same for many."""
        first, *others = [judge.judge_all(questions) for judge in self._judges]
        for verdicts in others:
            for question, one, other in zip(questions, first, verdicts, strict=True):
                assert one == other, question
        return first

    def close(self) -> None:
        for judge in self._judges:
            judge.close()


class Codec(Engines):
    """The messages of one schema, compiled with each engine."""

    def __init__(self, schema: Path, build_dir: Path) -> None:
        super().__init__(_build(schema, build_dir))


def check_sent_again(engines: Engines, message: str, text: str) -> None:
    """What is received comes back with the same content when it is sent."""
    sent = engines.judge(message, text).text
    assert sent is not None, text
    assert json.loads(sent) == json.loads(text)


def _text(hexadecimal: str) -> str:
    return bytes.fromhex(hexadecimal.rstrip("-")).decode()


def _build(schema: Path, build_dir: Path) -> list[Path]:
    """Generate, compile and link, for each engine."""
    diagnostics = Diagnostics()
    if COVERAGE_DIR:
        build_dir = Path(tempfile.mkdtemp(prefix=f"{schema.stem}-", dir=COVERAGE_DIR))
    committed = ROOT / "generated" / schema.stem
    sources = committed if committed.is_dir() else build_dir
    if sources == build_dir:
        write(build_dir, compile_schema(schema, diagnostics).files)
    (build_dir / "main.c").write_text(main_program(targets_of(schema)))
    programs = {parser: build_dir / f"codec_{parser}" for parser in PARSERS}
    files = sorted({*sources.glob("*.c"), build_dir / "main.c"})
    for parser, program in programs.items():
        options = (*UNOPTIMIZED, *engine_options(parser), "-I", str(sources))
        compile_c("gcc", [*files, runtime_library(parser)], program, *options)
    return list(programs.values())


def targets_of(schema: Path) -> list[Target]:
    """The messages of a schema that are JSON; the plan has their names in C."""
    diagnostics = Diagnostics()
    plan = build_plan(read(schema, diagnostics), diagnostics)
    return [
        Target(c_name=message.c_name, c_type=message.c_type, header=f"{message.file_stem}.h")
        for message in plan.messages
        if message.is_typed
    ]


def main_program(targets: Sequence[Target]) -> str:
    """The C source of a program that checks payloads as these messages."""
    functions = (
        _FUNCTION.replace("@NAME@", target.c_name)
        .replace("@TYPE@", target.c_type)
        .replace("@DECODER@", target.decoder or target.c_name)
        for target in targets
    )
    rows = (f'    {{"{target.c_name}", judge_{target.c_name}}},' for target in targets)
    includes = (f'#include "{target.header}"' for target in targets)
    return (
        _MAIN.replace("@FUNCTIONS@", "\n".join(functions))
        .replace("@TABLE@", "\n".join(rows))
        .replace("@INCLUDES@", "\n".join(includes))
    )
