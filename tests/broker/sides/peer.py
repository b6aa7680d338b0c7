"""A program that is not ours on the other side: a client of paho-mqtt."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from tests.broker.sides.side import Payload, payload_bytes
from tests.support.waiting import DEADLINE_S


@dataclass(frozen=True, kw_only=True)
class Request:
    """A payload with what MQTT 5 carries beside it."""

    payload: Any
    response_topic: str | None
    correlation_data: bytes | None


class Peer:
    """Connected; what it receives waits in a queue."""

    def __init__(self, port: int, protocol: int = 4) -> None:
        self._messages: queue.Queue[MQTTMessage] = queue.Queue()
        self._connected = threading.Event()
        self._subscribed = threading.Event()
        self._client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion(protocol))
        self._client.on_connect = lambda *_: self._connected.set()
        self._client.on_message = lambda _client, _user, message: self._messages.put(message)
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        assert self._connected.wait(DEADLINE_S), "no CONNACK"

    def subscribe(self, *filters: str) -> Peer:
        for topic_filter in filters:
            self._subscribed.clear()
            self._client.subscribe(topic_filter, qos=1)
            assert self._subscribed.wait(DEADLINE_S), f"no SUBACK for {topic_filter}"
        return self

    def publish(self, topic: str, payload: Payload) -> None:
        """The broker has it when this returns."""
        self._client.publish(topic, payload_bytes(payload), qos=1).wait_for_publish(DEADLINE_S)

    def publish_with(self, topic: str, payload: Payload, **values: str | bytes) -> None:
        """The same with properties of MQTT 5: ResponseTopic, CorrelationData."""
        properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
        for name, value in values.items():
            setattr(properties, name, value)
        body = payload_bytes(payload)
        sent = self._client.publish(topic, body, qos=1, properties=properties)
        sent.wait_for_publish(DEADLINE_S)

    def publish_all(self, messages: Iterable[tuple[str, Payload]]) -> None:
        """The broker has them all when this returns."""
        sent = [self._client.publish(t, payload_bytes(payload), qos=1) for t, payload in messages]
        for each in sent:
            each.wait_for_publish(DEADLINE_S)

    def receive_bytes(self, topic: str) -> bytes:
        """The payload of the next message, which must be of the topic."""
        message = self._messages.get(timeout=DEADLINE_S)
        assert message.topic == topic
        return bytes(message.payload)

    def receive_request(self, topic: str) -> Request:
        """The next message, with the properties of MQTT 5."""
        message = self._messages.get(timeout=DEADLINE_S)
        assert message.topic == topic
        return Request(
            payload=json.loads(message.payload),
            response_topic=getattr(message.properties, "ResponseTopic", None),
            correlation_data=getattr(message.properties, "CorrelationData", None),
        )

    def receive(self, topic: str) -> Any:
        return json.loads(self.receive_bytes(topic))

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()
