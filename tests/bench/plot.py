"""A picture of what was measured: time against peers, and against size."""

from __future__ import annotations

from pathlib import Path

import matplotlib
from matplotlib import pyplot
from matplotlib.axes import Axes

from tests.bench import peers
from tests.bench.payloads import SHAPES, SIZES
from tests.bench.results import Results

COLORS = {
    peers.SPEED: "#641e16",
    peers.DIRECT: "#c0392b",
    peers.JSMN: "#e59866",
    peers.TOKENS: "#7f8c8d",
    peers.WALK: "#b2babb",
    peers.CJSON: "#2e86c1",
    peers.QUICKTYPE: "#1a5276",
    peers.YYJSON: "#229954",
    peers.SIMDJSON: "#7d3c98",
    peers.NANOPB: "#d4ac0d",
    peers.COREJSON: "#17202a",
}


def draw(results: Results, path: Path) -> None:
    """Write an SVG; the same results give the same bytes."""
    matplotlib.use("svg")
    matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "mqbind", "font.size": 8})
    figure = pyplot.figure(figsize=(12, 8), layout="constrained")
    grid = figure.add_gridspec(2, len(SHAPES))
    _draw_peers(figure.add_subplot(grid[0, :]), results)
    first: Axes | None = None
    for column, shape in enumerate(SHAPES):
        axes = figure.add_subplot(grid[1, column], sharey=first)
        _draw_shape(axes, results, shape)
        if first is None:
            axes.set_ylabel("ns a byte")
        first = first or axes
    figure.savefig(path, format="svg", metadata={"Date": None})
    pyplot.close(figure)


def _draw_peers(axes: Axes, results: Results) -> None:
    rows = results.group("fields")
    names = [peer for peer in COLORS if any(peer in row.figures for row in rows)]
    width = 0.9 / len(names)
    for index, peer in enumerate(names):
        taken = [
            (place, row.figures[peer].ns) for place, row in enumerate(rows) if peer in row.figures
        ]
        bars = axes.bar(
            [place + index * width for place, _ in taken],
            [ns for _, ns in taken],
            width,
            color=COLORS[peer],
            label=peer,
        )
        axes.bar_label(bars, fmt="%.0f", fontsize=7)
    axes.set_yscale("log")
    axes.set_ylabel("ns a message")
    axes.set_xticks(
        [place + 0.45 - width / 2 for place in range(len(rows))],
        [f"{row.subject.name}, {row.subject.mean_bytes:.0f} bytes" for row in rows],
    )
    axes.set_title("All fields of a message")
    axes.legend(ncols=len(names), loc="upper center", fontsize=7)
    axes.margins(y=0.25)


def _draw_shape(axes: Axes, results: Results, shape: str) -> None:
    rows = [results.row("shapes", f"{shape}.{size}") for size in SIZES]
    rows.sort(key=lambda row: row.subject.mean_bytes)
    for peer in rows[0].figures:
        axes.plot(
            [row.subject.mean_bytes for row in rows],
            [row.figures[peer].ns / row.subject.mean_bytes for row in rows],
            color=COLORS[peer],
            marker=".",
        )
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_title(shape)
    axes.set_xlabel("bytes")
