"""What was measured, and questions to it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.bench.measure import Figure
from tests.bench.payloads import Subject
from tests.bench.peers import Job


@dataclass(frozen=True, kw_only=True)
class Row:
    """A subject, and what each peer took for it."""

    subject: Subject
    figures: Mapping[str, Figure]

    def ratio(self, peer: str, other: str) -> float | None:
        """Instructions of one peer for one of the other; None if one of them did not take part."""
        if peer not in self.figures or other not in self.figures:
            return None
        return self.figures[peer].instructions / self.figures[other].instructions


@dataclass(frozen=True, kw_only=True)
class Results:
    """All rows; and the seconds of each compilation of a document of so many lines."""

    machine: Mapping[str, str]
    rows: tuple[Row, ...]
    document_lines: int
    document_seconds: tuple[float, ...]

    def group(self, name: str) -> list[Row]:
        return [row for row in self.rows if row.subject.group == name]

    def row(self, group: str, name: str) -> Row:
        return next(row for row in self.group(group) if row.subject.name == name)

    def ratios(self, group: str, peer: str, other: str) -> dict[str, float]:
        """By subject, where both took part."""
        found = {row.subject.name: row.ratio(peer, other) for row in self.group(group)}
        return {name: ratio for name, ratio in found.items() if ratio is not None}

    def write(self, path: Path) -> None:
        rows = [
            {
                "group": row.subject.group,
                "subject": row.subject.name,
                "bytes": row.subject.mean_bytes,
                "peers": {peer: asdict(figure) for peer, figure in row.figures.items()},
            }
            for row in self.rows
        ]
        whole = {
            "machine": self.machine,
            "rows": rows,
            "document": {"lines": self.document_lines, "seconds": self.document_seconds},
        }
        path.write_text(json.dumps(whole, indent=1))


def rows_of(jobs: Sequence[Job], figures: Mapping[str, Figure]) -> tuple[Row, ...]:
    """The figures by subject, in the order of the jobs."""
    rows: dict[tuple[str, str], tuple[Subject, dict[str, Figure]]] = {}
    for job in jobs:
        subject = job.subject
        _, mine = rows.setdefault((subject.group, subject.name), (subject, {}))
        mine[job.peer] = figures[job.key]
    return tuple(Row(subject=subject, figures=mine) for subject, mine in rows.values())


def geometric_mean(values: Iterable[float]) -> float:
    logarithms = [math.log(value) for value in values]
    return math.exp(sum(logarithms) / len(logarithms))
