"""Fuzz every target for long: `python -m tests.fuzz.run_fuzz [--runs N] [TARGET ...]`.

Each target runs under both sanitizers, from the corpus that is kept in tests/fuzz/corpus/. Inputs
that cover more are added to it, in its smallest form, and tests/fuzz/log.txt says what was run. A
finding ends the run; its input stays in build/fuzz/.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from tests.fuzz.targets import (
    HERE,
    TARGETS,
    Builder,
    Sanitizer,
    Target,
    read_corpus,
    write_corpus,
)
from tests.support.compiler import ROOT

FOLDER = ROOT / "build" / "fuzz"
LOG = HERE / "log.txt"
RUNS = 1_000_000
LONGEST_INPUT = 400
_STATISTIC = re.compile(r"^stat::number_of_executed_units:\s*(\d+)", re.MULTILINE)
_COVERED = re.compile(r"cov: (\d+) ft: (\d+)")


@dataclass(frozen=True, kw_only=True)
class Row:
    """What was run of a target under a sanitizer; `edges` are those of the code that ran."""

    target: str
    sanitizer: str
    executions: int
    edges: int
    inputs: int

    def __str__(self) -> str:
        return (
            f"{self.target:24} {self.sanitizer:18} {self.executions:10} {self.edges:6} "
            f"{self.inputs:6}"
        )


class Found(Exception):
    """A target broke a promise; the text is the end of what it printed."""


def fuzz(target: Target, sanitizer: Sanitizer, program: Path, runs: int) -> Row:
    """Run a target from its corpus, which grows."""
    folder = FOLDER / "corpus" / target.name
    output = _run(
        program,
        *(f"-runs={runs}", f"-max_len={LONGEST_INPUT}", "-print_final_stats=1", "-seed=1"),
        *("-timeout=20", "-rss_limit_mb=2048", f"-artifact_prefix={program.parent}/"),
        folder,
    )
    executions, edges = _STATISTIC.search(output), _COVERED.findall(output)
    if executions is None or not edges:
        raise Found(output[-2000:])
    return Row(
        target=target.name,
        sanitizer=sanitizer,
        executions=int(executions[1]),
        edges=int(edges[-1][0]),
        inputs=len(list(folder.iterdir())),
    )


def minimize(target: Target, program: Path) -> int:
    """Keep the fewest inputs of the corpus that cover as much; returns how many they are."""
    grown, small = FOLDER / "corpus" / target.name, FOLDER / "minimized" / target.name
    small.mkdir(parents=True)
    _run(program, "-set_cover_merge=1", f"-max_len={LONGEST_INPUT}", small, grown)
    return write_corpus(target, small)


def _run(*command: str | Path) -> str:
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", cwd=FOLDER)
    output = done.stdout + done.stderr
    if done.returncode != 0:
        raise Found(f"{Path(command[0]).parent.name}:\n{output[-4000:]}")
    return output


def campaign(targets: list[Target], runs: int) -> Iterator[Row]:
    """Run the targets, two at a time."""
    programs: dict[tuple[Target, Sanitizer], Path] = {}
    for sanitizer in Sanitizer:
        builder = Builder(folder=FOLDER / sanitizer.name.lower(), sanitizer=sanitizer)
        programs |= {(target, sanitizer): builder.build(target) for target in targets}

    def both(target: Target) -> list[Row]:
        read_corpus(target, FOLDER / "corpus" / target.name)
        rows = [fuzz(target, each, programs[target, each], runs) for each in Sanitizer]
        kept = minimize(target, programs[target, Sanitizer.ADDRESS])
        return [replace(row, inputs=kept) for row in rows]

    with ThreadPoolExecutor(2) as pool:
        for rows in pool.map(both, targets):
            yield from rows


def read_log() -> Mapping[tuple[str, str], Row]:
    """What the log says was run, by target and sanitizer."""
    rows = {}
    for line in LOG.read_text().splitlines() if LOG.exists() else []:
        words = line.split()
        if len(words) == 5 and words[2].isdigit():
            row = Row(
                target=words[0],
                sanitizer=words[1],
                executions=int(words[2]),
                edges=int(words[3]),
                inputs=int(words[4]),
            )
            rows[row.target, row.sanitizer] = row
    return rows


def write_log(rows: Mapping[tuple[str, str], Row]) -> None:
    """Write the log; targets that no longer exist leave it."""
    order = [(target.name, sanitizer) for target in TARGETS for sanitizer in Sanitizer]
    found = [rows[key] for key in order if key in rows]
    total = sum(row.executions for row in found)
    version = subprocess.run(["clang", "--version"], capture_output=True, text=True, check=True)
    head = (
        f"Written by `make fuzz`. {version.stdout.splitlines()[0]}, libFuzzer.\n"
        f"{total} executions, no open finding.\n\n"
        f"{'target':24} {'sanitizer':18} {'executions':>10} {'edges':>6} {'inputs':>6}\n"
    )
    LOG.write_text(head + "".join(f"{row}\n" for row in found))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="all, if none is named")
    parser.add_argument("--runs", type=int, default=RUNS, help="executions under each sanitizer")
    arguments = parser.parse_args()
    chosen = [each for each in TARGETS if not arguments.targets or each.name in arguments.targets]
    if len(chosen) < len(arguments.targets):
        parser.error(f"the targets are {', '.join(each.name for each in TARGETS)}")
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    rows = dict(read_log())
    try:
        for row in campaign(chosen, arguments.runs):
            print(row, flush=True)
            rows[row.target, row.sanitizer] = row
            write_log(rows)
    except Found as found:
        print(f"a finding, with its input in {FOLDER.relative_to(ROOT)}: {found}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
