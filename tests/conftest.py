"""Options of the tests, and which come first."""

from pathlib import Path

import pytest

TESTS = Path(__file__).parent
SLOWEST = (
    "codegen/test_work.py",
    "fuzz/test_targets.py",
    "foreign/test_foreign.py",
    "prove/test_prove.py",
    "readme/test_readme.py",
    "codegen/test_cases.py",
    "differential/test_validation.py",
    "corpus/test_corpus.py",
    "corpus/test_projects.py",
    "corpus/test_hostile_projects.py",
    "growth/test_growth.py",
    "consumers/test_rebuild.py",
    "consumers/test_ways.py",
    "tools/test_cache.py",
    "conformance/test_suite.py",
    "topics/test_arrivals.py",
    "memory/test_flags.py",
    "growth/test_cost.py",
    "differential/test_sending.py",
)
"""Files that take longest: they come first, so that no process is left with one of them when the
others are done."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="rewrite the golden files and lists")


def pytest_configure(config: pytest.Config) -> None:
    """Several processes begin with the files that have most tests, unless this is off."""
    config.option.loadscopereorder = False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {TESTS / name: place for place, name in enumerate(SLOWEST)}
    items.sort(key=lambda item: places.get(item.path, len(places)))
