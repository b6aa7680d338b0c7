"""Members that only a branch names, and members beside the fields: received, they are sent again.

Both engines read the payloads of the case `branches`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.support import cases
from tests.support.codec import Codec, check_sent_again

SENT_AGAIN: dict[str, list[object]] = {
    "branches_zone": [
        {"zoneType": "SPEED_LIMIT", "maximumSpeed": 1.5},
        {"zoneType": "ACTION", "maximumSpeed": "fast", "direction": {"a": []}, "next": None},
        {"zoneType": "DIRECTED", "direction": "left", "label": "too long", "limits": 5},
        {"zoneType": "ACTION", "label": "short", "limits": {"most": 4}, "next": 2**70},
    ],
    "branches_alert": [{"appId": "ALERT", "ts": 5}, {"appId": "ALERT", "seq": 0}],
    "branches_meters": [{"id": "a", "unit": "m", "é": 1.5, 'quo"te': 2}, {"id": "a"}],
    "branches_sensors": [{"id": "a", "s_1": {"v": 1}, "s_2": {"v": 2}}],
    "branches_mixed": [{"id": 10, "size": True, "i_1": 5, "t_1": "x", "more": False}],
    "branches_frame": [{"title": "a", "b": {"inner": {"c": {}}, "d": {"title": "e"}}}],
}


@pytest.fixture(scope="module")
def codec(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Codec]:
    found = Codec(cases.schema("branches"), tmp_path_factory.mktemp("branches"))
    yield found
    found.close()


@pytest.mark.parametrize("message", SENT_AGAIN)
def test_all_named_members_are_sent_again(codec: Codec, message: str) -> None:
    for payload in SENT_AGAIN[message]:
        for text in (json.dumps(payload), json.dumps(payload, ensure_ascii=False, indent=2)):
            check_sent_again(codec, message, text)


def test_a_map_beside_the_fields_grows_among_other_memory(codec: Codec) -> None:
    """Escaped names, lists and nested maps take memory between its entries."""
    payload = {f"n\n{i}": {f"m{j}": {"title": "a\n"} for j in range(i % 4)} for i in range(60)}
    sent = codec.judge("branches_frame", json.dumps({"title": "t", **payload, "inner": {}})).text
    assert sent is not None
    assert json.loads(sent) == {"title": "t", "inner": {}, **payload}


def test_members_that_do_not_match_the_pattern_are_skipped(codec: Codec) -> None:
    sent = codec.judge("branches_sensors", '{"a":1,"s_1":{"v":1,"w":2},"b_s_":2}').text
    assert sent == '{"s_1":{"v":1}}'
