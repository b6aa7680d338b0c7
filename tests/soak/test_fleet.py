"""A quick form of the load of `make soak`."""

from pathlib import Path

from tests.soak.run_soak import Plan, soak


def test_all_protocols_under_load_and_kills(tmp_path: Path) -> None:
    assert soak(Plan(devices=20, rate=200, seconds=12, kill_s=4), tmp_path) == []
