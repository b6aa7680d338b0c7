"""Fixtures: a document, and a directory to generate into."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.codegen.writing import schema


@pytest.fixture
def door(tmp_path: Path) -> Path:
    return schema(tmp_path, "Door", "door")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out"
