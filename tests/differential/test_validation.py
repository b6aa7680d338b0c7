"""Generated C, Python's jsonschema and ajv check the same payloads, and agree.

What the C may refuse although it is valid, each for a reason that the payload must show: an integer
beyond 64 bits or a number beyond the largest double, a number that no double holds (which
`test_rounding.py` looks at more closely), nesting beyond the limit, a member twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.differential.instances import payloads
from tests.differential.opinions import Judged, Opinion, opinions
from tests.differential.refusable_json import (
    has_beyond_64_bits,
    has_beyond_double,
    has_twice,
    is_deep,
)
from tests.differential.sent_again import Law
from tests.differential.subjects import Corpus, Subject, collect, documents, random_documents
from tests.differential.validators import has_wide_integer
from tests.support import refusals
from tests.support.codec import Engines
from tests.support.programs import build
from tests.support.scale import LONG

COUNT, VALID = (1500, 60) if LONG else (100, 4)
"""For each message."""
LONG_TOTAL = 100_000
RANDOM, RANDOM_COUNT, RANDOM_VALID = (150, 120, 3) if LONG else (12, 100, 2)
"""Schemas, and as above for each."""
REFUSED = Path(__file__).parent / "refused.txt"
HEADING = "Schemas of the differential tests that are refused, and why."
RIGHT = {"accepted", "refused", "duplicate", "limit", "precision", "sent"}
SHOWN = 40


@dataclass(frozen=True, kw_only=True)
class Outcome:
    corpus: Corpus
    uncompiled: dict[str, str]
    counts: Counter[str]
    wrong: list[str]


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    folder = tmp_path_factory.mktemp("validation")
    return _judged(collect(documents(folder), folder), folder, COUNT, VALID)


@pytest.fixture(scope="module")
def random_outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    folder = tmp_path_factory.mktemp("random")
    corpus = collect(random_documents(RANDOM, folder), folder)
    return _judged(corpus, folder, RANDOM_COUNT, RANDOM_VALID)


def _judged(corpus: Corpus, folder: Path, count: int, valid: int) -> Outcome:
    judge, uncompiled = build(corpus.generated, folder / "validation")
    compiled = corpus.generated.keys() - uncompiled.keys()
    subjects = [subject for name in sorted(compiled) for subject in corpus.subjects[name]]
    received = [
        (subject, text)
        for subject in subjects
        for text in payloads(subject.schema, subject.name, count, valid)
    ]
    laws = {subject.name: Law(subject.schema) for subject in subjects}
    found = [(kind_of(each, true), each) for each, true in opinions(_judge_all(judge, received))]
    found += [("broken law", each) for _, each in found if laws[each.subject.name].is_broken(each)]
    sent = _judge_all(judge, _sent(found))
    found += [(kind_of_sent(each, true), each) for each, true in opinions(sent)]
    judge.close()
    wrong = [_tell(kind, each) for kind, each in found if kind not in RIGHT]
    counts = Counter(kind for kind, _ in found)
    counts["sent again"] = sum(law.checked for law in laws.values())
    return Outcome(corpus=corpus, uncompiled=uncompiled, counts=counts, wrong=sorted(wrong))


def _sent(found: list[tuple[str, Judged]]) -> list[tuple[Subject, str]]:
    return [(each.subject, each.verdict.text) for _, each in found if each.verdict.text is not None]


def _judge_all(judge: Engines, questions: list[tuple[Subject, str]]) -> list[Judged]:
    verdicts = judge.judge_all([(subject.c_name, text) for subject, text in questions])
    return [
        Judged(subject=subject, text=text, verdict=verdict)
        for (subject, text), verdict in zip(questions, verdicts, strict=True)
    ]


def kind_of(each: Judged, opinion: Opinion) -> str:
    """What became of a payload."""
    verdict = each.verdict
    accepted = verdict.stage != "decode"
    is_twice = has_twice(each.text.encode())
    if not accepted and verdict.status in ("DUPLICATE", "LIMIT"):
        is_so = is_twice if verdict.status == "DUPLICATE" else _is_beyond(each.text)
        return verdict.status.lower() if is_so else "refused without need"
    if is_twice:
        return "duplicate"
    if verdict.status == "PRECISION":
        if not opinion.rounds or accepted:
            return "refused without need"
        return "precision" if opinion.by_text else "refused"
    if accepted != opinion.by_text or verdict.status in ("JSON", "SPACE"):
        return "valid, but refused" if opinion.by_text else "invalid, but accepted"
    may_be_refused = each.subject.restricts_sending or has_wide_integer(each.text)
    if accepted and verdict.text is None and not may_be_refused:
        return "accepted, but not sent"
    return "accepted" if accepted else "refused"


def kind_of_sent(each: Judged, opinion: Opinion) -> str:
    """What became of a payload that was sent."""
    if not opinion.by_text:
        return "sent, but invalid"
    return "sent" if each.verdict.text == each.text else "sent, but read otherwise"


def _is_beyond(text: str) -> bool:
    data = text.encode()
    return has_beyond_64_bits(data) or has_beyond_double(data) or is_deep(data)


def _tell(kind: str, each: Judged) -> str:
    return f"{each.subject.name}: {kind}: {each.text}: {each.verdict}"


def test_verdicts_agree(outcome: Outcome, record_property: Callable[[str, object], None]) -> None:
    record_property("counts", dict(outcome.counts))
    if outcome.wrong:
        pytest.fail("\n".join(outcome.wrong[:SHOWN]))


def test_verdicts_on_random_schemas_agree(
    random_outcome: Outcome, record_property: Callable[[str, object], None]
) -> None:
    record_property("counts", dict(random_outcome.counts))
    assert min(random_outcome.counts["accepted"], random_outcome.counts["refused"]) > 0
    if random_outcome.wrong:
        pytest.fail("\n".join(random_outcome.wrong[:SHOWN]))


def test_random_schemas_compile(random_outcome: Outcome) -> None:
    corpus = random_outcome.corpus
    assert (corpus.refused, corpus.crashed, random_outcome.uncompiled) == ({}, {}, {})


def test_each_kind_of_verdict_is_there(outcome: Outcome) -> None:
    judged = outcome.counts["accepted"] + outcome.counts["refused"]
    assert min(outcome.counts["accepted"], outcome.counts["refused"]) > judged / 5
    assert outcome.counts["limit"] > 0
    assert outcome.counts["duplicate"] > 0
    assert outcome.counts["sent"] > 0
    assert outcome.counts["sent again"] > 300
    if LONG:
        assert judged >= LONG_TOTAL


def test_schemas_compile_or_are_refused(outcome: Outcome) -> None:
    assert outcome.corpus.crashed == {}
    assert outcome.uncompiled == {}


def test_refused_schemas_are_those_on_the_list(
    outcome: Outcome, pytestconfig: pytest.Config
) -> None:
    if pytestconfig.getoption("--accept"):
        refusals.write(REFUSED, HEADING, outcome.corpus.refused)
    assert not refusals.differences(refusals.read(REFUSED), outcome.corpus.refused)
