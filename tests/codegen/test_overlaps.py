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
    assert len(list(diagnostics)) == min(count * (count - 1) // 2, 54) + errors
