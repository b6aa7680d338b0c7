"""Regular expressions as automata: what they take, what is refused, how the tables look."""

from __future__ import annotations

import pytest

from mqbind.plan.patterns.compiler import PatternError, compile_pattern, matches
from mqbind.plan.patterns.counting import ZONES, Action
from tests.codegen.pattern_cases import CASES, REFUSED
from tests.support.compiler import ROOT
from tests.support.steps import calls


@pytest.mark.parametrize("pattern", CASES)
def test_pattern_takes_what_it_says(pattern: str) -> None:
    automaton = compile_pattern(pattern)
    found, absent = CASES[pattern]
    for text in found:
        assert matches(automaton, text.encode()), text
    for text in absent:
        assert not matches(automaton, text.encode()), text


@pytest.mark.parametrize("pattern", REFUSED, ids=lambda pattern: pattern[:40])
def test_refusal_names_the_construct_and_a_remedy(pattern: str) -> None:
    reported = []

    def refuse() -> None:
        with pytest.raises(PatternError) as refused:
            compile_pattern(pattern)
        reported.append(refused.value)

    # The worst takes seven million: about a second.
    assert calls(refuse) < 15_000_000
    [error] = reported
    assert REFUSED[pattern] in error.message
    assert error.remedy


def test_limit_is_the_largest_automaton() -> None:
    assert len(compile_pattern("^a{1998}$").next) == 2000
    assert len(compile_pattern("^a{1999}$").next) == 5
    assert len(compile_pattern("^é{8}$", limit=18).next) == 18
    with pytest.raises(PatternError):
        compile_pattern("^é{8}$", limit=17)


def test_dead_state_and_matched_state_are_final() -> None:
    anchored = compile_pattern("^ab")
    assert anchored.dead is not None
    assert set(anchored.next[anchored.dead]) == {anchored.dead}
    assert not anchored.accepting[anchored.dead]

    search = compile_pattern("ab")
    assert search.dead is None
    (matched,) = (state for state, accepts in enumerate(search.accepting) if accepts)
    assert set(search.next[matched]) == {matched}

    nothing = compile_pattern("[]")
    assert nothing.dead == 0
    assert nothing.next == ((0,),)


@pytest.mark.parametrize(
    ("pattern", "states"),
    [
        ("", 1),
        ("a", 2),
        ("(a|b)|[ab]", 2),
        ("^a", 3),
        ("(?:ab|ab|ab)", 3),
        ("^[^\\n]*$", 2),
        ("^.{3}$", 3 * 3 + 2),
        ("^[0-9]{1,19}$", 21),
        ("w0|w1|w2|w", 2),
    ],
)
def test_automaton_is_minimal(pattern: str, states: int) -> None:
    assert len(compile_pattern(pattern).next) == states


@pytest.mark.parametrize("pattern", CASES)
def test_tables_have_the_layout_of_the_runtime(pattern: str) -> None:
    automaton = compile_pattern(pattern)
    assert automaton == compile_pattern(pattern)
    assert len(automaton.classes) == 256
    in_ranges = {
        byte: kind for low, high, kind in automaton.ranges for byte in range(low, high + 1)
    }
    assert automaton.classes == tuple(in_ranges.get(byte, 0) for byte in range(256))
    assert list(automaton.ranges) == sorted(automaton.ranges)
    width = len(automaton.next[0])
    assert set(automaton.classes) == set(range(width))
    assert all(len(row) == width for row in automaton.next)
    assert len(automaton.accepting) == len(automaton.next)
    assert len(set(zip(*automaton.next, strict=True))) == width
    flags = Action.MORE | Action.FIRST
    reached = {0} | {target & ~flags for row in automaton.next for target in row}
    rows = [*range(automaton.counting), *range(automaton.counting, len(automaton.next), ZONES)]
    assert reached == set(rows if automaton.counters else range(len(automaton.next)))


def test_no_generated_table_has_an_entry_for_each_byte() -> None:
    sources = {path.name: path.read_text() for path in (ROOT / "generated").rglob("*.c")}
    assert any("struct mqb_byte_range" in text for text in sources.values())
    assert [name for name, text in sources.items() if "[256]" in text] == []
