"""Run the tests, print a line for each step and, at the end, the count of them all.

`python -m tests.support.run_tests` runs everything, `... lint` only formatters and linters, `...
ci` everything and then the coverage, `... python` only what packages of Python may change, `...
long` the tests that try many inputs with all of them instead of a sample. The output of each step
is kept in build/test/; that of a failed one is shown.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from xml.etree import ElementTree

from tests.support import lint

ROOT = lint.ROOT
LOGS = ROOT / "build" / "test"
SHOWN_LINES = 80
PRINTING = Lock()
"""So that what is shown of one step is together."""
PYTEST_OPTIONS = ("-q", "-n", "auto", "--dist", "loadfile")
"""The tests of one file share what is expensive to make, so one process runs them."""


@dataclass(frozen=True, kw_only=True)
class Count:
    passed: int
    failed: int

    def __add__(self, other: "Count") -> "Count":
        return Count(passed=self.passed + other.passed, failed=self.failed + other.failed)


@dataclass(frozen=True, kw_only=True)
class Step:
    name: str
    command: tuple[str, ...]
    environment: dict[str, str]
    report: Path | None
    """JUnit file that the command writes. Without one the step counts as one test."""
    count: Callable[[Path], Count]
    silent: bool
    """Whether anything printed, a warning too, is a failure."""


def step(
    name: str,
    *command: str,
    report: Path | None = None,
    count: Callable[[Path], Count] | None = None,
    silent: bool = False,
    **environment: str,
) -> Step:
    return Step(
        name=name,
        command=command,
        environment=environment,
        report=report,
        count=count or count_junit,
        silent=silent,
    )


Group = list[Step]
"""Steps of which each needs the one before it."""

Stage = list[Group]
"""Groups that may run at the same time. Those that use all processors have a stage of their own."""


def lint_stages() -> list[Stage]:
    return [lint_groups()]


def lint_groups() -> list[Group]:
    return [[step(name, *command)] for name, command in lint.checks().items()]


def schema_groups() -> Iterator[Group]:
    mqbind = str(lint.BIN / "mqbind")
    for path in sorted((ROOT / "schema").glob("*.yaml")):
        schema, folder = f"schema/{path.name}", f"generated/{path.stem}"
        check = step(f"{schema} is right", mqbind, "check", schema, silent=True)
        generate = (mqbind, "generate", schema, "-o", folder, "--check")
        yield [check, step(f"{folder} is what {schema} gives", *generate)]


def misra_group() -> Group:
    """The whole comparison is `make misra`; each version of cppcheck finds something else."""
    check = (sys.executable, "-m", "tests.misra.check_misra", "--quick")
    return [step("MISRA C: no hit without a reason", *check)]


def c_group(preset: str, compiler: str) -> Group:
    report = LOGS / f"ctest-{preset}.xml"
    test = ("ctest", "--preset", preset, "--parallel", str(os.cpu_count() or 1))
    whole_output = (
        "--test-output-size-passed",
        "10000000",
        "--test-output-size-failed",
        "10000000",
    )
    return [
        step(f"{compiler}: configure", "cmake", "--preset", preset),
        step(f"{compiler}: build without warnings", "cmake", "--build", "--preset", preset),
        step(
            f"{compiler}: C tests",
            *(*test, *whole_output, "--output-junit", str(report), "--no-tests=error"),
            report=report,
            count=count_cmocka,
        ),
    ]


def pytest_step(name: str, preset: str, *paths: str) -> Step:
    """The preset's build directory holds the C programs that the tests drive."""
    report = LOGS / f"pytest-{preset}.xml"
    return step(
        name,
        *(sys.executable, "-m", "pytest", *PYTEST_OPTIONS, f"--junitxml={report}", *paths),
        report=report,
        MQBIND_BUILD_DIR=str(ROOT / "build" / preset),
    )


def all_stages() -> list[Stage]:
    return [
        [misra_group(), *lint_groups(), *schema_groups()],
        [c_group("dev", "gcc")],
        [c_group("asan", "clang with sanitizers")],
        [[pytest_step("Python tests", "dev")]],
        [[pytest_step("broker tests with sanitizers", "asan", "tests/broker")]],
    ]


def ci_stages() -> list[Stage]:
    measure = (sys.executable, "-m", "tests.support.measure_coverage")
    return [*all_stages(), [[step("coverage: reports, and enough of the runtime", *measure)]]]


