"""The coverage step of `make ci` counts only with every report, from its own run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import measure_coverage
from tests.support.measure_coverage import REPORTED, Coverage, forget, lacking


def write_reports(folder: Path) -> None:
    for name, places in REPORTED.items():
        report = folder / name
        report.parent.mkdir(exist_ok=True)
        files = "".join(f'<class filename="{place}file"/>' for place in places)
        report.write_text(f"<coverage>{files}</coverage>")


def test_whole_reports_lack_nothing(tmp_path: Path) -> None:
    write_reports(tmp_path)
    assert lacking(tmp_path) == []


@pytest.mark.parametrize("name", REPORTED)
def test_a_report_that_was_not_written_is_missed(tmp_path: Path, name: str) -> None:
    write_reports(tmp_path)
    (tmp_path / name).unlink()
    assert lacking(tmp_path) == [f"{name} was not written"]


@pytest.mark.parametrize(
    ("name", "place"), [(name, place) for name, places in REPORTED.items() for place in places]
)
def test_a_report_without_some_sources_is_not_whole(tmp_path: Path, name: str, place: str) -> None:
    write_reports(tmp_path)
    report = tmp_path / name
    report.write_text(report.read_text().replace(f'"{place}file"', '"elsewhere/file"'))
    assert lacking(tmp_path) == [f"{name} tells of no file in {place}"]


def test_reports_of_an_earlier_run_do_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measure_coverage, "REPORTS", tmp_path)
    write_reports(tmp_path)
    forget()
    assert lacking(tmp_path) == [f"{name} was not written" for name in REPORTED]


def test_what_the_runtime_needs() -> None:
    assert not Coverage(lines=96.9, branches=100.0).enough
    assert not Coverage(lines=100.0, branches=91.9).enough
    assert Coverage(lines=100.0, branches=100.0).enough
