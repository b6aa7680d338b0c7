"""Which messages a side sends that may come back to it: a table at each route."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from mqbind.diagnostics import Diagnostics, Severity
from mqbind.load import load
from mqbind.pipeline import compile_schema
from mqbind.plan.sides import overlaps
from mqbind.rules import Rule


def document(path: Path, received: list[str], sent: list[str], *, pathname: bool = False) -> Path:
    """What `hub` receives on and sends on; an address that is in both lists is one channel."""
    addresses = list(dict.fromkeys([*received, *sent]))
    keys = {address: f"c{place}" for place, address in enumerate(addresses)}
    channels = {
        keys[address]: {
            "address": address,
            "parameters": {name: {} for name in re.findall(r"{(\w+)}", address)},
            "messages": {"m": {"payload": {"type": "integer"}}},
        }
        for address in addresses
    }
    operations = {
        f"{action}{keys[address]}": {
            "action": action,
            "channel": {"$ref": f"#/channels/{keys[address]}"},
        }
        for action, list_ in (("receive", received), ("send", sent))
        for address in list_
    }
    roles = {"x-mqbind-role": "hub", "x-mqbind-peer-role": "lamp"}
    whole: dict[str, object] = {
        "asyncapi": "3.0.0",
        "info": {"title": "T", "version": "1", **roles},
        "channels": channels,
        "operations": operations,
    }
    if pathname:
        server = {"host": "h", "protocol": "mqtt", "pathname": "/{site}"}
        whole["servers"] = {"s": {**server, "variables": {"site": {}}}}
    path.write_text(yaml.safe_dump(whole, sort_keys=False))
    return path


def echoes(path: Path) -> dict[str, str]:
    """The items of each table in the code of the hub, by the channel of its route."""
    files = compile_schema(path, Diagnostics()).files
    code = next(text for name, text in files.items() if str(name).endswith("_hub.c"))
    tables = re.findall(r"mqb_echo (\w+)_echoes\[\] = \{\s*(.*?),\s*\};", code, re.DOTALL)
    for name, items in tables:
        assert f".echoes = {name}_echoes,\n        .echo_count = {items.count('{')}," in code
    return {name: " ".join(items.split()) for name, items in tables}


@pytest.mark.parametrize(
    ("received", "sent", "expected"),
    [
        (["a"], ["a"], {"c0": "{&t_c0_address, NULL}"}),
        (["a"], ["b"], {}),
        (["a/{x}"], ["a/b"], {"c0": "{&t_c1_address, NULL}"}),
        (["a/b"], ["a/{x}"], {"c0": "{&t_c1_address, NULL}"}),
        (["a/{x}"], ["a/{x}/b", "b/{x}"], {}),
        (
            ["a/{x}", "{x}/b"],
            ["a/b", "a/c", "a/{x}"],
            {
                "c0": "{&t_c2_address, NULL}, {&t_c3_address, NULL}, {&t_c0_address, NULL}",
                "c1": "{&t_c2_address, NULL}, {&t_c0_address, NULL}",
            },
        ),
    ],
)
def test_each_route_lists_what_may_come_back(
    tmp_path: Path, received: list[str], sent: list[str], expected: dict[str, str]
) -> None:
    assert echoes(document(tmp_path / "t.yaml", received, sent)) == expected


def test_values_of_the_side_are_the_same_in_both_directions(tmp_path: Path) -> None:
    path = document(tmp_path / "t.yaml", ["a/{x}"], ["a/b"], pathname=True)
    assert echoes(path) == {"c0": "{&t_c1_address, c1_places}"}
    files = compile_schema(path, Diagnostics()).files
    code = next(text for name, text in files.items() if str(name).endswith("_hub.c"))
    assert "static const uint8_t c1_places[] = {T_HUB_VALUE_SITE};" in code
    path = document(tmp_path / "t.yaml", ["a/{x}"], ["a/{x}"], pathname=True)
    files = compile_schema(path, Diagnostics()).files
    code = next(text for name, text in files.items() if str(name).endswith("_hub.c"))
    assert "static const uint8_t c0_places[] = {T_HUB_VALUE_SITE, MQB_VALUE_SENT};" in code


@pytest.mark.parametrize(("count", "errors"), [(5, 0), (6, 1)])
def test_pairs_in_both_directions_have_a_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int, errors: int
) -> None:
    monkeypatch.setattr(overlaps, "PAIRS_MAX", 51)  # more than 25 for each role
    received = [f"{{x}}/r{place}" for place in range(count)]
    sent = [f"s{place}/{{x}}" for place in range(count)]
    diagnostics = Diagnostics()
    protocol = load(document(tmp_path / "t.yaml", received, sent), diagnostics)
    assert protocol is not None
    overlaps.find_rivals(protocol, diagnostics)
    found = [each for each in diagnostics if each.severity is Severity.ERROR]
    assert [each.rule for each in found] == [Rule.TOO_MANY_OVERLAPS] * errors
