"""Random protocols of many addresses, and values that fit them more or less."""

from __future__ import annotations

import random
import re

from tests.topics.reading import Address, Parameter

_NAMES = ("p", "q", "r", "s", "t")
_LITERALS = ("a", "b", "on", "x", "a-b", "1", "$a", "", "\u4e2d")
_LEVELS = (
    *("{}", "{}", "{}", "{}", "a{}", "{}b", "x-{}", "{}.{}", "{}-{}", "t-{}.{}", "{}--{}"),
    *("{}.{}.{}", "{}-{}b", "{}ab{}", "{}-.-{}", "{}\u4e2d{}"),
)
_PATTERNS = {
    "^[0-9]+$": ("0", "1", "42"),
    "^[a-z]+$": ("a", "on", "ab", "x"),
    "^[^.]+$": ("a-b", "x", "a"),
    "-": ("-", "a-b", "--"),
    "^[a-z]+(-[a-z]+)*$": ("a-b", "on", "a-b-on"),
}
_ENUM = ("a", "b", "on", "off", "a.b", "a-b", "x", "1", "$a", "-")
_TOKENS = (
    *("a", "b", "on", "x", "ab", "1", "0", "42", "-1", "x-", "t-"),
    *(".", "-", "--", "-.", "a.b", "a-b", "pump.1", "b-", ".-", "\u4e2d", "$", "$a", "$share"),
)
_NASTY = (
    *(b"", b"/", b"a/b", b"+", b"#", b"a+", b"\0", b"a\0b", b"\xff", b"a\xc3", b"\xed\xa0\x80"),
    *(b"$SYS", b"$share", b"\xe4\xb8\xad\xe4\xb8", b"\t", b"\x7f", b"a/", b"/a", b"."),
)


