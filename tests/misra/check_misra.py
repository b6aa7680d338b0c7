"""Compare our C with MISRA C:2012 and with runtime/MISRA.md: `make misra`.

Generated code and the runtime, once for each engine. `--quick` looks at one protocol and at some
files of the runtime, so that `make test` has time for it; only the whole run can say that a row of
the table is not needed any more.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

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
QUICK = ("generated/folotoy/*.c", "runtime/client.c", "runtime/topic.c", "runtime/utf8.c")
WHOLE = ("generated/*/*.c", "runtime/*.c")


def on_lines(hit: Hit, deviation: Deviation) -> list[str]:
    """The places of a deviation of generated code are texts in the lines that it is about."""
    line = (ROOT / hit.file).read_text().splitlines()[hit.line - 1]
    return [text for text in deviation.where if text in line]


def files(patterns: Iterable[str], engine: str) -> list[Path]:
    """What is linked together: of the readers only that of the engine."""
    others = tuple(f"reader_{other}" for other in ENGINES if other != engine)
    found = (path for pattern in patterns for path in ROOT.glob(pattern))
    return sorted(path for path in found if not path.name.startswith(others))


def find(patterns: tuple[str, ...]) -> set[Hit]:
    name = "quick" if patterns == QUICK else "whole"
    return {
        hit
        for engine in ENGINES
        for hit in scan(files(patterns, engine), engine, FOLDER / f"{name}-{engine}")
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
    hits = find(QUICK if quick else WHOLE)
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
