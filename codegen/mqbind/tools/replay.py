"""Replay: runs captured traffic through the generated code of a role."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from mqbind.emit.render import environment
from mqbind.plan.nodes.files import Plan
from mqbind.tools import toolchain
from mqbind.tools.capture import BadLine, Captured, read_line

_BAD_LINE = "line"
"""The status of a line that is not a message; all others are those of the runtime."""


class HostEnded(Exception):
    """The host program ended in the middle."""


@dataclass
class Summary:
    """The number of lines by outcome."""

    handled: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        ok, bad = self.handled.total(), self.refused.total()
        lines = "1 line" if ok + bad == 1 else f"{ok + bad} lines"
        rows = [f"{lines}: {ok} ok, {bad} refused"]
        for word, counts in (("ok", self.handled), ("refused", self.refused)):
            rows += [f"  {word:8}{count:8}  {name}" for name, count in counts.most_common()]
        return "\n".join(rows)


def build_host(plan: Plan, files: Mapping[str, str], parser: str, spare: Path) -> Path:
    """The program with all sides of the plan, in the folder `spare` if the cache cannot be written;
    raises BuildFailed."""
    sources = {name: text for name, text in files.items() if name.endswith((".c", ".h"))}
    return toolchain.build({**sources, "host_sides.c": host_sides(plan)}, parser, spare)


def host_sides(plan: Plan) -> str:
    """C that connects each side to the host program."""
    return environment().get_template("host_sides.c.j2").render(plan=plan)


class Host:
    """The running program for some roles, with values for parameters; it answers each line with one
    line."""

    def __init__(
        self, program: Path, roles: Sequence[str], parameters: Mapping[str, str] | None = None
    ) -> None:
        self.summary = Summary()
        # In its own process group: Ctrl-C is handled here, to print a summary.
        self._process = subprocess.Popen(
            [program, *roles, *(f"{name}={value}" for name, value in (parameters or {}).items())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            process_group=0,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def answer(self, line: bytes) -> bytes:
        """The answer to a line, as a line of JSON."""
        try:
            captured = read_line(line)
        except BadLine as bad:
            self.summary.refused[_BAD_LINE] += 1
            refusal = {"ok": False, "status": _BAD_LINE, "path": ""}
            return json.dumps({**refusal, "rule": bad.rule, "offset": bad.offset}).encode() + b"\n"
        verdict, answer = self._ask(captured)
        word, name = verdict.split(b" ", 1)
        counts = self.summary.handled if word == b"ok" else self.summary.refused
        counts[json.loads(name)] += 1
        return answer

    def _ask(self, captured: Captured) -> tuple[bytes, bytes]:
        source, target = self._process.stdout, self._process.stdin
        assert source and target
        parts = (
            captured.topic,
            captured.payload,
            captured.response_topic,
            captured.correlation_data,
        )
        head = b" ".join(b"%d" % len(part) for part in parts)
        try:
            target.write(head + b"\n" + b"".join(parts))
            target.flush()
            verdict, answer = source.readline(), source.readline()
        except BrokenPipeError:
            verdict, answer = b"", b""
        if not answer:
            raise HostEnded(
                f"the generated program exited with status {self._process.wait()}; "
                "this is a bug in mqbind, please report it"
            )
        return verdict, answer
