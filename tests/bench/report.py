"""Tables of what was measured, as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tests.bench import peers, targets
from tests.bench.payloads import SHAPES, SIZES
from tests.bench.peers import DIRECT, JSMN, QUICKTYPE, SPEED, TOKENS
from tests.bench.results import Results, Row, geometric_mean

MEASURED = """\
Instructions are counted with callgrind, as the difference of two numbers of repetitions, so they
are the same on a busy machine. Times are medians of {rounds} rounds in which the programs take
turns, by the clock of the process; what else runs on the machine still shows in them. Ours decodes
strictly, checks every rule and fills a struct; what the others do is stated by their names. jsmn's
tokens of ucc took {ns:.0f} ns in this run: where that is more, all times are more.
"""


def tables(results: Results, rounds: int) -> Iterator[str]:
    """The parts of the report."""
    yield _machine(results)
    tokens_ns = results.row("fields", "ucc").figures[TOKENS].ns
    yield MEASURED.format(rounds=rounds, ns=tokens_ns)
    yield _meanings(results)
    yield "## All fields of three messages\n\n" + fields_table(results, "fields")
    yield "## The same, members in any order, values varied\n\n" + fields_table(results, "varied")
    yield "## Every printed payload\n\n" + _printed(results)
    yield "## Instructions a byte, by shape and size\n\n" + _shapes(results)
    yield "## Encode\n\n" + fields_table(results, "encode")
    yield "## Routing\n\n" + _routes(results)
    yield "## Targets\n\n" + targets_table(results)


def _machine(results: Results) -> str:
    return "\n".join(f"{name}: {value}" for name, value in results.machine.items()) + "\n"


def _meanings(results: Results) -> str:
    present = {peer for row in results.rows for peer in row.figures}
    rows = [[peer, does] for peer, does in peers.MEANINGS.items() if peer in present]
    absent = [peer for peer in peers.MEANINGS if peer not in present]
    left_out = f"\nNot built here: {', '.join(absent)}.\n" if absent else ""
    return table(["peer", "what it does"], rows) + left_out


def fields_table(results: Results, group: str) -> str:
    """A line a peer, three columns a message."""
    rows = results.group(group)
    names = [peer for peer in peers.MEANINGS if any(peer in row.figures for row in rows)]
    base = TOKENS if TOKENS in names else DIRECT
    head = ["instructions, of those of " + base + ", time"]
    head += [f"{row.subject.name}, {row.subject.mean_bytes:.0f} bytes" for row in rows]
    return table(head, [[peer, *(_cell(row, peer, base) for row in rows)] for peer in names])


def _cell(row: Row, peer: str, base: str) -> str:
    figure = row.figures.get(peer)
    ratio = row.ratio(peer, base)
    if figure is None or ratio is None:
        return "-"
    return f"{figure.instructions:,.0f}, {ratio:.2f}, {figure.ns:,.0f} ns ± {figure.spread:.0f}"


def _printed(results: Results) -> str:
    rows = results.group("printed")
    ours = (SPEED, DIRECT, JSMN)
    head = ["payload", "bytes", TOKENS, *(f"{peer} : tokens" for peer in ours)]
    lines = [
        [
            row.subject.name,
            f"{row.subject.mean_bytes:.0f}",
            f"{row.figures[TOKENS].instructions:,.0f}",
            *(_ratio(row.ratio(peer, TOKENS), 3) for peer in ours),
            _ratio(row.ratio(QUICKTYPE, DIRECT), 1),
        ]
        for row in rows
    ]
    means = [
        _mean(results.ratios("printed", peer, other).values(), places)
        for peer, other, places in (*((peer, TOKENS, 3) for peer in ours), (QUICKTYPE, DIRECT, 1))
    ]
    lines.append(["geometric mean", "", "", *means])
    return table([*head, f"{QUICKTYPE} : direct"], lines)


def _mean(ratios: Iterable[float], places: int) -> str:
    found = list(ratios)
    return _ratio(geometric_mean(found) if found else None, places)


def _ratio(ratio: float | None, places: int) -> str:
    return "-" if ratio is None else f"{ratio:.{places}f}"


def _shapes(results: Results) -> str:
    lines = []
    for shape in SHAPES:
        rows = [results.row("shapes", f"{shape}.{size}") for size in SIZES]
        for peer in rows[0].figures:
            cells = (row.figures[peer].instructions / row.subject.mean_bytes for row in rows)
            lines.append([shape, peer, *(f"{cell:.1f}" for cell in cells)])
    return table(["shape", "peer", *(f"{size:,} bytes" for size in SIZES)], lines)


def _routes(results: Results) -> str:
    lines = [
        [
            f"{int(row.subject.name):,} filters",
            peer,
            f"{figure.instructions:,.0f}",
            f"{figure.ns:,.0f} ns ± {figure.spread:.0f}",
        ]
        for row in results.group("routes")
        for peer, figure in row.figures.items()
    ]
    return table(["topics against", "peer", "instructions", "time"], lines)


def targets_table(results: Results) -> str:
    """What was aimed at and what was reached."""
    words = {True: "yes", False: "no", None: "-"}
    lines = [
        [outcome.target, outcome.wanted, outcome.reached, words[outcome.met]]
        for outcome in targets.judge(results)
    ]
    return table(["target", "wanted", "reached", "met"], lines)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Markdown, its columns aligned."""
    lines = [head, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    rule = ["-" * width for width in widths]
    padded = [
        [cell.ljust(width) for cell, width in zip(line, widths, strict=True)] for line in lines
    ]
    padded.insert(1, rule)
    return "".join(f"| {' | '.join(line)} |\n" for line in padded)
