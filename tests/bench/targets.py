"""What was aimed at, and what was reached."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.bench.payloads import SHAPES
from tests.bench.peers import (
    DIRECT,
    JSMN,
    QUICKTYPE,
    RECEIVE,
    ROUTER,
    SIMDJSON,
    SPEED,
    TOKENS,
    YYJSON,
)
from tests.bench.results import Results, geometric_mean

SMALL_BYTES = 600
STEADY = 1.25
"""Linear: a byte of the longest text costs at most so much more than one of 10 kB."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    target: str
    wanted: str
    reached: str
    met: bool | None
    """None if a peer that it needs is missing."""


def judge(results: Results) -> list[Outcome]:
    """Every target that a benchmark can tell of."""
    return [outcome for check in _CHECKS for outcome in check(results)]


def _missing(target: str, wanted: str, peer: str) -> Outcome:
    return Outcome(target=target, wanted=wanted, reached=f"{peer} is missing", met=None)


def _at_most(target: str, ratios: dict[str, float], each: float, mean: float | None) -> Outcome:
    worst = max(ratios, key=lambda name: ratios[name])
    average = geometric_mean(ratios.values())
    over = sum(1 for ratio in ratios.values() if ratio > each)
    wanted = f"each at most {each:g}" + (f", mean at most {mean:g}" if mean else "")
    reached = f"mean {average:.3f}, worst {ratios[worst]:.3f} ({worst})"
    if over:
        reached += f"; {over} of {len(ratios)} above {each:g}"
    return Outcome(
        target=target,
        wanted=wanted,
        reached=reached,
        met=not over and (mean is None or average <= mean),
    )


def _time(target: str, ns: float, limit: float) -> Outcome:
    return Outcome(
        target=target, wanted=f"at most {limit:g} ns", reached=f"{ns:.0f} ns", met=ns <= limit
    )


def _direct(results: Results) -> Iterator[Outcome]:
    ratios = results.ratios("printed", DIRECT, TOKENS)
    target = "T1 direct engine : jsmn's tokens, every printed payload"
    yield _at_most(target, ratios, 0.5, 0.38)


def _speed(results: Results) -> Iterator[Outcome]:
    ratios = results.ratios("printed", SPEED, TOKENS)
    target = "T1 profile speed : jsmn's tokens, every printed payload"
    yield _at_most(target, ratios, 0.7, 0.33)


def _quicktype(results: Results) -> Iterator[Outcome]:
    target = "T2 quicktype : direct engine, every printed payload that it takes"
    wanted = "each at least 9, mean at least 12"
    ratios = results.ratios("printed", QUICKTYPE, DIRECT)
    if not ratios:
        yield _missing(target, wanted, QUICKTYPE)
        return
    worst = min(ratios, key=lambda name: ratios[name])
    mean = geometric_mean(ratios.values())
    below = sum(1 for ratio in ratios.values() if ratio < 9)
    reached = f"mean {mean:.1f}, worst {ratios[worst]:.1f} ({worst})"
    if below:
        reached += f"; {below} of {len(ratios)} below 9"
    yield Outcome(target=target, wanted=wanted, reached=reached, met=not below and mean >= 12)


def _parsers(results: Results) -> Iterator[Outcome]:
    for peer, limit in ((YYJSON, 0.75), (SIMDJSON, 1.0)):
        target = f"T3 direct engine : {peer}, all fields taken out"
        ratios = {
            name: ratio
            for name, ratio in results.ratios("fields", DIRECT, peer).items()
            if results.row("fields", name).subject.mean_bytes < SMALL_BYTES
        }
        if ratios:
            yield _at_most(target, ratios, limit, None)
        else:
            yield _missing(target, f"each at most {limit:g}", peer)


def _varied(results: Results) -> Iterator[Outcome]:
    ns = results.row("varied", "ucc").figures[DIRECT].ns
    yield _time("T4 members in any order, values varied: ucc", ns, 100)


def _growth(results: Results) -> Iterator[Outcome]:
    for name, peer in (("T4", DIRECT), ("T5", JSMN)):
        growth = {shape: _growth_of(results, shape, peer) for shape in SHAPES}
        worst = max(growth, key=lambda shape: growth[shape])
        yield Outcome(
            target=f"{name} {peer}: a byte of 1 MB : one of 10 kB, any shape",
            wanted=f"at most {STEADY:g}",
            reached=f"worst {growth[worst]:.2f} ({worst})",
            met=growth[worst] <= STEADY,
        )


def _growth_of(results: Results, shape: str, peer: str) -> float:
    """Instructions a byte of the longest text for one of 10 kB."""
    short, long = (results.row("shapes", f"{shape}.{size}") for size in (10_000, 1_000_000))
    each = [row.figures[peer].instructions / row.subject.mean_bytes for row in (short, long)]
    return each[1] / each[0]


def _tokens(results: Results) -> Iterator[Outcome]:
    ratios = results.ratios("printed", JSMN, TOKENS)
    target = "T5 jsmn engine : jsmn's tokens, every printed payload"
    yield _at_most(target, ratios, 1.5, None)


def _encoding(results: Results) -> Iterator[Outcome]:
    for name, limit in (("ucc", 0.2), ("ota", 0.4)):
        target = f"T7 encode {name} : {YYJSON}"
        ratio = results.row("encode", name).ratio(DIRECT, YYJSON)
        if ratio is None:
            yield _missing(target, f"at most {limit:g}", YYJSON)
        else:
            yield Outcome(
                target=target,
                wanted=f"at most {limit:g}",
                reached=f"{ratio:.2f}",
                met=ratio <= limit,
            )


def _routing(results: Results) -> Iterator[Outcome]:
    for what, name, peer, limit in (
        ("32 topics, finding the route alone", "32", ROUTER, 10),
        ("32 topics, the whole of mqb_client_receive()", "32", RECEIVE, 10),
        ("10,000 bindings, the whole of mqb_client_receive()", "10000", RECEIVE, 100),
    ):
        yield _time(f"T8 routing, {what}", results.row("routes", name).figures[peer].ns, limit)


def _generator(results: Results) -> Iterator[Outcome]:
    seconds = statistics.median(results.document_seconds)
    yield Outcome(
        target=f"T10 `mqbind generate`, a document of {results.document_lines:,} lines",
        wanted="under 1 s",
        reached=f"{seconds:.2f} s",
        met=seconds < 1,
    )


_CHECKS: tuple[Callable[[Results], Iterator[Outcome]], ...] = (
    _direct,
    _speed,
    _quicktype,
    _parsers,
    _varied,
    _growth,
    _tokens,
    _encoding,
    _routing,
    _generator,
)
