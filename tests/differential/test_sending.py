"""What encode sends is valid, and what is not valid is not sent.

A lenient twin of each document decodes payloads into the same structs. The text that the twin makes
of such a struct tells what is in it; the strict message must send exactly that, or refuse it if the
validators refuse it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.differential.instances import payloads
from tests.differential.lenient import PREFIX, Twin, twins
from tests.differential.opinions import Judged, Opinion, opinions
from tests.differential.subjects import Subject, collect, documents
from tests.differential.validators import has_wide_integer
from tests.support.codec import Engines
from tests.support.programs import compile_all, link
from tests.support.scale import LONG

COUNT, VALID = (1000, 40) if LONG else (60, 1)
LEAST_TWINS = 30
SHOWN = 40


@dataclass(frozen=True, kw_only=True)
class Outcome:
    twins: int
    counts: Counter[str]
    wrong: list[str]


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    folder = tmp_path_factory.mktemp("sending")
    found, judge = _program(
        list(twins(collect(documents(folder), folder), folder)), folder / "sending"
    )
    judged = _sent(found, judge)
    judge.close()
    kinds = [(_kind(each, opinion), each) for each, opinion in opinions(judged)]
    wrong = [f"{each.subject.name}: {kind}: {each.text}: {each.verdict}" for kind, each in kinds]
    return Outcome(
        twins=len(found),
        counts=Counter(kind for kind, _ in kinds),
        wrong=[text for (kind, _), text in zip(kinds, wrong, strict=True) if "," in kind],
    )


def _program(found: list[Twin], program: Path) -> tuple[list[Twin], Engines]:
    """What compiles, in one program. What does not is reported by another test."""
    folders = list(dict.fromkeys(folder for twin in found for folder in twin.folders))
    outcomes = {folder: compile_all(folder) for folder in folders}
    objects = {folder: each for folder, each in outcomes.items() if not isinstance(each, str)}
    good = [twin for twin in found if objects.keys() >= set(twin.folders)]
    targets = [target for twin in good for target in twin.targets]
    return good, link(targets, objects, list(objects.values()), program)


def _sent(found: list[Twin], judge: Engines) -> list[Judged]:
    """What the strict messages say of the structs that the lenient ones decoded."""
    received = [
        (twin.subject, text)
        for twin in found
        for text in payloads(twin.subject.schema, twin.subject.name, COUNT, VALID)
    ]
    verdicts = judge.judge_all([(PREFIX + subject.c_name, text) for subject, text in received])
    structs: dict[tuple[str, str], Subject] = {
        (subject.name, verdict.text): subject
        for (subject, _), verdict in zip(received, verdicts, strict=True)
        if verdict.text is not None
    }
    asked = [(subject.c_name, text) for (_, text), subject in structs.items()]
    return [
        Judged(subject=subject, text=text, verdict=verdict)
        for ((_, text), subject), verdict in zip(
            structs.items(), judge.judge_all(asked), strict=True
        )
    ]


def _kind(each: Judged, opinion: Opinion) -> str:
    if each.verdict.text is not None:
        if not (opinion.by_text or opinion.by_double):
            return "invalid, but sent"
        return "sent" if each.verdict.text == each.text else "sent, but otherwise"
    if each.verdict.stage == "decode":
        return "sent, but not read"
    may_be_refused = each.subject.restricts_sending or has_wide_integer(each.text)
    if may_be_refused or not (opinion.by_text and opinion.by_double):
        return "refused"
    return "valid, but not sent"


def test_only_what_is_valid_is_sent(
    outcome: Outcome, record_property: Callable[[str, object], None]
) -> None:
    record_property("counts", dict(outcome.counts))
    if outcome.wrong:
        pytest.fail("\n".join(outcome.wrong[:SHOWN]))


def test_both_outcomes_are_there(outcome: Outcome) -> None:
    assert outcome.twins >= LEAST_TWINS
    assert min(outcome.counts["sent"], outcome.counts["refused"]) > 100
