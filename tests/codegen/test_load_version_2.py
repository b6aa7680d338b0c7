"""AsyncAPI 2: who sends, what things are called, and what its own rules are."""

from __future__ import annotations

from pathlib import Path

import pytest

from mqbind.model.address import Parameter
from mqbind.model.types import Integer
from tests.codegen.loading import loaded, tried

HEAD = "asyncapi: 2.6.0\ninfo: {title: T, version: 1.0.0}\n"


def sent(folder: Path, text: str, head: str = HEAD) -> list[tuple[str, str, str, list[str]]]:
    """Sender, receiver, topic and the names of the messages of each operation."""
    protocol, findings = tried(folder, text, head)
    assert all("[MQB320 empty-first-level]" in each for each in findings), findings
    assert protocol is not None
    return [
        (
            each.sender,
            each.receiver,
            str(protocol.channels[each.channel].address),
            [protocol.messages[key].name for key in each.messages],
        )
        for each in protocol.operations
    ]


@pytest.mark.parametrize("version", range(7))
def test_clients_publish_and_subscribe(tmp_path: Path, version: int) -> None:
    text = """
    channels:
      a: {publish: {message: {name: up}}, subscribe: {message: {name: down}}}
    """
    head = HEAD.replace("2.6", f"2.{version}")
    assert sent(tmp_path, text, head) == [
        ("client", "server", "a", ["up"]),
        ("server", "client", "a", ["down"]),
    ]


@pytest.mark.parametrize(
    ("roles", "sender", "receiver"),
    [
        ("x-mqbind-role: device, x-mqbind-peer-role: cloud", "cloud", "device"),
        ("x-mqbind-role: device", "client", "device"),
        ("x-mqbind-role: client", "server", "client"),
        ("x-mqbind-peer-role: lamp", "lamp", "server"),
    ],
)
def test_roles_can_be_named(tmp_path: Path, roles: str, sender: str, receiver: str) -> None:
    head = HEAD.replace("1.0.0", f"1.0.0, {roles}")
    text = "channels: {a: {publish: {message: {name: m}}}}"
    assert sent(tmp_path, text, head) == [(sender, receiver, "a", ["m"])]


def test_messages_are_named_by_what_there_is(tmp_path: Path) -> None:
    text = """
    channels:
      home/{room}/set:
        parameters: {room: {}}
        publish: {message: {payload: {type: string}}}
      b: {publish: {operationId: tell, message: {payload: {type: string}}}}
      c: {publish: {operationId: tell, message: {messageId: told, payload: {type: string}}}}
      d: {publish: {message: {$ref: '#/components/messages/Kept'}}}
      e: {publish: {message: {$ref: '#/channels/c/publish/message'}}}
      '{only}': {parameters: {only: {}}, publish: {message: {payload: {type: string}}}}
    components:
      messages: {Kept: {payload: {type: string}}}
    """
    names = [names for *_, names in sent(tmp_path, text)]
    assert names == [["home set"], ["tell"], ["told"], ["Kept"], ["told"], ["publish"]]
    keys = [each.key for each in loaded(tmp_path, text, HEAD).operations]
    assert keys[:3] == ["home/{room}/set.publish", "tell", "tell_2"]


def test_a_message_can_stand_for_several(tmp_path: Path) -> None:
    text = """
    channels:
      a:
        publish: {message: {oneOf: [{$ref: '#/components/messages/All'}, {messageId: z}]}}
        subscribe: {message: {oneOf: [{$ref: '#/components/messages/X'}]}}
    components:
      messages:
        All: {oneOf: [{$ref: '#/components/messages/X'}, {$ref: '#/components/messages/All'}]}
        X: {payload: {type: string}}
    """
    assert [names for *_, names in sent(tmp_path, text)] == [["X", "z"], ["X"]]


def test_a_trait_overrides_what_uses_it(tmp_path: Path) -> None:
    """In version 3 it is the other way round."""
    text = """
    channels:
      a:
        publish:
          operationId: o
          bindings: {mqtt: {qos: 1, retain: true}}
          traits: [{bindings: {mqtt: {qos: 2}}, description: from the trait}]
          description: its own
          message: {name: own, title: kept, traits: [{name: trait}]}
    """
    protocol = loaded(tmp_path, text, HEAD)
    [operation] = protocol.operations
    assert (operation.qos, operation.retain) == (2, True)
    assert operation.description == "from the trait"
    [message] = protocol.messages.values()
    assert (message.name, message.title) == ("trait", "kept")


@pytest.mark.parametrize(
    ("url", "topic"),
    [
        ("h", "a"),
        ("mqtt://h:1883", "a"),
        ("mqtt://h/", "a"),
        ("h/base", "/base/a"),
        ("'mqtts://{h}/{tenant}/x'", "/{tenant}/x/a"),
    ],
)
def test_the_path_of_a_url_precedes_topics(tmp_path: Path, url: str, topic: str) -> None:
    text = f"""
    servers: {{s: {{url: {url}, protocol: mqtt, variables: {{h: {{}}, tenant: {{}}}}}}}}
    channels: {{a: {{publish: {{message: {{name: m}}}}}}}}
    """
    assert [address for _, _, address, _ in sent(tmp_path, text)] == [topic]


