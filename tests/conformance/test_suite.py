"""The official JSON Schema test suite through generated C: each verdict is right, or refused."""

from __future__ import annotations

import json
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

REFUSED = Path(__file__).parent / "refused.txt"
HEADING = "Cases of the JSON Schema test suite whose schema is refused, and why."
MOST_REFUSED_PERCENT = 3
FILES = 37
LEAST_CASES = 900


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of the suite, in words."""

    cases: int
    refused: dict[str, str]
    wrong: list[str]


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    folder = tmp_path_factory.mktemp("suite")
    groups = {group.prefix: group for group in suite.groups()}
    generated: dict[str, Generated] = {}
    refused: dict[str, str] = {}
    wrong: list[str] = []
    for prefix, group in groups.items():
        document = write_around(group.schema, prefix, folder / prefix)
        options = suite.maps(group, folder / "meta")
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
        wrong += _wrong(judge, generated[prefix].targets[0].c_name, groups[prefix])
    judge.close()
    cases = sum(len(group.cases) for group in groups.values())
    return Outcome(cases=cases, refused=refused, wrong=sorted(wrong))


def _wrong(judge: Engines, c_name: str, group: Group) -> list[str]:
    found = []
    for case in group.cases:
        for text in _spellings(case.payload):
            verdict = judge.judge(c_name, text)
            if _accepts(verdict) != case.valid:
                found.append(_describe(group, case, text, verdict))
            elif verdict.text is not None:
                again = judge.judge(c_name, verdict.text)
                if again.text != verdict.text:
                    found.append(_describe(group, case, verdict.text, again))
    return found


def _spellings(payload: Any) -> set[str]:
    """The same value as it is usually written, and with escapes and blanks."""
    return {json.dumps(payload, ensure_ascii=False), json.dumps(payload, indent=1)}


def _accepts(verdict: Verdict) -> bool:
    """What decodes must encode too, so a refusal of either is one."""
    return verdict.text is not None


def _describe(group: Group, case: Case, text: str, verdict: Verdict) -> str:
    expected = "valid" if case.valid else "invalid"
    schema = json.dumps(group.schema)
    return f"{case.name}: {text} is {expected} by {schema}: {verdict}"


def test_whole_suite_is_there() -> None:
    assert len(list((suite.SUITE / "tests/draft7").glob("*.json"))) == FILES
    assert sum(len(group.cases) for group in suite.groups()) >= LEAST_CASES


def test_no_verdict_is_wrong(outcome: Outcome) -> None:
    if outcome.wrong:
        pytest.fail("\n".join(outcome.wrong))


def test_refused_cases_are_those_on_the_list(outcome: Outcome, pytestconfig: pytest.Config) -> None:
    names = {case.name for group in suite.groups() for case in group.cases}
    listed = refusals.read(REFUSED)
    if pytestconfig.getoption("--accept"):
        # The list serves suites of several days: cases that this one lacks stay.
        absent = {name: listed[name] for name in listed if name not in names}
        refusals.write(REFUSED, HEADING, outcome.refused | absent)
        listed = refusals.read(REFUSED)
    known = {name: listed[name] for name in listed if name in names}
    assert not refusals.differences(known, outcome.refused)


def test_few_cases_are_refused(outcome: Outcome) -> None:
    refused = len(outcome.refused)
    assert 100 * refused <= MOST_REFUSED_PERCENT * outcome.cases
