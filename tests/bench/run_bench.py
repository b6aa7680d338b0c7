"""Measure ours beside others: `make bench`, or `python -m tests.bench.run_bench`.

Builds a program for each peer that is there, prints tables, and writes results.json, report.md and
plot.svg to build/bench/.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
from datetime import date
from pathlib import Path

from tests.bench import generator
from tests.bench.inputs import write_inputs, write_texts
from tests.bench.measure import Programs, measure
from tests.bench.payloads import ROOT
from tests.bench.peers import jobs
from tests.bench.plot import draw
from tests.bench.report import tables
from tests.bench.results import Results, rows_of

BUILD = ROOT / "build" / "bench"
ROUNDS = 21


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="of taking times")
    parser.add_argument(
        "--define", "-D", action="append", default=[], help="for CMake, as COREJSON_DIR=..."
    )
    arguments = parser.parse_args()
    if not shutil.which("valgrind"):
        raise SystemExit("valgrind is not installed")
    build(arguments.define)
    results = run(arguments.rounds)
    report = "\n".join(tables(results, arguments.rounds))
    print(report)
    results.write(BUILD / "results.json")
    (BUILD / "report.md").write_text(report)
    draw(results, BUILD / "plot.svg")
    print(f"written to {BUILD.relative_to(ROOT)}/: results.json, report.md, plot.svg")


def build(definitions: list[str]) -> None:
    """Generate what is to be compiled, and compile it."""
    print("building the programs in build/bench", flush=True)
    write_inputs(BUILD / "inputs")
    configure = ["cmake", "--preset", "bench", *(f"-D{each}" for each in definitions)]
    for command in (configure, ["cmake", "--build", "--preset", "bench"]):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")


def run(rounds: int) -> Results:
    """Measure all that is built."""
    wanted = list(jobs())
    texts = {(job.subject.group, job.subject.name): job.subject for job in wanted}
    files = {key: write_texts(BUILD / "inputs", subject) for key, subject in texts.items()}
    programs = Programs(folder=BUILD / "programs", texts=files)
    able, refused = programs.able(wanted)
    for key, why in refused.items():
        print(f"left out: {key} ({why})")
    print(f"counting and timing {len(able)} works, for some minutes", flush=True)
    figures = measure(programs, able, BUILD, rounds)
    return Results(
        machine=_machine(),
        rows=rows_of(able, figures),
        document_lines=len(generator.document().splitlines()),
        document_seconds=tuple(generator.seconds(5)),
    )


def _machine() -> dict[str, str]:
    gcc = subprocess.run(["gcc", "--version"], capture_output=True, text=True, check=True).stdout
    return {
        "date": date.today().isoformat(),
        "compiler": f"{gcc.splitlines()[0]}, -O2",
        "processor": f"{_processor()}, {os.cpu_count()} cores, {platform.system()}",
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


if __name__ == "__main__":
    main()