class Net:
    """Addresses between a `leaf`, which sends, and a `hub`, which receives."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.plant = self.random.choice(("", "", "", "a", "a/b", "x-1"))
        self._start = f"/plants/{self.plant}/" if self.plant else ""
        self.dynamic = self.random.random() < 0.4
        self._alphabet = self.random.sample(_LITERALS, 4)
        found: dict[str, Address] = {}
        for _ in range(self.random.choice((3, 6, 12, 24))):
            address = self._address(len(found))
            found.setdefault("{}".join(address.texts), address)
        self.addresses = list(found.values())
        if self.dynamic:
            dynamic = Parameter(name="answersTopic", spans=True)
            self.addresses.append(
                Address(
                    number=len(self.addresses), texts=("", ""), parameters=(dynamic,), dynamic=True
                )
            )

    # ---- Addresses ----

    def _address(self, number: int) -> Address:
        names = self.random.sample(_NAMES, len(_NAMES))
        text = "/".join(self._level(names) for _ in range(self.random.randint(1, 3)))
        spans = bool(names) and self.random.random() < 0.15
        if spans:
            text += "/{" + names.pop() + "}"
        if not text.strip("/") or re.match(r"/|\$[^/]*\{", text):
            text = f"n{number}/{text}"
        pieces = re.split(r"\{(\w+)\}", text)
        parameters = [self._parameter(name) for name in pieces[1::2]]
        if spans:
            parameters[-1] = Parameter(name=parameters[-1].name, spans=True)
        return Address(
            number=number,
            texts=(self._start + pieces[0], *pieces[2::2]),
            parameters=tuple(parameters),
        )

    def _level(self, names: list[str]) -> str:
        if self.random.random() < 0.45:
            return self.random.choice(self._alphabet)
        shape = self.random.choice(_LEVELS)
        if shape.count("{}") > len(names):
            return self.random.choice(self._alphabet)
        return re.sub(r"\{\}", lambda _: f"{{{names.pop()}}}", shape)

    def _parameter(self, name: str) -> Parameter:
        kind = self.random.choice(("any", "any", "any", "pattern", "enum", "length", "integer"))
        if kind == "pattern":
            return Parameter(name=name, pattern=self.random.choice([*_PATTERNS]))
        if kind == "enum":
            return Parameter(name=name, enum=tuple(self.random.sample(_ENUM, 3)))
        if kind == "length":
            return Parameter(name=name, max_length=self.random.choice((1, 2, 3)))
        return Parameter(name=name, integer=kind == "integer")

    # ---- The document ----

    def document(self) -> dict[str, object]:
        channels: dict[str, object] = {}
        operations: dict[str, object] = {}
        message = {"$ref": "#/components/messages/Note"}
        for address in self.addresses:
            if address.dynamic:
                continue
            key = f"c{address.number}"
            channels[key] = {
                "address": self._spelled(address),
                "parameters": {each.name: _declared(each) for each in address.parameters},
                "messages": {"Note": message},
            }
            operations[f"take{key}"] = {
                "action": "receive",
                "channel": {"$ref": f"#/channels/{key}"},
            }
        if self.dynamic:
            channels["answers"] = {"address": None, "messages": {"Note": message}}
            channels["ask"] = {
                "address": "ask/for/all/that/is/known",
                "messages": {"Ask": {"payload": {"type": "boolean"}}},
            }
            operations["asks"] = {
                "action": "send",
                "channel": {"$ref": "#/channels/ask"},
                "reply": {
                    "address": {"location": "$message.header#/replyTo"},
                    "channel": {"$ref": "#/channels/answers"},
                },
            }
        server = {"host": "localhost", "protocol": "mqtt", "pathname": "/plants/{plant}"}
        return {
            "asyncapi": "3.0.0",
            "info": {
                "title": "Net",
                "version": "1",
                "x-mqbind-role": "hub",
                "x-mqbind-peer-role": "leaf",
            },
            "servers": {"main": server} if self.plant else {},
            "channels": channels,
            "operations": operations,
            "components": {"messages": {"Note": {"payload": {"type": "integer"}}}},
        }

    def _spelled(self, address: Address) -> str:
        text = address.texts[0]
        for parameter, behind in zip(address.parameters, address.texts[1:], strict=True):
            text += f"{{{parameter.name}}}{behind}"
        return text.removeprefix(self._start)

    def shape(self, address: Address) -> str:
        """The address as generated code spells it."""
        start = "/plants/{}/" if self._start and not address.dynamic else ""
        return start + "{}".join(address.texts).removeprefix(self._start)

    # ---- Values ----

    def values(self, address: Address) -> list[bytes]:
        if address.dynamic and self.random.random() < 0.8:
            other = self.random.choice(self.addresses)
            return [other.fill([self._value(each) for each in other.parameters])]
        return [self._value(each) for each in address.parameters]

    def _value(self, parameter: Parameter) -> bytes:
        if parameter.integer:
            return str(self.random.choice((0, 1, -1, 42, 7, -(2**31), 2**31 - 1))).encode()
        chance = self.random.random()
        if chance < 0.02:
            return self.random.choice(_NASTY)
        if chance < 0.021:
            return b"y" * self.random.choice((300, 66000))
        if chance < 0.5 and parameter.enum:
            return self.random.choice(parameter.enum).encode()
        if chance < 0.5 and parameter.pattern:
            return self.random.choice(_PATTERNS[parameter.pattern]).encode()
        count = self.random.choice((1, 1, 1, 2, 3))
        joint = "/" if parameter.spans and chance < 0.8 else ""
        return joint.join(self.random.choice(_TOKENS) for _ in range(count)).encode()

    def wanted(self, names: list[str]) -> dict[str, bytes]:
        """Values to bind to, by the names of the fields; most are left open."""
        chance = self.random.choice((0.1, 0.3))
        texts = ("a", "b", "on", "x", "1", "42", "a-b", "pump.1", "-", "$a", "$share", "a/b")
        found = {
            name: self.random.choice(texts).encode()
            for name in names
            if self.random.random() < chance
        }
        if "answersTopic" in names and self.random.random() < 0.8:
            answers = next(address for address in self.addresses if address.dynamic)
            found["answersTopic"] = self.values(answers)[0]
        return found


def _declared(parameter: Parameter) -> dict[str, object]:
    declared: dict[str, object] = {}
    if parameter.pattern:
        declared["x-mqbind-pattern"] = parameter.pattern
    if parameter.max_length:
        declared["x-mqbind-max-length"] = parameter.max_length
    if parameter.enum:
        declared["enum"] = list(parameter.enum)
    if parameter.integer:
        declared["x-mqbind-type"] = "int32"
    if parameter.spans:
        declared["x-mqbind-multi-level"] = True
    return declared