def python_stages() -> list[Stage]:
    """Without formatters and linters, each version of which has a taste of its own."""
    configure, build, _ = c_group("dev", "gcc")
    return [[[configure, build, pytest_step("Python tests", "dev")]]]


def long_stages() -> list[Stage]:
    """What tries inputs by the hundred thousand; `tests/support/scale.py` says how many."""
    configure, build, _ = c_group("dev", "gcc")
    json = step("every JSON text of seven symbols", "build/dev/tests/test_json", MQBIND_LONG="1")
    utf8 = step("every sequence of four bytes", "build/dev/tests/test_utf8", MQBIND_LONG="1")
    report = LOGS / "pytest-long.xml"
    paths = (
        "tests/conformance",
        "tests/corpus",
        "tests/differential",
        "tests/growth",
        "tests/memory/test_flags.py",
        "tests/topics",
        "tests/codegen/test_load_fuzz.py",
        "tests/codegen/test_work.py",
        "tests/consumers",
    )
    pytest = step(
        "payloads and JSON texts against reference validators",
        *(sys.executable, "-m", "pytest", *PYTEST_OPTIONS, f"--junitxml={report}", *paths),
        report=report,
        MQBIND_LONG="1",
    )
    return [[[configure, build, json, utf8]], [[pytest]]]


def count_junit(report: Path) -> Count:
    """A skipped test is a failed one: what should run does run."""
    cases = list(ElementTree.parse(report).iter("testcase"))
    passed = sum(1 for case in cases if not is_marked(case))
    return Count(passed=passed, failed=len(cases) - passed)


def is_marked(case: ElementTree.Element) -> bool:
    return any(case.find(mark) is not None for mark in ("failure", "error", "skipped"))


def count_cmocka(report: Path) -> Count:
    """Count the cases inside each executable, as cmocka prints them, not the executables."""
    total = Count(passed=0, failed=0)
    for case in ElementTree.parse(report).iter("testcase"):
        text = case.findtext("system-out", "")
        passed = len(re.findall(r"^\[       OK \]", text, re.MULTILINE))
        failed = len(re.findall(r"^\[  FAILED  \] \S+$", text, re.MULTILINE))
        if is_marked(case):
            failed = max(failed, 1)
        elif passed + failed == 0:
            passed = 1
        total += Count(passed=passed, failed=failed)
    return total


def run_group(group: Group) -> Count:
    total = Count(passed=0, failed=0)
    for each in group:
        count = run(each)
        total += count
        if count.failed:
            break
    return total


def run(step: Step) -> Count:
    started = time.monotonic()
    if step.report is not None:
        step.report.unlink(missing_ok=True)
    log = LOGS / (re.sub(r"\W+", "-", step.name) + ".log")
    with log.open("wb") as output:
        status = subprocess.run(
            step.command,
            cwd=ROOT,
            env={**os.environ, **step.environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        ).returncode
    if step.silent and log.stat().st_size > 0:
        status = 1
    count = outcome(step, status)
    seconds = time.monotonic() - started
    word = "FAILED" if count.failed else "ok"
    with PRINTING:
        print(f"{word:6} {count.passed:6} passed {seconds:6.1f} s  {step.name}", flush=True)
        if count.failed:
            show(log)
    return count


def outcome(step: Step, status: int) -> Count:
    if step.report is None:
        return Count(passed=int(status == 0), failed=int(status != 0))
    if not step.report.exists():
        return Count(passed=0, failed=1)
    count = step.count(step.report)
    if status != 0 and count.failed == 0:
        count += Count(passed=0, failed=1)
    return count


def show(log: Path) -> None:
    lines = log.read_text(errors="replace").splitlines()
    if len(lines) > SHOWN_LINES:
        print(f"    ... the last {SHOWN_LINES} lines of {log.relative_to(ROOT)}:")
    for line in lines[-SHOWN_LINES:]:
        print(f"    {line}")


def main() -> int:
    stages = STAGES[sys.argv[1] if sys.argv[1:] else "all"]()
    LOGS.mkdir(parents=True, exist_ok=True)
    total = Count(passed=0, failed=0)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for stage in stages:
            total = sum(pool.map(run_group, stage), total)
    print(f"{total.passed} passed, {total.failed} failed")
    return 1 if total.failed else 0


STAGES = {
    "all": all_stages,
    "ci": ci_stages,
    "lint": lint_stages,
    "python": python_stages,
    "long": long_stages,
}


if __name__ == "__main__":
    sys.exit(main())
