"""Measure what the tests cover: `python -m tests.support.measure_coverage`.

Reports go to build/coverage/: c/index.html and c.xml (Cobertura) for the runtime and the generated
C, generator/index.html and generator.xml for the generator. Fails if a report is not written, or if
the runtime has too little.
"""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from tests.support.lint import BIN, ROOT
from tests.support.run_tests import PYTEST_OPTIONS

REPORTS = ROOT / "build" / "coverage"
OBJECTS = REPORTS / "objects"
CODECS = OBJECTS / "codecs"
"""Where tests that compile C themselves do it when it is to be measured."""
LINES_NEEDED = 97.0
BRANCHES_NEEDED = 92.0
REPORTED = {
    "c.xml": ("runtime/", "include/", "generated/"),
    "c/index.html": (),
    "generator.xml": ("codegen/mqbind/",),
    "generator.json": (),
    "generator/index.html": (),
}
"""The reports, and where the files are that each tells of."""
ADDS_NOTHING = (
    "bench",
    "codegen/test_work.py",
    "consumers",
    "foreign",
    "fuzz/test_targets.py",
    "growth",
    "memory",
    "misra",
    "prove",
    "readme",
    "setup",
)
"""Tests that cover what others do, or build what is not measured, and take long."""


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """Percentages."""

    lines: float
    branches: float

    @property
    def enough(self) -> bool:
        return self.lines >= LINES_NEEDED and self.branches >= BRANCHES_NEEDED


def run(*command: str | Path, **environment: str) -> None:
    subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=True)


def build() -> None:
    """Beside what is measured, `dev`: programs whose instructions are counted are not measured."""
    for preset in ("dev", "coverage"):
        run("cmake", "--preset", preset, "--log-level=WARNING")
        run("cmake", "--build", "--preset", preset)


def forget() -> None:
    """Whatever report is there at the end is of this run."""
    for name in (*REPORTED, "c.json"):
        (REPORTS / name).unlink(missing_ok=True)
    for folder in ("c", "generator"):
        shutil.rmtree(REPORTS / folder, ignore_errors=True)


def run_tests() -> None:
    build()
    for counts in OBJECTS.rglob("*.gcda"):
        counts.unlink()
    shutil.rmtree(CODECS, ignore_errors=True)
    shutil.rmtree(REPORTS / "python", ignore_errors=True)
    (REPORTS / "python").mkdir(parents=True)
    run("ctest", "--preset", "coverage", "--parallel", str(os.cpu_count() or 1))
    run(sys.executable, "examples/demo.py", "--build-dir", OBJECTS)
    CODECS.mkdir(exist_ok=True)
    folders = {"MQBIND_BUILD_DIR": str(OBJECTS), "MQBIND_COVERAGE_DIR": str(CODECS)}
    left_out = [f"--ignore=tests/{name}" for name in ADDS_NOTHING]
    run(BIN / "coverage", "run", "-m", "pytest", *PYTEST_OPTIONS, *left_out, **folders)


def report_c() -> None:
    (REPORTS / "c").mkdir(exist_ok=True)
    run(
        *(BIN / "gcovr", "--root", ROOT, OBJECTS),
        *("--filter", "runtime/", "--filter", "include/", "--filter", "generated/"),
        *("--json", REPORTS / "c.json", "--cobertura", REPORTS / "c.xml"),
        *("--html-details", REPORTS / "c" / "index.html"),
    )


def report_generator() -> None:
    coverage = BIN / "coverage"
    run(coverage, "combine", "--quiet")
    for report in ("html", "xml", "json"):
        run(coverage, report, "--quiet")


def lacking(reports: Path) -> list[str]:
    """What is wrong with the reports in the folder."""
    faults = []
    for name, places in REPORTED.items():
        report = reports / name
        if not report.is_file():
            faults.append(f"{name} was not written")
        elif report.suffix == ".xml":
            reported = [
                each.get("filename", "") for each in ElementTree.parse(report).iter("class")
            ]
            faults += [
                f"{name} tells of no file in {place}"
                for place in places
                if not any(file.startswith(place) for file in reported)
            ]
    return faults


def c_coverage(*folders: str) -> Coverage:
    summary = REPORTS / "summary.json"
    filters = (part for folder in folders for part in ("--filter", folder))
    tracefile = ("--add-tracefile", REPORTS / "c.json")
    run(BIN / "gcovr", "--root", ROOT, *tracefile, *filters, "--json-summary", summary)
    totals = json.loads(summary.read_text())
    summary.unlink()
    return Coverage(lines=totals["line_percent"], branches=totals["branch_percent"])


def generator_coverage() -> Coverage:
    totals = json.loads((REPORTS / "generator.json").read_text())["totals"]
    return Coverage(
        lines=100 * totals["covered_lines"] / totals["num_statements"],
        branches=100 * totals["covered_branches"] / totals["num_branches"],
    )


def print_table(rows: dict[str, Coverage]) -> None:
    print(f"\n{'coverage':24}{'lines':>10}{'branches':>12}")
    for name, coverage in rows.items():
        print(f"{name:24}{coverage.lines:8.1f} %{coverage.branches:10.1f} %")
    print(f"\nreports: {(REPORTS / 'c/index.html').relative_to(ROOT)}", end=", ")
    print((REPORTS / "generator/index.html").relative_to(ROOT))


def main() -> int:
    forget()
    try:
        run_tests()
        report_c()
        report_generator()
        rows = {
            "runtime/": c_coverage("runtime/", "include/"),
            "generated/": c_coverage("generated/"),
            "codegen/mqbind/": generator_coverage(),
        }
    except subprocess.CalledProcessError as error:
        print(f"failed: {' '.join(map(str, error.cmd))}", file=sys.stderr)
        return 1
    print_table(rows)
    if faults := lacking(REPORTS):
        print("\n".join(faults), file=sys.stderr)
        return 1
    if not rows["runtime/"].enough:
        print(f"runtime/ needs {LINES_NEEDED} % of lines and {BRANCHES_NEEDED} % of branches")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