def test_channels_name_their_servers(tmp_path: Path) -> None:
    text = """
    servers:
      one: {url: h/one, protocol: mqtt}
      two: {$ref: '#/components/servers/two'}
    channels:
      a: {servers: [two], publish: {message: {name: m}}}
    components:
      servers: {two: {url: h/two, protocol: mqtt}}
    """
    assert [address for _, _, address, _ in sent(tmp_path, text)] == ["/two/a"]


def test_a_channel_can_be_a_reference(tmp_path: Path) -> None:
    text = """
    channels:
      a/{x}: {$ref: '#/components/channels/c'}
      b/{x}: {$ref: '#/components/channels/c'}
    components:
      channels:
        c: {parameters: {x: {}}, publish: {operationId: o, message: {payload: {type: integer}}}}
    """
    assert [address for _, _, address, _ in sent(tmp_path, text)] == ["a/{x}", "b/{x}"]


def test_the_id_of_a_channel_is_its_name(tmp_path: Path) -> None:
    text = "channels: {a: {x-channelId: first, publish: {message: {name: m}}}}"
    protocol = loaded(tmp_path, text, HEAD)
    assert list(protocol.channels) == ["first"]
    assert [each.key for each in protocol.operations] == ["first.publish"]


def test_the_format_of_a_schema_is_beside_the_payload(tmp_path: Path) -> None:
    text = """
    channels:
      a:
        publish:
          message:
            schemaFormat: application/vnd.aai.asyncapi+json;version=2.6.0
            payload: {type: integer, minimum: 0}
    """
    [message] = loaded(tmp_path, text, HEAD).messages.values()
    assert isinstance(message.payload, Integer)
    _, [finding] = tried(tmp_path, text.replace("vnd.aai.asyncapi+json", "vnd.apache.avro"), HEAD)
    assert finding.startswith(
        "8:23: error: schema format `application/vnd.apache.avro;version=2.6.0`"
    )


def parameter(folder: Path, schema: str) -> tuple[Parameter, list[str]]:
    """What the schema of a parameter makes of it, and the findings."""
    text = f"""
    channels:
      a/{{x}}:
        parameters: {{x: {{schema: {schema}}}}}
        publish: {{message: {{name: m}}}}
    """
    protocol, findings = tried(folder, text, HEAD)
    assert protocol is not None
    [channel] = protocol.channels.values()
    [found] = channel.parameters
    return found, [each.split(": ", 2)[2].split(";")[0] for each in findings]


@pytest.mark.parametrize(
    ("schema", "field", "value"),
    [
        ("{type: string, enum: [b, a]}", "enum", ("b", "a")),
        ("{type: integer, enum: [2, 1]}", "enum", ("2", "1")),
        ("{type: boolean}", "enum", ("true", "false")),
        ("{const: 7}", "enum", ("7",)),
        ("{default: 5}", "default", "5"),
        ("{examples: [1.50, x, true]}", "examples", ("1.50", "x", "true")),
        ("{type: string, minLength: 1, maxLength: 8}", "max_length", 8),
        ("{type: integer}", "storage", "int64"),
        ("{type: integer, minimum: 0}", "storage", "uint64"),
        ("{type: integer, minimum: 0, maximum: 255}", "storage", "uint8"),
        ("{description: The x., title: X, format: uuid}", "description", "The x."),
    ],
)
def test_the_schema_of_a_parameter_is_read(
    tmp_path: Path, schema: str, field: str, value: object
) -> None:
    found, findings = parameter(tmp_path, schema)
    assert getattr(found, field) == value
    assert findings == []


def test_the_pattern_of_a_parameter_is_read(tmp_path: Path) -> None:
    found, findings = parameter(tmp_path, "{pattern: '^[a-z]+$'}")
    assert found.pattern is not None
    assert found.pattern.regex == "^[a-z]+$"
    assert findings == []


@pytest.mark.parametrize(
    ("schema", "keyword"),
    [
        ("{type: integer, minimum: 1}", "minimum"),
        ("{type: integer, minimum: 0, maximum: 7}", "maximum"),
        ("{type: number}", "type"),
        ("{minLength: 2}", "minLength"),
        ("{not: {const: a}}", "not"),
        ("{enum: [null, a]}", "enum"),
    ],
)
def test_what_is_not_checked_is_reported(tmp_path: Path, schema: str, keyword: str) -> None:
    _, findings = parameter(tmp_path, schema)
    assert findings == [f"`{keyword}` in the schema of a parameter is not checked"]
