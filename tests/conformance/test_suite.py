"""The official JSON Schema test suite through generated C: each verdict is right, or refused.

`make test` takes a fixed sample of the schemas, `make test-long` all of them.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conformance import suite
from tests.conformance.suite import Case, Group
from tests.support import refusals
from tests.support.codec import Engines, Verdict
from tests.support.documents import write_around
from tests.support.programs import Crashed, Generated, Refused, build, generate
from tests.support.scale import LONG

REFUSED = Path(__file__).parent / "refused.txt"
HEADING = "Cases of the JSON Schema test suite whose schema or payload is refused, and why."
LIMITS = ("LIMIT", "PRECISION")
"""What is reported of payloads that are valid, but beyond a limit of the machine."""
MOST_REFUSED_PERCENT, MOST_REFUSED_OF_A_DRAFT_PERCENT = 3, 6
LEAST_CASES = {
    "draft4": 700,
    "draft6": 900,
    "draft7": 1000,
    "draft2019-09": 1300,
    "draft2020-12": 1350,
}
SHARE = 1 if LONG else 8
"""One schema in so many is tried."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of the suite, in words."""

    names: frozenset[str]
    refused: dict[str, str]
    wrong: list[str]


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    folder = tmp_path_factory.mktemp("suite")
    groups = {group.prefix: group for group in suite.groups() if group.is_sample(SHARE)}
    generated: dict[str, Generated] = {}
    refused: dict[str, str] = {}
    wrong: list[str] = []
    for prefix, group in groups.items():
        document = write_around(group.schema, prefix, folder / prefix, group.schema_format)
        options = suite.maps(group)
        match generate(document, folder / prefix / "generated", options):
            case Generated() as found:
                generated[prefix] = found
            case Refused(reason=reason):
                refused |= {case.name: " ".join(reason.split()) for case in group.cases}
            case Crashed(trace=trace):
                wrong.append(f"{prefix}: mqbind crashed on {group.schema}: {trace}")
    judge, uncompiled = build(generated, folder / "suite")
    wrong += [f"{prefix} does not compile: {text}" for prefix, text in uncompiled.items()]
    for prefix in generated.keys() - uncompiled.keys():
        judged = _judged(judge, generated[prefix].targets[0].c_name, groups[prefix])
        wrong += judged.wrong
        refused |= judged.refused
    judge.close()
    names = frozenset(case.name for group in groups.values() for case in group.cases)
    return Outcome(names=names, refused=refused, wrong=sorted(wrong))


def _judged(judge: Engines, c_name: str, group: Group) -> Outcome:
    wrong: list[str] = []
    refused: dict[str, str] = {}
    for case in group.cases:
        for text in _spellings(case.payload):
            verdict = judge.judge(c_name, text)
            if case.valid and verdict.status in LIMITS:
                refused[case.name] = f"the payload {verdict.rule}"
            elif (verdict.text is not None) != case.valid:
                wrong.append(_describe(group, case, text, verdict))
            elif verdict.text is not None:
                again = judge.judge(c_name, verdict.text)
                if again.text != verdict.text:
                    wrong.append(_describe(group, case, verdict.text, again))
    return Outcome(names=frozenset(), refused=refused, wrong=wrong)


def _spellings(payload: Any) -> set[str]:
    """The same value as it is usually written, and with escapes and blanks."""
    return {json.dumps(payload, ensure_ascii=False), json.dumps(payload, indent=1)}


def _describe(group: Group, case: Case, text: str, verdict: Verdict) -> str:
    expected = "valid" if case.valid else "invalid"
    schema = json.dumps(group.schema)
    return f"{case.name}: {text} is {expected} by {schema}: {verdict}"


def test_whole_suite_is_there() -> None:
    cases = Counter[str]()
    for group in suite.groups():
        cases[group.draft] += len(group.cases)
    assert cases.keys() == LEAST_CASES.keys()
    assert all(cases[draft] >= least for draft, least in LEAST_CASES.items())


def test_no_verdict_is_wrong(outcome: Outcome) -> None:
    if outcome.wrong:
        pytest.fail("\n".join(outcome.wrong))


def test_refused_cases_are_those_on_the_list(outcome: Outcome, pytestconfig: pytest.Config) -> None:
    listed = refusals.read(REFUSED)
    if pytestconfig.getoption("--accept"):
        # The list serves suites of several days, and samples: cases that this one lacks stay.
        absent = {name: listed[name] for name in listed if name not in outcome.names}
        refusals.write(REFUSED, HEADING, outcome.refused | absent)
        listed = refusals.read(REFUSED)
    known = {name: listed[name] for name in listed if name in outcome.names}
    assert not refusals.differences(known, outcome.refused)


def test_few_cases_are_refused() -> None:
    """Of the whole suite, whose refused cases are on the list."""
    listed = refusals.read(REFUSED).keys()
    cases = {
        draft: [name for name in _names() if name.startswith(f"{draft} /")]
        for draft in suite.DRAFTS
    }
    refused = {draft: sum(name in listed for name in names) for draft, names in cases.items()}
    for draft, names in cases.items():
        assert 100 * refused[draft] <= MOST_REFUSED_OF_A_DRAFT_PERCENT * len(names)
    every = sum(map(len, cases.values()))
    assert 100 * sum(refused.values()) <= MOST_REFUSED_PERCENT * every


def _names() -> list[str]:
    return [case.name for group in suite.groups() for case in group.cases]
