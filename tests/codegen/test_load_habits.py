"""What people write although AsyncAPI 3 does not have it means what they mean, with a warning."""

from __future__ import annotations

from pathlib import Path

from mqbind.model.protocol import Operation
from tests.codegen.loading import tried


def operations(folder: Path, text: str) -> tuple[list[Operation], list[str]]:
    """The operations, and for each finding its place and what it says to write instead."""
    protocol, findings = tried(folder, text)
    assert protocol is not None
    assert all(": warning: " in each for each in findings)
    return list(protocol.operations), [
        f"{each.split(': ')[0]}: {each.partition('; ')[2].rpartition(' [')[0]}" for each in findings
    ]


def test_a_wildcard_is_a_parameter(tmp_path: Path) -> None:
    protocol, findings = tried(
        tmp_path,
        """
        channels:
          c:
            address: +/{level3}/+/x/+
            parameters: {level3: {}, level5: {enum: [a]}}
        """,
    )
    assert protocol is not None
    address = protocol.channels["c"].address
    assert str(address) == "{level1}/{level3}/{level3_}/x/{level5}"
    assert [each.enum for each in address.parameters] == [(), (), (), ("a",)]
    [finding] = findings
    assert "6:14: warning: `+`" in finding
    assert "write `{level1}/{level3}/{level3_}/x/{level5}`, and declare `level1`, " in finding


def test_a_number_sign_is_an_error(tmp_path: Path) -> None:
    protocol, findings = tried(tmp_path, "channels: {c: {address: 'a/+/#'}}")
    assert protocol is None
    assert [each.split(": ")[1] for each in findings] == ["warning", "error"]


def test_the_binding_of_a_channel_is_that_of_its_operations(tmp_path: Path) -> None:
    found, remedies = operations(
        tmp_path,
        """
        channels:
          ask: &channel
            address: ask
            bindings: {mqtt: {qos: 1, retain: true}}
            messages: {m: {payload: {type: string}}}
          answer: {address: answer, bindings: {mqtt: {qos: 0}}, messages: {n: {}}}
          status: {address: status, messages: {s: {}}}
        operations:
          plain: {action: send, channel: {$ref: '#/channels/ask'}}
          stated:
            action: receive
            channel: {$ref: '#/channels/ask'}
            bindings: {mqtt: {qos: 2}}
            reply: {channel: {$ref: '#/channels/answer'}}
          other:
            action: send
            channel: {$ref: '#/channels/status'}
            bindings: {mqtt: {qos: 2}}
        """,
    )
    assert [(each.channel, each.qos, each.retain) for each in found] == [
        ("ask", 1, True),
        ("ask", 2, True),
        ("answer", 0, False),
        ("status", 2, False),
    ]
    assert remedies == [
        "7:23: write `qos: 1` in the MQTT binding of each operation",
        "7:31: write `retain: true` in the MQTT binding of each operation",
        "9:47: write `qos: 0` in the MQTT binding of each operation",
    ]


def test_a_message_of_the_components_needs_no_channel(tmp_path: Path) -> None:
    found, remedies = operations(
        tmp_path,
        """
        channels: {c/d: {address: a, messages: {m: {payload: {type: string}}}}}
        operations:
          o:
            action: send
            channel: {$ref: '#/channels/c~1d'}
            messages: [{$ref: '#/channels/c~1d/messages/m'}, {$ref: '#/components/messages/n'}]
        components: {messages: {n: {payload: {type: integer}}}}
        """,
    )
    [operation] = found
    assert operation.messages == (
        "t.yaml#/channels/c~1d/messages/m",
        "t.yaml#/components/messages/n",
    )
    assert remedies == [
        "9:54: add `n: {$ref: '#/components/messages/n'}` to the channel's `messages`, and write "
        "`$ref: '#/channels/c~1d/messages/n'` here"
    ]


def test_the_schema_of_a_parameter_is_read(tmp_path: Path) -> None:
    protocol, [finding] = tried(
        tmp_path,
        """
        channels:
          c:
            address: a/{x}
            parameters: {x: {enum: [a], schema: {type: string, enum: [b], maxLength: 4}}}
        """,
    )
    assert protocol is not None
    [parameter] = protocol.channels["c"].parameters
    assert (parameter.enum, parameter.max_length) == (("a",), 4)
    assert (
        "7:33: warning: parameters have no `schema` in AsyncAPI 3, but it is read anyway; "
        in finding
    )
    assert 'write `enum: ["b"], x-mqbind-max-length: 4` instead' in finding
