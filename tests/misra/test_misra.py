"""What `make misra` calls wrong; the look at our own code is a step of `make test` by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.misra.check_misra import DOCUMENT
from tests.misra.deviations import (
    MOST_IN_GENERATED_CODE,
    Deviation,
    in_files,
    table,
    unlisted,
    unused,
)
from tests.misra.rules import ADVISORY, MANDATORY
from tests.misra.scan import ENGINES, Hit, scan

BROKEN = """\
#ifdef MQB_PARSER_DIRECT
#define LIMIT 2
#else
#define LIMIT 3U
#endif
#ifdef MQB_PROFILE_SPEED
#define FOUND 0
#else
#define FOUND 0U
#endif

unsigned int limited(unsigned int value);

unsigned int limited(unsigned int value)
{
    unsigned int found = value;
    if (value > LIMIT)
        found = FOUND;
    return found == FOUND ? 1U : 0U;
}
"""
ROW = Deviation(rule="15.6", where=frozenset(), reason="")
HERE = Deviation(rule="10.4", where=frozenset({"runtime/a.c", "runtime/b.c"}), reason="")


def hit(rule: str, file: str = "runtime/a.c") -> Hit:
    return Hit(file=file, line=7, rule=rule)


@pytest.mark.parametrize("engine", ENGINES)
def test_cppcheck_finds_what_is_broken_for_each_engine(engine: str, tmp_path: Path) -> None:
    (tmp_path / "broken.c").write_text(BROKEN)
    found = scan([tmp_path / "broken.c"], engine, tmp_path / "work", tmp_path)
    wrong = {Hit(file="broken.c", line=17, rule="15.6")}
    if engine in ("direct", "speed"):
        wrong.add(Hit(file="broken.c", line=17, rule="10.4"))
    if engine == "speed":
        wrong.add(Hit(file="broken.c", line=19, rule="10.4"))
    assert {each for each in found if each.rule not in ADVISORY} == wrong


def test_a_scan_that_fails_is_no_clean_one(tmp_path: Path) -> None:
    (tmp_path / "wrong.c").write_text("int f(void) { return (1; }\n")
    with pytest.raises(RuntimeError, match="syntaxError"):
        scan([tmp_path / "wrong.c"], "jsmn", tmp_path / "work", tmp_path)


def test_a_hit_needs_a_row() -> None:
    assert unlisted([hit("15.6")], [ROW], in_files) == []
    assert unlisted([hit("15.6")], [], in_files) == [
        "runtime/a.c:7: breaks rule 15.6, which is required, and has no row for it"
    ]


def test_a_row_is_for_its_files_only() -> None:
    assert unlisted([hit("10.4", "runtime/b.c")], [HERE], in_files) == []
    [line] = unlisted([hit("10.4", "runtime/c.c")], [HERE], in_files)
    assert line.startswith("runtime/c.c:7: breaks rule 10.4")


def test_advice_needs_no_row() -> None:
    assert unlisted([hit("15.5")], [], in_files) == []


def test_no_row_excuses_a_mandatory_rule() -> None:
    row = Deviation(rule="17.3", where=frozenset(), reason="")
    assert unlisted([hit("17.3")], [row], in_files) == [
        "runtime/a.c:7: breaks rule 17.3, which is mandatory"
    ]


def test_a_row_needs_a_hit() -> None:
    assert unused([hit("15.6")], [ROW], in_files) == []
    assert unused([], [ROW], in_files) == ["rule 15.6 is kept: everywhere"]
    assert unused([hit("10.4")], [HERE], in_files) == ["rule 10.4 is kept: runtime/b.c"]


def test_the_document_gives_reasons_and_few_rows_to_generated_code() -> None:
    document = DOCUMENT.read_text()
    generated, runtime = table(document, "Generated code"), table(document, "Runtime")
    assert 0 < len(generated) <= MOST_IN_GENERATED_CODE < len(runtime)
    assert all(each.where for each in generated)
    for rows in (generated, runtime):
        rules = [each.rule for each in rows]
        assert len(rules) == len(set(rules))
        assert not set(rules) & (MANDATORY | ADVISORY)
        assert all(len(each.reason.split()) > 5 for each in rows)
