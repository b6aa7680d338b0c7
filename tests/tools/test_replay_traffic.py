"""`mqbind replay`: what mosquitto_sub recorded at a real broker."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from paho.mqtt import publish

from mqbind.diagnostics import Diagnostics
from mqbind.model.protocol import Channel, Protocol
from mqbind.pipeline import read
from tests.broker.server import Broker, find_program
from tests.protocols.test_protocols import NEVER_SENT, PROTOCOLS, respelled
from tests.support.waiting import DEADLINE_S
from tests.tools.conftest import Mqbind
from tests.tools.replaying import ROOT, Answer, answers


@dataclass(frozen=True, kw_only=True)
class Sent:
    """An example on its way."""

    topic: str
    receiver: str
    message: str
    example: str | None
    payload: Any


def traffic(protocol: Protocol) -> list[Sent]:
    return [
        Sent(
            topic=topic_of(protocol.channels[operation.channel]),
            receiver=operation.receiver,
            message=protocol.messages[key].name,
            example=example.name,
            payload=example.value,
        )
        for operation in protocol.operations
        for key in operation.messages
        for example in protocol.messages[key].examples
    ]


def topic_of(channel: Channel) -> str:
    topic = str(channel.address)
    for parameter in channel.parameters:
        value = (*parameter.examples, *parameter.enum, "17")[0]
        topic = topic.replace(f"{{{parameter.name}}}", value)
    return topic


def capture(broker: Broker, sent: list[Sent]) -> str:
    """What mosquitto_sub -F '%j' prints of it."""
    command = (
        *(find_program("mosquitto_sub"), "-h", "127.0.0.1", "-p", str(broker.port)),
        *("-t", "#", "-F", "%j", "-C", str(len(sent)), "-W", str(int(DEADLINE_S))),
        *("-i", "recorder", "-q", "1"),
    )
    recorder = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    broker.wait_for_log("Sending SUBACK to recorder\n")
    publish.multiple(
        [(each.topic, json.dumps(each.payload, ensure_ascii=False), 1, False) for each in sent],
        hostname="127.0.0.1",
        port=broker.port,
    )
    recorded, _ = recorder.communicate(timeout=DEADLINE_S)
    return recorded


@pytest.mark.parametrize("name", PROTOCOLS)
def test_examples_that_mosquitto_sub_recorded(
    name: str, mqbind: Mqbind, make_broker: Callable[..., Broker]
) -> None:
    schema = ROOT / "schema" / f"{name}.yaml"
    protocol = read(schema, Diagnostics())
    sent = traffic(protocol)
    recorded = capture(make_broker(), sent)
    assert recorded.count("\n") == len(sent)
    seen = 0
    for view in ("own", "peer"):
        done = mqbind("replay", schema, "--view", view, stdin=recorded)
        reported = answers(done)
        assert len(reported) == len(sent)
        assert re.match(rf"{len(sent)} lines: \d+ ok, \d+ refused\n", done.stderr)
        for each, answer in zip(sent, reported, strict=True):
            if (each.receiver == protocol.role) == (view == "own"):
                check_received(each, answer)
                seen += 1
    assert seen == len(sent)


def check_received(sent: Sent, answer: Answer) -> None:
    assert answer["ok"] is True, (sent, answer)
    assert answer["message"] == sent.message
    assert all(str(value) in sent.topic for value in answer["parameters"].values())
    never = NEVER_SENT.get((sent.message, sent.example or ""))
    if never is not None:
        status, path, rule = never
        assert "value" not in answer
        assert answer["unsendable"]["status"] == status.lower()
        assert (answer["unsendable"]["path"], answer["unsendable"]["rule"]) == (path, rule)
    elif "payload_hex" in answer:
        assert json.loads(bytes.fromhex(answer["payload_hex"])) == sent.payload
    else:
        assert answer["value"] == respelled(sent.message, sent.payload)


PROPERTIES = ROOT / "tests" / "cases" / "properties" / "schema.yaml"


def test_properties_that_mosquitto_sub_recorded(
    mqbind: Mqbind, make_broker: Callable[..., Broker]
) -> None:
    broker = make_broker()
    listener = broker.listen("questions", 3, "-V", "5", "-F", "%j")
    for values in (("a/b", 'x"y'), ("a/+", "x"), ()):
        names = ("response-topic", "correlation-data")
        pairs = zip(names, values, strict=False)
        options = [word for pair in pairs for word in ("-D", "publish", *pair)]
        broker.publish("questions", b'{"about":"rain"}', "-V", "5", *options)
    recorded = "\n".join(listener.messages()).encode()
    binary = recorded.splitlines()[0].replace(b'x\\"y', b"\xff")
    done = mqbind("replay", PROPERTIES, "--view", "peer", stdin=recorded + b"\n" + binary)
    text, wildcard, without, bytes_ = answers(done)
    assert text["properties"] == {"response-topic": "a/b", "correlation-data": 'x"y'}
    assert (wildcard["status"], without["status"]) == ("topic", "missing")
    assert bytes_["properties"] == {"response-topic": "a/b", "correlation-data-hex": "ff"}
