"""Compare our C with MISRA C:2012 and with runtime/MISRA.md: `make misra`.

Generated code and the runtime, once for each engine. `--quick` looks at one protocol and at some
files of the runtime, so that `make test` has time for it; only the whole run can say that a row of
the table is not needed any more.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from mqbind.tools.engines import runtime_sources
from tests.misra.deviations import (
    MOST_IN_GENERATED_CODE,
    Deviation,
    in_files,
    table,
    unlisted,
    unused,
)
from tests.misra.rules import ADVISORY, MANDATORY, in_order
from tests.misra.scan import ENGINES, Hit, scan
from tests.support.lint import ROOT

DOCUMENT = ROOT / "runtime" / "MISRA.md"
FOLDER = ROOT / "build" / "misra"
QUICK_PROTOCOL = "folotoy"
QUICK_SOURCES = ("client.c", "topic.c", "utf8.c")


def on_lines(hit: Hit, deviation: Deviation) -> list[str]:
    """The places of a deviation of generated code are strings in the lines that it is about."""
    line = (ROOT / hit.file).read_text().splitlines()[hit.line - 1]
    return [text for text in deviation.where if text in line]


def sources(engine: str, quick: bool) -> list[Path]:
    """What is linked together: of the readers only that of the engine. A profile concerns generated
    code alone."""
    generated = sorted(ROOT.glob(f"generated/{QUICK_PROTOCOL if quick else '*'}/*.c"))
    if engine == "speed":
        return generated
    runtime = runtime_sources(engine, "loopback", "mosquitto", "paho")
    return sorted(
        [*generated, *(path for path in runtime if not quick or path.name in QUICK_SOURCES)]
    )


def find(quick: bool) -> set[Hit]:
    name = "quick" if quick else "whole"
    return {
        hit
        for engine in ENGINES
        for hit in scan(sources(engine, quick), engine, FOLDER / f"{name}-{engine}")
    }


def problems(generated: set[Hit], runtime: set[Hit], quick: bool) -> list[str]:
    document = DOCUMENT.read_text()
    of_generated, of_runtime = table(document, "Generated code"), table(document, "Runtime")
    lines = unlisted(generated, of_generated, on_lines)
    lines += unlisted(runtime, of_runtime, in_files)
    if len(of_generated) > MOST_IN_GENERATED_CODE:
        lines.append(f"generated code has {len(of_generated)} rows, and may have five")
    if not quick:
        lines += [f"generated code: {line}" for line in unused(generated, of_generated, on_lines)]
        lines += [f"runtime: {line}" for line in unused(runtime, of_runtime, in_files)]
    return lines


def summary(name: str, hits: set[Hit]) -> str:
    counts = Counter(hit.rule for hit in hits if hit.rule not in ADVISORY)
    rules = ", ".join(f"{rule} {counts[rule]}" for rule in sorted(counts, key=in_order))
    mandatory = sum(counts[rule] for rule in MANDATORY)
    required = counts.total() - mandatory
    return f"{name}: {mandatory} hits on mandatory rules, {required} on required ones ({rules})"


def main() -> int:
    quick = "--quick" in sys.argv[1:]
    hits = find(quick)
    generated = {hit for hit in hits if hit.file.startswith("generated/")}
    runtime = {hit for hit in hits if hit.file.startswith(("include/", "runtime/"))}
    print(summary("generated code", generated))
    print(summary("runtime", runtime))
    lines = problems(generated, runtime, quick)
    for line in lines:
        print(line, file=sys.stderr)
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
