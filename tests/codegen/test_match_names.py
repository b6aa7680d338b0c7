"""Functions that match topics are named after what they match; no other address changes a name."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from mqbind.plan.sides.match_names import match_names
from mqbind.plan.sides.topic_parts import Kind, Part, text_part


def parts(address: str) -> Sequence[Part]:
    """The parts of an address with "{name}" for levels that are parameters."""
    pieces = re.split(r"\{(\w+)\}", address)
    return [
        text_part(piece.encode())
        if place % 2 == 0
        else Part(kind=Kind.LEVEL, parameters=1, names=(piece,))
        for place, piece in enumerate(pieces)
        if piece
    ]


def names(*addresses: str, taken: Sequence[str] = ()) -> list[str]:
    paths = {number: parts(address) for number, address in enumerate(addresses)}
    return list(match_names(paths, taken).values())


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("", "match_topic"),
        ("/sys/folotoy/{sn}/thing/event/post", "match_sys_folotoy_any_thing_event_post"),
        ("devices/attributes/", "match_under_devices_attributes"),
        ("devices/attributes/get/{number}", "match_devices_attributes_get_any"),
        ("data_set/{key}", "match_data_set_any"),
        ("/sys/configAck", "match_sys_configAck"),
    ],
)
def test_names_are_paths(address: str, name: str) -> None:
    assert names(address) == [name]


def test_names_are_different_identifiers() -> None:
    addresses = ["a/b", "/a/b", "a_b", "a-b", "a//b", "a/b/", "a/any", "a/{x}", "a/{x}b", "under/a"]
    addresses += ["a/", "topic", "", "/", "\u4e2d", "\u6587", "x" * 99, "x" * 98, "a/{x}/{y}"]
    found = names(*addresses)
    assert len(set(found)) == len(addresses)
    assert all(re.fullmatch(r"match_\w{1,57}", name, re.ASCII) for name in found)
    assert names("a/b", taken=["match_a_b"])[0].startswith("match_a_b_")


def test_names_stay_when_an_address_is_added() -> None:
    addresses = ["/sys/{sn}/config", "/sys/{sn}/", "data_set", "a/b", "a/{x}b", "\u4e2d"]
    before = names(*addresses)
    for new in ("/sys/{sn}/other", "/sys/{sn}/con", "a", "a/b/c", "\u6587", "a/{y}"):
        assert names(new, *addresses)[1:] == before
