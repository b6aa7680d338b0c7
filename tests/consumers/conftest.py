"""Fixtures: an installed mqbind and a project that uses it."""

from pathlib import Path

import pytest

from tests.consumers.installation import Door, build_and_install, copy_door


@pytest.fixture(scope="session")
def prefix(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """mqbind installed and then moved elsewhere, as a package manager may do."""
    folder = tmp_path_factory.mktemp("installed")
    build_and_install(folder / "build", folder / "first place")
    return (folder / "first place").rename(folder / "a prefix")


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return copy_door(tmp_path)
