"""What decode and encode of some payloads cost, in instructions, is written down in pinned.json.

A change that makes them cost more, or less, shows in review: take it over with `--accept`. Counts
are those of gcc in the version that the file names; another compiler may need half as much again.
"""

from __future__ import annotations

import json
import platform
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench import payloads
from tests.bench.inputs import write_texts
from tests.bench.measure import Programs
from tests.bench.payloads import Subject
from tests.bench.peers import Job
from tests.support.compiler import PARSERS
from tests.support.documents import examples

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PINNED = HERE / "pinned.json"
PROGRAMS = ROOT / "build" / "dev" / "tests"
"""Always those of the preset `dev`: instructions that measure coverage would be counted too."""
PRINTED = (
    "folotoy.UpdateCommonConfig.all",
    "folotoy.VoiceGenerated.voice",
    "thingspanel.OtaTask.task",
    "thingspanel.Event.event",
    "thingspanel.AttributesGet.some",
    "thingsboard.Telemetry.types",
)
TOLERANCE = 0.03
OTHER_COMPILER = 0.5


def subjects() -> Iterator[Subject]:
    yield from (subject for subject in payloads.printed() if subject.name in PRINTED)
    yield from payloads.varied()


def jobs() -> Iterator[Job]:
    """Writing is the same with both engines of the reader."""
    for subject in subjects():
        for parser in PARSERS:
            work, program = f"decode:{subject.c_name}", f"pinned_{parser}"
            yield Job(subject=subject, peer=f"decode_{parser}", program=program, work=work)
        if subject.group == "printed":
            work = f"encode:{subject.c_name}"
            yield Job(subject=subject, peer="encode", program="pinned_direct", work=work)


def counts(folder: Path) -> dict[str, int]:
    wanted = list(jobs())
    texts = {
        (job.subject.group, job.subject.name): write_texts(folder, job.subject) for job in wanted
    }
    programs = Programs(folder=PROGRAMS, texts=texts)
    counted = programs.count(wanted, folder)
    return {job.key: round(counted[job.key]) for job in wanted}


def compiler() -> str:
    reported = subprocess.run(["gcc", "-dumpversion"], capture_output=True, text=True, check=True)
    return f"gcc {reported.stdout.strip().partition('.')[0]} {platform.machine()}"


def test_counts_are_as_pinned(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    counted = counts(tmp_path)
    if request.config.getoption("--accept"):
        whole = {"compiler": compiler(), "instructions": counted}
        PINNED.write_text(json.dumps(whole, indent=2) + "\n")
    whole = json.loads(PINNED.read_text())
    pinned: dict[str, int] = whole["instructions"]
    assert counted.keys() == pinned.keys()
    known = whole["compiler"] == compiler()
    changed = {
        key: f"{pinned[key]} is now {count}"
        for key, count in counted.items()
        if is_changed(count, pinned[key], known=known)
    }
    assert not changed, "if that is wanted: pytest tests/bench --accept"


def is_changed(count: int, pinned: int, *, known: bool) -> bool:
    if known:
        return abs(count - pinned) > TOLERANCE * pinned
    return count > (1 + OTHER_COMPILER) * pinned


def test_printed_payloads_are_the_examples_of_the_schemas() -> None:
    printed = {subject.name: json.loads(subject.texts[0]) for subject in payloads.printed()}
    wanted = {
        f"{schema.stem}.{message}.{name}": value
        for schema in sorted((ROOT / "schema").glob("*.yaml"))
        for message, name, value in examples(schema)
    }
    assert printed == wanted
