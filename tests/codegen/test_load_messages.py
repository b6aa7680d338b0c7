"""Messages of a document: what tells them apart, their headers and examples."""

from __future__ import annotations

from pathlib import Path

import pytest

from mqbind.diagnostics import Diagnostics
from mqbind.model.check import check
from mqbind.model.first_match import match_order
from mqbind.model.mqtt_properties import Property, carried
from tests.codegen.loading import loaded


def alike(tmp_path: Path, one: str, two: str) -> bool:
    protocol = loaded(
        tmp_path,
        f"""
        channels:
          c:
            address: a
            messages:
              One: {{payload: {one}}}
              Two: {{payload: {two}}}
        operations:
          o: {{action: send, channel: {{$ref: '#/channels/c'}}}}
        """,
    )
    diagnostics = Diagnostics()
    check(protocol, diagnostics)
    return bool(list(diagnostics))


def kind(text: str, required: str = "kind") -> str:
    return f"{{type: object, required: [{required}], properties: {{kind: {text}, n: {text}}}}}"


def members(required: str) -> str:
    names = required.split(", ")
    return (
        f"{{type: object, required: [{required}], "
        f"properties: {{{', '.join(f'{name}: {{type: integer}}' for name in names)}}}}}"
    )


def test_what_tells_messages_apart(tmp_path: Path) -> None:
    assert not alike(tmp_path, kind("{const: a}"), kind("{enum: [b, c]}"))
    assert not alike(tmp_path, kind("{const: a}", "n"), kind("{const: b}", "kind, n"))
    assert not alike(tmp_path, kind("{const: a}", "n"), kind("{const: b}"))
    assert alike(tmp_path, kind("{const: a}", ""), kind("{const: b}", ""))
    assert alike(tmp_path, kind("{const: a}"), kind("{enum: [a, b]}"))
    assert not alike(tmp_path, kind("{const: 1}"), kind("{const: 2}"))
    assert alike(tmp_path, kind("{const: a}"), "{type: object}")
    assert not alike(tmp_path, "{type: string}", "{type: integer}")
    assert alike(tmp_path, "{type: number}", "{type: integer}")
    assert not alike(tmp_path, members("a"), members("b"))
    assert not alike(tmp_path, members("a"), members("a, b"))
    assert not alike(tmp_path, members("a, b"), members("a"))
    assert alike(tmp_path, members("a"), members("a"))


@pytest.mark.parametrize(
    ("payloads", "order"),
    [
        (["{type: object}", "true", "{type: integer}"], "021"),
        (["{type: object, properties: {a: {}}}", "{type: object, required: [a]}"], "10"),
    ],
)
def test_the_narrower_message_is_tried_first(
    tmp_path: Path, payloads: list[str], order: str
) -> None:
    listed = ", ".join(f"M{place}: {{payload: {text}}}" for place, text in enumerate(payloads))
    text = f"channels: {{c: {{address: a, messages: {{R: {{}}, {listed}}}}}}}"
    protocol = loaded(tmp_path, text)
    names = [protocol.messages[key].name for key in match_order(protocol, protocol.messages)]
    assert names == [*(f"M{place}" for place in order), "R"]


def test_headers_may_be_an_object_in_the_payload(tmp_path: Path) -> None:
    [ask, _] = loaded(
        tmp_path,
        """
        channels:
          ask: {address: ask, messages: {Ask: {$ref: '#/components/messages/Ask'}}}
          answers: {messages: {Answer: {}}}
        operations:
          ask:
            action: send
            channel: {$ref: '#/channels/ask'}
            reply:
              address: {location: '$message.header#/to'}
              channel: {$ref: '#/channels/answers'}
        components:
          messages:
            Ask:
              correlationId: {location: '$message.header#/id'}
              payload: {$ref: '#/components/schemas/Ask'}
          schemas:
            Ask:
              type: object
              properties:
                headers: {$ref: '#/components/schemas/Headers'}
            Headers:
              type: object
              properties: {to: {type: string}, id: {type: integer}}
        """,
    ).operations
    assert ask.reply is not None
    assert ask.reply.location == "$message.payload#/headers/to"


def test_headers_are_what_mqtt_5_carries(tmp_path: Path) -> None:
    protocol = loaded(
        tmp_path,
        """
        channels:
          ask: {address: ask, messages: {Ask: {$ref: '#/components/messages/Ask'}}}
          plain: {address: plain, messages: {Ask: {$ref: '#/components/messages/Ask'}}}
          answers: {messages: {Answer: {correlationId: {location: '$message.header#/id'}}}}
        operations:
          ask:
            action: send
            channel: {$ref: '#/channels/ask'}
            reply:
              address: {location: '$message.header#/to'}
              channel: {$ref: '#/channels/answers'}
          plain: {action: send, channel: {$ref: '#/channels/plain'}}
        components:
          messages:
            Ask:
              correlationId: {location: '$message.header#/id'}
              headers: {properties: {id: {type: string}, to: {type: string}}}
        """,
    )
    ask, answer, plain = protocol.operations
    both = {
        Property.RESPONSE_TOPIC: "$message.header#/to",
        Property.CORRELATION_DATA: "$message.header#/id",
    }
    one = {Property.CORRELATION_DATA: "$message.header#/id"}
    for operation, expected in ((ask, both), (answer, one), (plain, {})):
        [key] = operation.messages
        assert carried(protocol, operation, protocol.messages[key]) == expected


def test_example_of_an_array_whose_further_items_do_not_count(tmp_path: Path) -> None:
    """`additionalItems` has no effect unless `items` is a list."""
    loaded(
        tmp_path,
        """
        channels:
          c:
            address: a
            messages:
              m:
                payload: {type: array, items: true, additionalItems: false}
                examples: [{payload: [1]}]
        """,
    )
