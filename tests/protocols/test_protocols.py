"""The real protocols: every printed example, and the verdicts that their documents ask for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mqbind.plan.symbols.identifiers import snake
from tests.support.codec import Codec
from tests.support.documents import document, examples, validator
from tests.support.verdicts import confirm, expectations

ROOT = Path(__file__).parents[2]
PROTOCOLS = ("eztcloud_app", "eztcloud_device", "folotoy", "thingsboard", "thingspanel")
CANONICAL: dict[str, dict[str, Any]] = {"OtaTask": {"signMethod": "MD5"}}
"""What we send in our own spelling: the document prints "Md5"."""
NEVER_SENT = {("CommandReply", "withoutId"): ("VALUE", "", "must have id")}
"""Examples that are taken on arrival only, and why they are not sent."""
WITHOUT_EXAMPLE = {
    "eztcloud_device": {"Data", "DataSet"},
    "folotoy": {"RecordingTranscribed"},
}
"""Messages of which the documents print no payload."""


def schema(protocol: str) -> Path:
    return ROOT / "schema" / f"{protocol}.yaml"


@pytest.fixture(scope="module", params=PROTOCOLS)
def protocol(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def codec(protocol: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Codec]:
    built = Codec(schema(protocol), tmp_path_factory.mktemp(protocol))
    yield built
    built.close()


def respelled(message: str, payload: Any) -> Any:
    """The payload with the spellings that we send."""
    changed = json.loads(json.dumps(payload))
    for member, value in CANONICAL.get(message, {}).items():
        changed["params"][member] = value
    return changed


def test_every_example_decodes_encodes_and_decodes_the_same(protocol: str, codec: Codec) -> None:
    found = examples(schema(protocol))
    assert found
    for message, name, payload in found:
        c_name = f"{protocol}_{snake(message)}"
        text = json.dumps(payload, ensure_ascii=False)
        first = codec.judge(c_name, text)
        if (message, name) in NEVER_SENT:
            assert first.stage == "validate"
            assert (first.status, first.path, first.rule) == NEVER_SENT[message, name]
            continue
        assert first.text is not None, (message, name, first)
        assert json.loads(first.text) == respelled(message, payload)
        second = codec.judge(c_name, first.text)
        assert second.text == first.text
        validator(schema(protocol), message).validate(json.loads(first.text))


def test_every_message_with_a_printed_payload_has_an_example(protocol: str) -> None:
    without = {
        key
        for key, message in document(schema(protocol))["components"]["messages"].items()
        if not message.get("examples")
    }
    assert without == WITHOUT_EXAMPLE.get(protocol, set())


def test_verdicts(protocol: str, codec: Codec) -> None:
    for expected in expectations(Path(__file__).parent / f"{protocol}.verdicts.yaml"):
        confirm(schema(protocol), codec, expected)
