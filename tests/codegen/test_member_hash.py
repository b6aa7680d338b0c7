"""Members that a table finds by their names: each is found, whatever the names are like."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence

import pytest
import yaml

from mqbind.plan.nodes.member_hash import FEW, name_slots
from tests.support.codec import Codec
from tests.support.documents import receiving

NAMES = {
    "different": [f"{digit * 7 % 29:x}{digit}" for digit in range(40)],
    "one beginning": [f"reading_of_sensor_number_{number:03}" for number in range(300)],
    "one end": [f"{number:x}_is_what_the_sensor_reads" for number in range(FEW + 1)],
    "prefixes": ["".join(chr(97 + at) for at in range(length)) for length in range(1, 27)],
    "not ASCII": ["名", "名称", "名称类", "éé", "ééé", "éééé", "ééééé"],
    "to be escaped": ['"', '""', "\\", "\\\\", "\\u0061", "\n", "a"],
    "whole words": ["12345678", "12345678a", "1234567812345678", "123456781234567", "1"],
}


def _payload(names: Sequence[str]) -> dict[str, object]:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            name: {"type": "integer", "x-mqbind-name": f"member_{index}"}
            for index, name in enumerate(names)
        },
    }


def _document() -> str:
    payloads = {f"kind{index}": _payload(names) for index, names in enumerate(NAMES.values())}
    return yaml.safe_dump(receiving(payloads, title="Wide"))


@pytest.fixture(scope="module")
def codec(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Codec]:
    folder = tmp_path_factory.mktemp("slots")
    schema = folder / "wide.yaml"
    schema.write_text(_document())
    codec = Codec(schema, folder)
    yield codec
    codec.close()


def test_few_names_need_no_table() -> None:
    assert name_slots([f"n{number}" for number in range(FEW)]) is None


@pytest.mark.parametrize("names", NAMES.values(), ids=NAMES.keys())
def test_half_of_the_places_are_free(names: Sequence[str]) -> None:
    slots = name_slots(names)
    assert slots is not None
    assert sorted(place for place in slots.places if place) == [*range(1, len(names) + 1)]
    assert len(slots.places) >= 2 * len(names)
    assert slots.mask & len(slots.places) == 0


def test_hash_is_as_long_as_it_must() -> None:
    words = {kind: slots.words for kind in NAMES if (slots := name_slots(NAMES[kind]))}
    assert words == {
        "different": 1,
        "one beginning": 4,
        "one end": 1,
        "prefixes": 4,
        "not ASCII": 1,
        "to be escaped": 1,
        "whole words": 2,
    }


@pytest.mark.parametrize("kind", range(len(NAMES)), ids=NAMES.keys())
@pytest.mark.parametrize("ascii_only", [False, True])
def test_members_are_found(codec: Codec, kind: int, ascii_only: bool) -> None:
    names = [*NAMES.values()][kind]
    message = f"wide_kind{kind}"
    members = {name: number for number, name in enumerate(names)}
    chance = random.Random(kind)
    for _ in range(20):
        shuffled = dict(chance.sample([*members.items()], chance.randint(1, len(names))))
        text = json.dumps(shuffled, ensure_ascii=ascii_only)
        verdict = codec.judge(message, text)
        assert verdict.text is not None, verdict
        assert json.loads(verdict.text) == shuffled
        again = json.dumps({chance.choice([*shuffled]): 1}, ensure_ascii=ascii_only)
        assert codec.judge(message, f"{text[:-1]}, {again[1:]}").status == "DUPLICATE"
        other = json.dumps({f"{chance.choice(names)}-": 1}, ensure_ascii=ascii_only)
        refused = codec.judge(message, f"{text[:-1]}, {other[1:]}")
        assert (refused.status, refused.rule) == ("VALUE", "is not a known member")
