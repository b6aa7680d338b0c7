"""Documents that nobody would write, from a seed: any name, address, reply and payload."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from typing import Any

from tests.differential.random_schemas import SchemaMaker

_KEYS = (
    *("int", "class", "Foo", "foo", "FOO", "a.b", "a-b", "x_1", "1abc", "_", "true", "NULL", "new"),
    *(
        "init",
        "decode",
        "kind",
        "status",
        "own",
        "side",
        "client",
        "topic",
        "main",
        "errno",
        "send",
    ),
    *("on", "call", "reply", "types", "mqb", "error", "count", "value", "receive"),
)
_LEVELS = ("dev", "up", "v1", "ünï", "a b", "$x", "{id}", "{gw}", "{id}.json", "pre{gw}", "{int}")
_TITLES = ("A title", "int", "日本", "a name", 'stops */ a comment ??/ and \\ " %d')
_SCALARS = ("string", "integer", "boolean", "null", "number")
_TYPES = ("application/json", "text/plain", "application/octet-stream", "application/vnd.x+json")
_NOT_JSON: dict[str, tuple[Any, ...]] = {
    "text/plain": ({}, {"type": "string"}, {"enum": ["ON", "OFF"]}, {"type": "integer"}),
    "application/octet-stream": ({}, True, {"type": "string", "format": "binary"}),
}
_PARAMETERS: tuple[dict[str, Any], ...] = (
    {},
    {"description": "stops */ a comment"},
    {"enum": ["a", "b", "é"]},
    {"enum": ["a", "A"], "default": "a"},
)
_PREFIXES = ("/pre", "/{x}/y", "")


def random_document(seed: int) -> dict[str, Any]:
    """A document of AsyncAPI 3 in which every reference leads somewhere."""
    return _Maker(random.Random(seed)).document()


class _Maker:
    def __init__(self, generator: random.Random) -> None:
        self._random = generator
        self._schemas = generator.sample(_KEYS, 3)
        references = [f"#/components/schemas/{name}" for name in self._schemas]
        self._maker = SchemaMaker(generator, references)
        self._references = references

    def _often(self, share: float) -> bool:
        return self._random.random() < share

    def _keys(self, most: int) -> list[str]:
        return self._random.sample(_KEYS, self._random.randint(1, most))

    def document(self) -> dict[str, Any]:
        messages = {key: self._message() for key in self._keys(5)}
        channels = {key: self._channel(key, list(messages)) for key in self._keys(5)}
        found: dict[str, Any] = {
            "asyncapi": self._random.choice(("3.0.0", "3.1.0")),
            "info": {"title": self._random.choice(_TITLES), "version": "1"},
            "channels": channels,
            "operations": {key: self._operation(channels) for key in self._keys(6)},
            "components": {
                "messages": messages,
                "schemas": {name: self._maker.typed(2) for name in self._schemas},
            },
        }
        if self._often(0.4):
            found["servers"] = {"main": self._server()}
        return found

    def _server(self) -> dict[str, Any]:
        prefix = self._random.choice(_PREFIXES)
        variables = {"variables": {"x": {"default": "d", "enum": ["d", "e"]}}}
        found = {"host": "h", "protocol": self._random.choice(("mqtt", "secure-mqtt"))}
        return {**found, "pathname": prefix, **(variables if "{x}" in prefix else {})}

    def _message(self) -> dict[str, Any]:
        found: dict[str, Any] = {"payload": self._payload()} if self._often(0.9) else {}
        if self._often(0.3):
            found["name"] = self._random.choice(_TITLES)
        if self._often(0.3):
            found["title"] = self._random.choice(_TITLES)
        if self._often(0.2):
            found["contentType"] = self._random.choice(_TYPES)
            if "payload" in found and found["contentType"] in _NOT_JSON:
                found["payload"] = self._random.choice(_NOT_JSON[found["contentType"]])
        if self._often(0.2):
            found["traits"] = [{"description": "two lines\nand a stop */"}]
        if self._often(0.3):
            places = ("$message.header#/id", "$message.payload#/id", "$message.payload#/a")
            found["correlationId"] = {"location": self._random.choice(places)}
        return found

    def _payload(self) -> Any:
        match self._random.randint(0, 7):
            case 0:
                return {"$ref": self._random.choice(self._references)}
            case 1:
                return {"type": self._random.choice(_SCALARS)}
            case 2:
                return {}
            case _:
                return self._maker.typed(2)

    def _channel(self, key: str, messages: Sequence[str]) -> dict[str, Any]:
        some = self._random.sample(messages, self._random.randint(0, len(messages)))
        names = {self._random.choice((each, *_KEYS[:4])): each for each in some}
        found: dict[str, Any] = {
            "address": None,
            "messages": {
                name: {"$ref": f"#/components/messages/{each}"} for name, each in names.items()
            },
        }
        if self._often(0.1):
            return found
        count = self._random.randint(1, 4)
        address = "/".join(self._random.choice(_LEVELS) for _ in range(count))
        parameters = re.findall(r"\{(.*?)\}", address)
        if len(set(parameters)) != len(parameters):
            address, parameters = f"{key}/{{id}}", ["id"]
        given = {name: self._random.choice(_PARAMETERS) for name in parameters}
        return {**found, "address": address, **({"parameters": given} if given else {})}

    def _operation(self, channels: dict[str, Any]) -> dict[str, Any]:
        found = {"action": self._random.choice(("send", "receive")), **self._at(channels)}
        if self._often(0.3):
            found["bindings"] = {"mqtt": {"qos": self._random.randint(0, 2), "retain": True}}
        if self._often(0.4):
            found["reply"] = self._reply(channels)
        return found

    def _at(self, channels: dict[str, Any]) -> dict[str, Any]:
        """A channel, and some of its messages."""
        key = self._random.choice(list(channels))
        found: dict[str, Any] = {"channel": {"$ref": f"#/channels/{key}"}}
        names = list(channels[key]["messages"])
        if names and self._often(0.5):
            some = self._random.sample(names, self._random.randint(1, len(names)))
            found["messages"] = [{"$ref": f"#/channels/{key}/messages/{name}"} for name in some]
        return found

    def _reply(self, channels: dict[str, Any]) -> dict[str, Any]:
        found = self._at(channels)
        key = found["channel"]["$ref"].rpartition("/")[2]
        if channels[key]["address"] is None and self._often(0.7):
            places = ("$message.payload#/replyTo", "$message.header#/replyTo")
            found["address"] = {"location": self._random.choice(places)}
        return found
