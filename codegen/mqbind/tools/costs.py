"""The costs of each message, measured with the C compiler."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mqbind.model.protocol import Protocol
from mqbind.plan.nodes.files import MessageFile, Plan
from mqbind.tools import toolchain
from mqbind.tools.instruction_bounds import Effort, efforts


@dataclass(frozen=True, kw_only=True)
class Cost:
    """The memory of a message: bytes of its C struct, and scratch memory and parser tokens to
    decode a payload of the given length."""

    struct: int
    scratch: int
    tokens: int


@dataclass(frozen=True, kw_only=True)
class Row:
    """A message with its topic and properties. `longest` is None without a bound, `cost` if nobody
    measured."""

    topic: str
    sender: str
    receiver: str
    message: str
    qos: int
    retain: bool
    longest: int | None
    cost: Cost | None
    effort: Effort


def rows(protocol: Protocol, plan: Plan, costs: Mapping[str, Cost]) -> Sequence[Row]:
    """A row for each message of an operation, in the order of the document."""
    found: dict[tuple[str, str, str], Row] = {}
    each = efforts(protocol)
    files = {message.key: message for message in plan.messages}
    answers = (operation.answer() for operation in protocol.operations)
    for operation in (*protocol.operations, *filter(None, answers)):
        for key in operation.messages:
            row = Row(
                topic=str(protocol.channels[operation.channel].address),
                sender=operation.sender,
                receiver=operation.receiver,
                message=protocol.messages[key].name,
                qos=operation.qos,
                retain=operation.retain,
                longest=files[key].max_bytes,
                cost=costs.get(key),
                effort=each[key],
            )
            found.setdefault((row.topic, row.sender, row.message), row)
    return list(found.values())


def measure(plan: Plan, files: Mapping[str, str], payload_bytes: int) -> Mapping[str, Cost]:
    """The cost of each message, by its key; raises BuildFailed.

    The compiler writes assembly, so that a cross compiler works, too.
    """
    with tempfile.TemporaryDirectory(prefix="mqbind-") as folder:
        for name, text in files.items():
            if name.endswith(".h"):
                (Path(folder) / name).write_text(text, encoding="utf-8")
        probe = Path(folder) / "probe.c"
        probe.write_text(_probe(plan.messages, payload_bytes), encoding="utf-8")
        options = ("-std=c11", *toolchain.includes(), "-S", "-o", "-")
        assembly = toolchain.find().run(*options, probe)
    found = {
        (name, what): int(number)
        for name, what, number in re.findall(r"->mqbind (\w+) (\w+) (\d+)", assembly)
    }
    return {
        message.key: Cost(
            struct=found[message.c_name, "struct"],
            scratch=found[message.c_name, "scratch"],
            tokens=found[message.c_name, "tokens"],
        )
        for message in plan.messages
    }


def _probe(messages: Sequence[MessageFile], payload_bytes: int) -> str:
    """C code whose assembly contains the numbers as text."""
    includes = [f'#include "{message.file_stem}.h"' for message in messages]
    tell = [line for message in messages for line in _tell(message)]
    return "\n".join(
        (
            "#include <mqbind/mqbind.h>",
            *includes,
            "#define TELL(name, what, number) \\",
            '    __asm__ volatile(".ascii \\"->mqbind " name " " what " %c0\\"" : : "i"(number))',
            "void probe(void)",
            "{",
            f"    enum {{ payload_bytes = {payload_bytes} }};",
            *tell,
            "}",
            "",
        )
    )


def _tell(message: MessageFile) -> list[str]:
    scratch = " + ".join(message.scratch) if message.is_typed else "0"
    tokens = f"({message.scratch[0]}) / MQB_TOKEN_BYTES" if message.is_typed else "0"
    numbers = {"struct": f"sizeof({message.c_type})", "scratch": scratch, "tokens": tokens}
    return [
        f'    TELL("{message.c_name}", "{what}", {number});' for what, number in numbers.items()
    ]
