"""Each file in this folder has a mistake and says how the compiler must report it.

A line that ends in `# <- COLUMN: SEVERITY ID: TEXT` expects a diagnostic of the rule with that id
at that column of that line, whose message starts with TEXT. `# expect LINE:COLUMN: SEVERITY ID:
TEXT` says the same of another line, and with `FILE:` in front of another file. Nothing else may be
reported.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from mqbind.diagnostics import Diagnostics, Severity
from mqbind.load import load
from mqbind.model.check import check
from mqbind.plan.build import build_plan

HERE = Path(__file__).parent
FILES = sorted(path for path in HERE.iterdir() if path.suffix in (".yaml", ".json"))
KIND = r"((?:error|warning) MQB\d{3})"
BESIDE = re.compile(rf"# <- (\d+): {KIND}: (.+)$")
ELSEWHERE = re.compile(rf"\bexpect\W+(?:([\w/.]+):)?(\d+):(\d+): {KIND}: (.+?)\"?$")


def expected_in(path: Path) -> list[tuple[str, int, int, str, str]]:
    """File, line, column, severity and id, and text of each diagnostic that `path` announces."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if beside := BESIDE.search(line):
            found.append((path.name, number, int(beside[1]), beside[2], beside[3]))
        if elsewhere := ELSEWHERE.search(line):
            file = elsewhere[1] or path.name
            found.append((file, int(elsewhere[2]), int(elsewhere[3]), elsewhere[4], elsewhere[5]))
    return sorted(found)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_mistake_is_reported_at_its_place(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HERE)
    diagnostics = Diagnostics()
    protocol = load(path.name, diagnostics)
    if protocol is not None:
        check(protocol, diagnostics)
        build_plan(protocol, diagnostics)
    expected = expected_in(path)
    found = sorted(
        (
            each.location.file,
            each.location.line,
            each.location.column,
            f"{each.severity} {each.rule.id}",
            each.message,
        )
        for each in diagnostics
    )
    assert expected, "the file expects nothing"
    assert [each[:4] for each in found] == [each[:4] for each in expected], found
    for (*_, message), (*_, text) in zip(found, expected, strict=True):
        assert message.startswith(text)
    for each in diagnostics:
        assert each.remedy
        assert "\n" not in str(each)
    errors = any(each.severity is Severity.ERROR for each in diagnostics)
    assert errors == diagnostics.failed
    if protocol is None:
        assert errors


def test_every_mistake_has_a_file() -> None:
    """A folder that lost its files would pass silently."""
    assert len(FILES) > 100
    assert os.path.commonpath([HERE, *FILES]) == str(HERE)
