"""Small documents for the tests of the loader."""

from __future__ import annotations

import textwrap
from pathlib import Path

from mqbind.diagnostics import Diagnostics
from mqbind.load import load
from mqbind.model.protocol import Protocol
from mqbind.model.types import Choice, Named, Struct, Type
from mqbind.rules import Rule

HEAD = "asyncapi: 3.0.0\ninfo: {title: T, version: 1.0.0}\n"


def loaded(folder: Path, text: str, head: str = HEAD) -> Protocol:
    """The protocol of a document that has nothing to complain about."""
    protocol, findings = tried(folder, text, head)
    assert findings == []
    assert protocol is not None
    return protocol


def tried(folder: Path, text: str, head: str = HEAD) -> tuple[Protocol | None, list[str]]:
    file = folder / "t.yaml"
    file.write_text(head + textwrap.dedent(text))
    diagnostics = Diagnostics()
    protocol = load(file, diagnostics)
    return protocol, [str(found).partition("t.yaml:")[2] for found in diagnostics]


def payload(folder: Path, schema: str, components: str = "") -> tuple[Type, Protocol]:
    """The type of a message whose payload is `schema`. It may require what it does not define."""
    protocol, findings = tried(folder, document(schema, components))
    assert [each for each in findings if str(Rule.REQUIRED_BUT_UNDEFINED) not in each] == []
    return payload_of(protocol)


def payload_of(protocol: Protocol | None) -> tuple[Type, Protocol]:
    """The type of the only message."""
    assert protocol is not None
    [message] = protocol.messages.values()
    return message.payload, protocol


def document(schema: str, components: str = "") -> str:
    """A document with one message, whose payload is `schema`."""
    body = textwrap.indent(textwrap.dedent(schema).strip(), " " * 10)
    text = f"channels:\n  c:\n    address: a\n    messages:\n      Top:\n        payload:\n{body}\n"
    return f"{text}{textwrap.dedent(components)}"


def struct(folder: Path, schema: str, components: str = "") -> tuple[Struct, Protocol]:
    its, protocol = payload(folder, schema, components)
    assert isinstance(its, Named)
    found = protocol.definitions[its.key]
    assert isinstance(found, Struct)
    return found, protocol


def choice(folder: Path, schema: str) -> Choice:
    its, protocol = payload(folder, schema)
    assert isinstance(its, Named)
    found = protocol.definitions[its.key]
    assert isinstance(found, Choice)
    return found
