"""A quick form of the figures of `make soak`: what they measure is right, however long it takes."""

from pathlib import Path

import pytest

from tests.soak.figures import FAR, Figure, Sizes, measure

FEW = Sizes(
    messages=2000,
    received=500,
    messages_in_default_window=50,
    filters=2000,
    stops=1,
    slow_bytes=20_000,
    requests=500,
)


def test_each_figure_is_measured(tmp_path: Path) -> None:
    figures = list(measure(FEW, tmp_path))
    assert all(figure.reached > 0 for figure in figures)
    assert len({figure.row() for figure in figures}) == len(figures)


@pytest.mark.parametrize(
    ("unit", "reached", "is_fault"),
    [
        ("s", 2, False),
        ("s", 2 * FAR, False),
        ("s", 2 * FAR + 1, True),
        ("messages/s", 2, False),
        ("messages/s", 2 / FAR, False),
        ("messages/s", 1 / FAR, True),
    ],
)
def test_a_figure_that_is_missed_by_far_is_a_fault(
    unit: str, reached: float, is_fault: bool
) -> None:
    figure = Figure(name="it", unit=unit, wanted=2, reached=reached)
    assert bool(figure.fault()) is is_fault
    assert not Figure(name="it", unit=unit, reached=reached).fault()
