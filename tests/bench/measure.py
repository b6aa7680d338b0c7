"""Run the programs: check that they do their works, count instructions, take times.

Instructions are counted with callgrind, as the difference of two numbers of repetitions, so a count
is the same on a busy machine. Times are those of the clock of the process, each the median of
rounds in which the programs take turns.
"""

from __future__ import annotations

import re
import statistics
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.peers import Job

_PART = re.compile(r"^desc: Trigger: Client Request: (\S+) (few|many)$", re.MULTILINE)
_TOTALS = re.compile(r"^totals: (\d+)$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Figure:
    """What one repetition of a job costs. `spread` is half the distance of the quartiles of ns."""

    instructions: float
    ns: float
    spread: float


@dataclass(frozen=True, kw_only=True)
class Programs:
    """The programs that are built, and the file of payloads of each subject."""

    folder: Path
    texts: Mapping[tuple[str, str], Path]

    def has(self, name: str) -> bool:
        return self._path(name).exists()

    def able(self, jobs: Iterable[Job]) -> tuple[list[Job], dict[str, str]]:
        """Those that work, and what became of the others. Fails if peers read different values."""
        present = [job for job in jobs if self.has(job.program)]
        answers: dict[str, str] = {}
        fields: dict[str, str] = {}
        for name, mine in _by_program(present).items():
            for line in self._run(name, "check", mine).splitlines():
                key, word, *rest = line.split(" ", 2)
                if word == "fields":
                    fields[key] = rest[0]
                else:
                    answers[key] = word
        _compare_fields(fields)
        refused = {key: word for key, word in answers.items() if word != "ok"}
        return [job for job in present if answers[job.key] == "ok"], refused

    def count(self, jobs: Sequence[Job], folder: Path) -> dict[str, float]:
        """Instructions of one repetition, by key."""
        counts: dict[str, float] = {}
        for name, mine in _by_program(jobs).items():
            dump = folder / f"callgrind.{name}"
            dump.unlink(missing_ok=True)
            options = ("--tool=callgrind", "--combine-dumps=yes", f"--callgrind-out-file={dump}")
            self._run(name, "count", mine, "valgrind", "--quiet", *options)
            totals = _totals(dump.read_text())
            for job in mine:
                few, many = repetitions(job)
                difference = totals[job.key, "many"] - totals[job.key, "few"]
                counts[job.key] = difference / ((many - few) * len(job.subject.texts))
        return counts

    def time(self, jobs: Sequence[Job], rounds: int) -> dict[str, list[float]]:
        """Nanoseconds of one repetition in each round, by key."""
        times: dict[str, list[float]] = {job.key: [] for job in jobs}
        programs = _by_program(jobs)
        names = list(programs)
        for each in range(rounds):
            for name in names[each % len(names) :] + names[: each % len(names)]:
                for line in self._run(name, "time", programs[name]).splitlines():
                    key, ns = line.split()
                    times[key].append(float(ns))
        return times

    def _path(self, name: str) -> Path:
        return self.folder / f"bench_{name}"

    def _run(self, name: str, mode: str, jobs: Iterable[Job], *wrapper: str) -> str:
        done = subprocess.run(
            [*wrapper, str(self._path(name)), mode],
            input="".join(map(self._line, jobs)),
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            raise SystemExit(f"bench_{name} {mode} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def _line(self, job: Job) -> str:
        few, many = repetitions(job)
        texts = self.texts[job.subject.group, job.subject.name]
        return f"{job.key} {job.work} {few} {many} {texts}\n"


def measure(
    programs: Programs, jobs: Sequence[Job], folder: Path, rounds: int
) -> dict[str, Figure]:
    """Count and time the jobs."""
    counts = programs.count(jobs, folder)
    times = programs.time(jobs, rounds)
    return {
        key: Figure(
            instructions=counts[key], ns=statistics.median(taken), spread=_half_of_quartiles(taken)
        )
        for key, taken in times.items()
    }


def repetitions(job: Job) -> tuple[int, int]:
    """Few and many rounds: enough to count, and few for long payloads."""
    texts = job.subject.texts
    if sum(map(len, texts)) > 500_000:
        return 1, 2
    return (1, 3) if len(texts) > 1 or len(texts[0]) > 5_000 else (10, 30)


def _half_of_quartiles(taken: Sequence[float]) -> float:
    if len(taken) < 2:
        return 0.0
    first, _, last = statistics.quantiles(taken, n=4)
    return (last - first) / 2


def _by_program(jobs: Iterable[Job]) -> dict[str, list[Job]]:
    programs: dict[str, list[Job]] = {}
    for job in jobs:
        programs.setdefault(job.program, []).append(job)
    return programs


def _totals(dump: str) -> dict[tuple[str, str], int]:
    """The total of each part of a dump, by key and kind."""
    totals: dict[tuple[str, str], int] = {}
    for part in dump.split("\npart: ")[1:]:
        named, total = _PART.search(part), _TOTALS.search(part)
        if named and total:
            totals[named[1], named[2]] = int(total[1])
    return totals


def _compare_fields(fields: Mapping[str, str]) -> None:
    """The peers take the same values out of the same text."""
    seen: dict[str, tuple[str, str]] = {}
    for key, reported in fields.items():
        subject = key.rpartition("/")[0]
        first, expected = seen.setdefault(subject, (key, reported))
        if reported != expected:
            raise SystemExit(f"{key} reads\n  {reported}\nand {first}\n  {expected}")
