"""Addresses that overlap are looked at in pairs, of which a document has a limited number."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from mqbind.diagnostics import Diagnostics, Severity
from mqbind.load import load
from mqbind.plan.sides import overlaps
from mqbind.rules import Rule


def document(path: Path, count: int) -> Path:
    """`count` addresses each of which a topic can be together with each other."""
    channels = {}
    for number in range(count):
        levels = ["a" if number >> bit & 1 else f"{{p{bit}}}" for bit in range(4)]
        channels[f"c{number}"] = {
            "address": "/".join(levels),
            "parameters": {f"p{bit}": {} for bit in range(4) if not number >> bit & 1},
            "messages": {"m": {}},
        }
    operations = {
        key: {"action": "send", "channel": {"$ref": f"#/channels/{key}"}} for key in channels
    }
    info = {"title": "T", "version": "1"}
    whole = {"asyncapi": "3.0.0", "info": info, "channels": channels, "operations": operations}
    path.write_text(yaml.safe_dump(whole, sort_keys=False))
    return path


@pytest.mark.parametrize(("count", "errors"), [(10, 0), (11, 1), (16, 1)])
def test_pairs_of_addresses_have_a_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int, errors: int
) -> None:
    monkeypatch.setattr(overlaps, "PAIRS_MAX", 55)  # those of 11 addresses
    diagnostics = Diagnostics()
    protocol = load(document(tmp_path / "t.yaml", count), diagnostics)
    assert protocol is not None
    overlaps.find_rivals(protocol, diagnostics)
    found = [each for each in diagnostics if each.severity is Severity.ERROR]
    assert [each.rule for each in found] == [Rule.TOO_MANY_OVERLAPS] * errors
    assert len(list(diagnostics)) == 1 + errors


def overlapping(folder: Path, addresses: list[str]) -> list[str]:
    """Line and message of what is reported of these addresses, whose lines are 1, 2, ..."""
    lines = [
        f"c{place}: {{address: '{each}', messages: {{m: {{}}}}}}"
        for place, each in enumerate(addresses)
    ]
    operations = [
        f"o{place}: {{action: send, channel: {{$ref: '#/channels/c{place}'}}}}"
        for place in range(len(addresses))
    ]
    path = folder / "t.yaml"
    path.write_text(
        "\n  ".join(["channels:", *lines])
        + "\n  ".join(["\noperations:", *operations])
        + "\nasyncapi: 3.0.0\ninfo: {title: T, version: '1'}\n"
    )
    diagnostics = Diagnostics()
    protocol = load(path, diagnostics)
    assert protocol is not None
    found = Diagnostics()
    overlaps.find_rivals(protocol, found)
    return [f"{each.location.line - 1}: {each.message}" for each in found]


def test_overlaps_are_reported_once_for_each_group(tmp_path: Path) -> None:
    addresses = ["a/{x}", "a/b", "b/{y}", "c/d", "a/c", "b/c", "{z}/c"]
    assert overlapping(tmp_path, addresses[:6]) == [
        "5: `a/{x}`, `a/b` and `a/c` overlap for `server`: a topic can match more than one",
        "6: `b/{y}` and `b/c` overlap for `server`: a topic can match both",
    ]
    assert overlapping(tmp_path, addresses) == [
        "7: `a/{x}`, `a/b`, `b/{y}`, `a/c`, `b/c` and `{z}/c` overlap for `server`: "
        "a topic can match more than one"
    ]


def test_a_long_group_is_shortened(tmp_path: Path) -> None:
    [found] = overlapping(tmp_path, ["{x}", *(f"a{place}" for place in range(20))])
    assert found == (
        "21: `{x}`, `a0`, `a1`, `a2`, `a3`, `a4`, `a5`, `a6` and 13 more addresses overlap for "
        "`server`: a topic can match more than one"
    )
