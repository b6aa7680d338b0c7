"""Projects of several files that are changed at random: those that are accepted give C without a
warning, all others a diagnostic that says where."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import integers

from mqbind.diagnostics import Diagnostics, Failed
from mqbind.emit.write import write
from mqbind.pipeline import compile_schema
from tests.corpus.project_changes import NAMES, project, write_changed
from tests.corpus.test_corpus import check_c
from tests.corpus.test_hostile_documents import check_diagnostics
from tests.support.scale import LONG

CHANGED = 3000 if LONG else 24
"""For each project."""


@pytest.mark.parametrize("name", NAMES)
def test_changed_projects(name: str) -> None:
    original = project(name)
    outcomes = set()

    @settings(
        max_examples=CHANGED,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(integers(min_value=0, max_value=2**64))
    def change(seed: int) -> None:
        with tempfile.TemporaryDirectory() as folder:
            document = write_changed(original, Path(folder), random.Random(seed))
            outcomes.add(end(document, Path(folder) / "generated"))

    change()
    assert outcomes == {True, False}


def end(document: Path, folder: Path) -> bool:
    """Whether the document is accepted; either end is checked."""
    diagnostics = Diagnostics()
    try:
        write(folder, compile_schema(document, diagnostics).files)
    except Failed:
        check_diagnostics(diagnostics)
        return False
    check_c("gcc", "-std=c11", sorted(folder.glob("*.c")))
    return True
