"""Documents of AsyncAPI 2 from a seed: every way to write what a channel carries."""

from __future__ import annotations

import random
import re
from typing import Any

from tests.differential.random_schemas import SchemaMaker

_LEVELS = ("home", "v1", "{id}", "{gw}", "state", "n-{no}")
_WORDS = ("report", "command", "alarm", "config", "status", "reading")
_URLS = ("localhost:1883", "mqtt://localhost", "mqtt://localhost/base", "{host}/{tenant}/x")
_SCHEMAS: tuple[dict[str, Any], ...] = (
    {},
    {"schema": {"type": "string", "description": "from the schema"}},
    {"schema": {"enum": ["a", "b"], "default": "a", "examples": ["b"]}},
    {"schema": {"const": "a"}, "description": "its own"},
    {"description": "its own", "location": "$message.payload#/id"},
)


def random_version_2(seed: int) -> dict[str, Any]:
    """A document of version 2.0 to 2.6 in which every reference leads somewhere."""
    return _Maker(random.Random(seed)).document()


class _Maker:
    def __init__(self, generator: random.Random) -> None:
        self._random = generator
        self._schemas = generator.sample(_WORDS, 2)
        references = [f"#/components/schemas/{name}" for name in self._schemas]
        self._maker = SchemaMaker(generator, references)
        self._references = references
        self._messages = generator.sample(_WORDS, 3)
        self._operations = 0

    def _often(self, share: float) -> bool:
        return self._random.random() < share

    def document(self) -> dict[str, Any]:
        names = ("one", "two")[: self._random.randint(0, 2)]
        self._servers = list(names)
        addresses = dict.fromkeys(self._address() for _ in range(self._random.randint(1, 5)))
        found: dict[str, Any] = {
            "asyncapi": f"2.{self._random.randint(0, 6)}.0",
            "info": {"title": "Random", "version": "1"},
            "channels": {address: self._channel(address) for address in addresses},
            "components": {
                "messages": {name: self._message(given=False) for name in self._messages},
                "schemas": {name: self._maker.typed(2) for name in self._schemas},
                "operationTraits": {"safe": {"bindings": {"mqtt": {"qos": 1}}, "summary": "Safe."}},
                "messageTraits": {"json": {"contentType": "application/json", "title": "Json"}},
            },
        }
        if names:
            found["servers"] = {name: self._server() for name in names}
        return found

    def _server(self) -> dict[str, Any]:
        url = self._random.choice(_URLS)
        variables = {name: {"default": "d"} for name in re.findall(r"\{(.*?)\}", url)}
        found: dict[str, Any] = {"url": url, "protocol": self._random.choice(("mqtt", "mqtts"))}
        if variables:
            found["variables"] = variables
        if self._often(0.3):
            found["bindings"] = {"mqtt": {"clientId": "c", "keepAlive": 5}}
        return found

    def _address(self) -> str:
        count = self._random.randint(1, 4)
        levels = self._random.sample(_LEVELS, count)
        return ("/" if self._often(0.2) else "") + "/".join(levels)

    def _channel(self, address: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for kind in ("publish", "subscribe"):
            if self._often(0.6):
                found[kind] = self._operation()
        names = re.findall(r"\{(.*?)\}", address)
        if names:
            found["parameters"] = {name: self._random.choice(_SCHEMAS) for name in names}
        if self._servers and self._often(0.3):
            found["servers"] = self._random.sample(self._servers, 1)
        if self._often(0.3):
            found["description"] = "A channel."
        return found

    def _operation(self) -> dict[str, Any]:
        self._operations += 1
        found: dict[str, Any] = {"message": self._carried()}
        if self._often(0.5):
            found["operationId"] = f"operation{self._operations}"
        if self._often(0.3):
            found["bindings"] = {"mqtt": {"qos": 2, "retain": self._often(0.5)}}
        elif self._often(0.3):
            found["traits"] = [{"$ref": "#/components/operationTraits/safe"}]
        return found

    def _carried(self) -> dict[str, Any]:
        if self._often(0.3):
            return {"oneOf": [self._carry() for _ in range(self._random.randint(1, 3))]}
        return self._carry()

    def _carry(self) -> dict[str, Any]:
        if self._often(0.5):
            return {"$ref": f"#/components/messages/{self._random.choice(self._messages)}"}
        return self._message(given=True)

    def _message(self, *, given: bool) -> dict[str, Any]:
        found: dict[str, Any] = {"payload": self._payload()}
        if given and self._often(0.4):
            self._operations += 1
            found["messageId"] = f"message{self._operations}"
        if self._often(0.3):
            found["schemaFormat"] = self._random.choice(
                (
                    "application/vnd.aai.asyncapi;version=2.0.0",
                    "application/schema+json;version=draft-07",
                )
            )
        if self._often(0.2):
            found["traits"] = [{"$ref": "#/components/messageTraits/json"}]
        if self._often(0.2):
            found["correlationId"] = {"location": "$message.payload#/id"}
        return found

    def _payload(self) -> Any:
        if self._often(0.3):
            return {"$ref": self._random.choice(self._references)}
        return self._maker.typed(2)
