"""The quick form of `make prove`: one file's contracts, one seeded mistake, and the tables."""

import re

import pytest

from tests.prove import bugs, proofs, run_prove

TABLE = proofs.read_table()
BUGS = bugs.read_bugs()
LEAST_BUGS = 20


def source_of(path: str) -> proofs.Source:
    return next(source for source in TABLE.sources if source.path == path)


def test_digits_are_proved() -> None:
    result = proofs.prove(source_of("runtime/json/digits.c"))
    assert result.goals and result.unproved == frozenset()


def test_a_seeded_mistake_makes_a_goal_fail() -> None:
    """In the shortest function, as provers try every way before they give a goal up."""
    bug = next(bug for bug in BUGS if bug.functions == ("mqb_digits_uint64",))
    assert bugs.failed_goals(bug, TABLE)


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_mistake_fits_the_source(bug: bugs.Bug) -> None:
    text = (proofs.ROOT / bug.file).read_text()
    assert bugs.plant(bug, text) != text
    assert set(bug.functions) <= set(source_of(bug.prove).functions)


def test_there_are_enough_mistakes() -> None:
    assert len({bug.name for bug in BUGS}) == len(BUGS) >= LEAST_BUGS


@pytest.mark.parametrize("source", TABLE.sources, ids=lambda source: source.path)
def test_what_is_proved_has_a_contract(source: proofs.Source) -> None:
    for function in source.functions:
        contract = find_contract(function)
        assert "assigns" in contract and "ensures" in contract, function


def find_contract(function: str) -> str:
    """The annotation in front of a declaration or definition of the function."""
    pattern = rf"/\*@((?:(?!\*/).)*)\*/\n(?:[\w*]+[ *]+)+{function}\("
    files = [*proofs.ROOT.glob("runtime/**/*.[ch]"), *proofs.ROOT.glob("include/**/*.h")]
    found = [re.search(pattern, path.read_text(), re.DOTALL) for path in files]
    return next((match.group(1) for match in found if match), "")


def test_differences_from_the_table_are_reported() -> None:
    table = proofs.Table(sources=(), unproved={"stale": "why", "solved": "why", "open": "why"})
    total = proofs.Result(
        goals={"solved": 1, "open": 1, "broken": 2, "fine": 1},
        proved=frozenset({"solved", "fine"}),
    )
    assert run_prove.compare(total, table) == [
        "not proved: broken",
        "proved, but listed: solved",
        "listed, but no goal: stale",
    ]
