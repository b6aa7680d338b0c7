"""Runs Frama-C's WP over functions of the runtime, and reads what became of each goal."""

import json
import os
import subprocess
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "prove"
CONFIG = BUILD / "why3.conf"
STEPS = 1_000_000
"""What a prover may try for one goal: counted, so that a busy machine changes no verdict."""

SAFETY_NET_SECONDS = 60
OPTIONS = (
    *("-machdep", "gcc_x86_64", "-c11"),
    *("-wp", "-wp-rte", "-wp-prover", "z3,cvc4"),
    *("-wp-steps", str(STEPS), "-wp-timeout", str(SAFETY_NET_SECONDS)),
    *("-wp-par", str(os.cpu_count() or 1)),
    *("-wp-cache", "update", "-wp-cache-dir", str(BUILD / "cache")),
)


class ProofError(Exception):
    """Frama-C ended without an answer; its output is the text."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """A file, and what is proved of what it compiles."""

    path: str
    functions: tuple[str, ...]
    lemmas: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Table:
    """goals.toml."""

    sources: tuple[Source, ...]
    unproved: dict[str, str]
    """The reason for each goal that is not proved."""


@dataclass(frozen=True, kw_only=True)
class Result:
    """What became of the goals."""

    goals: dict[str, int] = field(default_factory=dict)
    """How many parts each has."""

    proved: frozenset[str] = field(default_factory=frozenset)
    """Those of which every part is proved."""

    def __add__(self, other: "Result") -> "Result":
        return Result(goals=self.goals | other.goals, proved=self.proved | other.proved)

    @property
    def unproved(self) -> frozenset[str]:
        return frozenset(self.goals) - self.proved

    def count(self, names: Iterable[str]) -> int:
        return sum(self.goals[name] for name in names)


def read_table() -> Table:
    data = tomllib.loads((ROOT / "tests" / "prove" / "goals.toml").read_text())
    sources = tuple(
        Source(
            path=entry["path"],
            functions=tuple(entry["functions"]),
            lemmas=tuple(entry.get("lemmas", ())),
        )
        for entry in data["file"]
    )
    reasons = {goal: " ".join(reason.split()) for goal, reason in data["unproved"].items()}
    return Table(sources=sources, unproved=reasons)


def prove(source: Source, root: Path = ROOT) -> Result:
    """Try each goal of the functions and lemmas; `root` has `include` and `runtime`."""
    result = run(root, source.path, ("-wp-fct", ",".join(source.functions)))
    if source.lemmas:
        result += run(root, source.path, ("-wp-prop", ",".join(source.lemmas)))
    return result


def run(root: Path, path: str, selection: Sequence[str]) -> Result:
    configure()
    # Frama-C knows this keyword of C11 by its older name only.
    preprocess = f"-I{root / 'include'} -I{root / 'runtime'} -D_Alignof=__alignof__"
    with TemporaryDirectory(dir=BUILD) as folder:
        report = Path(folder) / "report.json"
        files = ("-wp-report-json", str(report), str(root / path))
        ended = subprocess.run(
            ["frama-c", *OPTIONS, f"-cpp-extra-args={preprocess}", *selection, *files],
            env={**os.environ, "WHY3CONFIG": str(CONFIG)},
            capture_output=True,
            text=True,
        )
        if ended.returncode != 0 or not report.exists():
            raise ProofError(f"{path}:\n{ended.stdout}{ended.stderr}")
        return read_report(json.loads(report.read_text()))


def configure() -> None:
    """Let Why3 look for the provers, in a file of ours: nothing depends on the home directory."""
    if not CONFIG.exists():
        BUILD.mkdir(parents=True, exist_ok=True)
        command = ("why3", "--config", str(CONFIG), "config", "detect")
        subprocess.run(command, check=True, capture_output=True)


def read_report(report: dict[str, Any]) -> Result:
    goals = [
        goal
        for kind in ("wp:functions", "wp:axiomatics")
        for entries in report.get(kind, {}).values()
        for goal in read_goals(entries)
    ]
    return Result(
        goals={name: parts for name, parts, _ in goals},
        proved=frozenset(name for name, parts, valid in goals if parts == valid),
    )


def read_goals(entries: dict[str, Any]) -> Iterator[tuple[str, int, int]]:
    """Each goal, its parts and how many of them are valid; sums have a colon in their names."""
    for name, provers in entries.items():
        if ":" not in name:
            main = provers["wp:main"]
            yield name, main["total"], main.get("valid", 0)
