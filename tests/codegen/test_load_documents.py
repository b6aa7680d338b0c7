"""AsyncAPI documents to protocols."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from mqbind.diagnostics import Diagnostics
from mqbind.load import Options, load
from mqbind.model.check import arrivals_of, check
from mqbind.model.protocol import Reply
from mqbind.model.types import Bytes, Json
from tests.codegen.loading import HEAD, loaded, tried

SCHEMAS = Path(__file__).resolve().parents[2] / "schema"


@pytest.mark.parametrize("file", sorted(SCHEMAS.glob("*.yaml")), ids=lambda file: file.name)
def test_our_schemas_have_nothing_to_complain_about(file: Path) -> None:
    diagnostics = Diagnostics()
    protocol = load(file, diagnostics)
    assert protocol is not None
    check(protocol, diagnostics)
    assert [str(found) for found in diagnostics] == []
    assert protocol.operations


DOCUMENT = """
    asyncapi: 3.1.0
    info:
      title: My Lamp-API
      version: 2.1.0
      description: Lamps.
      x-mqbind-role: lamp
      x-mqbind-peer-role: hub
    defaultContentType: application/json
    servers:
      main: {host: h, protocol: mqtt, pathname: home/}
      other: {host: h, protocol: kafka, pathname: elsewhere}
    channels:
      state:
        address: lamps/{id}/state
        title: State
        summary: What it does.
        description: In full.
        parameters:
          id:
            description: Which lamp.
            examples: [l1]
            enum: [l1, l2]
            default: l1
            x-mqbind-pattern: ^l
            x-mqbind-max-length: 4
        messages:
          On: {$ref: '#/components/messages/On'}
          Off:
            name: switched_off
            payload: {}
      command:
        address: lamps/command
        x-mqbind-peer-role: app
        messages:
          Raw: {x-mqbind-name: blob, contentType: application/octet-stream, payload: {type: string}}
          None: {title: Nothing}
    operations:
      report:
        action: send
        x-mqbind-name: tell
        channel: {$ref: '#/channels/state'}
        messages: [{$ref: '#/channels/state/messages/On'}]
        traits:
          - {title: A, description: From the trait., bindings: {mqtt: {qos: 1, retain: true}}}
          - {title: B}
        bindings: {mqtt: {qos: 2}}
        reply:
          channel: {$ref: '#/channels/command'}
          messages: [{$ref: '#/channels/command/messages/Raw'}]
      take:
        action: receive
        channel: {$ref: '#/channels/command'}
    components:
      messages:
        On:
          title: Switched on
          traits: [{summary: In short., contentType: application/vnd.lamp+json; charset=utf-8}]
          correlationId: {location: '$message.payload#/id'}
          payload: {type: object, properties: {id: {type: integer}, level: {type: number}}}
          examples:
            - {name: full, summary: All of it, payload: {id: 1, level: 42.0}}
            - {headers: {}}
    """


def test_document(tmp_path: Path) -> None:
    protocol = loaded(tmp_path, DOCUMENT, head="")
    assert (protocol.prefix, protocol.title, protocol.version) == (
        "my_lamp_api",
        "My Lamp-API",
        "2.1.0",
    )
    assert (protocol.role, protocol.source, protocol.description) == ("lamp", "t.yaml", "Lamps.")
    assert list(protocol.channels) == ["state", "command"]
    state = protocol.channels["state"]
    assert str(state.address) == "home/lamps/{id}/state"
    assert state.description == "What it does.\n\nIn full."
    [parameter] = state.parameters
    assert (parameter.name, parameter.description) == ("id", "Which lamp.")
    assert (parameter.enum, parameter.default, parameter.examples) == (("l1", "l2"), "l1", ("l1",))
    assert parameter.pattern is not None
    assert (parameter.pattern.regex, parameter.max_length) == ("^l", 4)


def test_messages(tmp_path: Path) -> None:
    protocol = loaded(tmp_path, DOCUMENT, head="")
    on, off, raw, nothing = protocol.messages.values()
    assert on.key == "t.yaml#/components/messages/On"
    assert off.key == "t.yaml#/channels/state/messages/Off"
    assert [each.name for each in (on, off, raw, nothing)] == ["On", "switched_off", "blob", "None"]
    assert (on.title, on.summary, on.correlation) == (
        "Switched on",
        "In short.",
        "$message.payload#/id",
    )
    assert [off.payload, raw.payload, nothing.payload] == [Json(), Bytes(), Bytes()]
    [example] = on.examples
    assert (example.name, example.summary) == ("full", "All of it")
    assert repr(example.value) == "{'id': 1, 'level': 42.0}"
    assert example.location.line == 62


def test_operations(tmp_path: Path) -> None:
    report, take = loaded(tmp_path, DOCUMENT, head="").operations
    assert (report.key, report.name, report.title) == ("report", "tell", "B")
    assert report.description == "From the trait."
    assert (report.sender, report.receiver) == ("lamp", "hub")
    assert (report.qos, report.retain) == (2, True)
    assert report.messages == ("t.yaml#/components/messages/On",)
    assert report.reply == Reply(
        channel="command",
        messages=("t.yaml#/channels/command/messages/Raw",),
        qos=2,
        retain=False,
    )
    assert (take.sender, take.receiver, take.qos, take.retain) == ("app", "lamp", 0, False)
    assert len(take.messages) == 2
    assert take.location.line == 51


def test_channels_with_one_address_are_one(tmp_path: Path) -> None:
    protocol = loaded(
        tmp_path,
        """
        channels:
          up: {address: a, messages: {m: {}}}
          down: {address: a, messages: {n: {}}}
        operations:
          o: {action: send, channel: {$ref: '#/channels/up'}}
          p: {action: receive, channel: {$ref: '#/channels/down'}}
        """,
    )
    assert list(protocol.channels) == ["up"]
    assert [operation.channel for operation in protocol.operations] == ["up", "up"]
    assert [arrival.role for arrival in arrivals_of(protocol)] == ["server", "client"]


@pytest.mark.parametrize(
    ("pathname", "address", "topic", "warnings"),
    [
        ("/v1", "a/b", "/v1/a/b", 1),
        ("/v1", "/a/b", "/v1/a/b", 0),
        ("v1/", "/a/b", "v1/a/b", 0),
        ("v1", "a/b", "v1/a/b", 0),
        ("/", "a", "a", 0),
        ("", "/a", "/a", 0),
    ],
)
def test_pathname_stands_before_the_address(
    tmp_path: Path, pathname: str, address: str, topic: str, warnings: int
) -> None:
    protocol, findings = tried(
        tmp_path,
        f"""
        servers: {{s: {{host: h, protocol: mqtts, pathname: '{pathname}'}}}}
        channels: {{c: {{address: '{address}'}}}}
        """,
    )
    assert protocol is not None
    assert str(protocol.channels["c"].address) == topic
    assert len(findings) == warnings


@pytest.mark.parametrize(
    ("title", "prefix"),
    [
        ("FoloToy MQTT", "folo_toy_mqtt"),
        ("物联网", "t"),
        ("3D Printer", "t"),
        ("HTTPServer", "http_server"),
    ],
)
def test_prefix_comes_from_the_title_or_the_file(tmp_path: Path, title: str, prefix: str) -> None:
    head = f"asyncapi: 3.0.0\ninfo: {{title: {title}, version: 1.0.0}}\n"
    assert loaded(tmp_path, "channels: {}", head=head).prefix == prefix


def test_all_mistakes_are_reported_in_one_run(tmp_path: Path) -> None:
    protocol, findings = tried(
        tmp_path,
        """
        channels:
          c: {address: 'a/#', messages: {m: {payload: {type: strin}}}}
          d: {adress: b}
        operations:
          o: {action: sned, channel: {$ref: '#/channels/e'}}
        """,
    )
    assert protocol is None
    assert [found.split(":")[0] for found in findings] == ["5", "5", "6", "8", "8"]
    assert "did you mean `address`?" in findings[2]
    assert "did you mean `send`?" in findings[3]


def test_findings_of_another_document_do_not_matter(tmp_path: Path) -> None:
    diagnostics = Diagnostics()
    assert load(tmp_path / "none.yaml", diagnostics) is None
    good = tmp_path / "good.yaml"
    good.write_text("asyncapi: 3.0.0\ninfo: {title: T, version: '1'}\n")
    assert load(good, diagnostics) is not None


SERVERS = """
    servers:
      plain: {host: h, protocol: mqtt, pathname: a}
      other: {host: h, protocol: mqtts, pathname: b}
      stream: {host: h, protocol: kafka, pathname: c}
    channels:
      everywhere: {address: x}
      there: {address: y, servers: [{$ref: '#/servers/other'}]}
    """


@pytest.mark.parametrize(
    ("server", "addresses", "reported"),
    [
        (
            None,
            ["a/x", "b/y"],
            ["the servers have different pathnames; the one of `plain` is used"],
        ),
        ("other", ["b/x", "b/y"], []),
        ("plain", ["a/x"], ["no MQTT server serves channel `there`; it is skipped"]),
        ("stream", None, ["no MQTT server is named `stream`"]),
        ("plian", None, ["no MQTT server is named `plian`"]),
    ],
)
def test_a_server_is_picked(
    tmp_path: Path, server: str | None, addresses: list[str] | None, reported: list[str]
) -> None:
    file = tmp_path / "t.yaml"
    file.write_text(HEAD + textwrap.dedent(SERVERS))
    diagnostics = Diagnostics()
    protocol = load(file, diagnostics, Options(server=server))
    assert [found.message for found in diagnostics] == reported
    if addresses is None:
        assert protocol is None
    else:
        assert protocol is not None
        assert [str(channel.address) for channel in protocol.channels.values()] == addresses


def test_names_of_a_server_and_of_a_channel_are_kept_apart(tmp_path: Path) -> None:
    protocol = loaded(
        tmp_path,
        """
        servers:
          s: {host: h, protocol: mqtt, pathname: '{x}', variables: {x: {default: a/b}}}
        channels:
          c: {address: 'c/{x}', parameters: {x: {}}, messages: {M: {}}}
        """,
    )
    channel = protocol.channels["c"]
    assert str(channel.address) == "{server_x}/c/{x}"
    variable, parameter = channel.parameters
    assert (variable.per_side, variable.multi_level, variable.default) == (True, True, "a/b")
    assert (parameter.per_side, parameter.multi_level) == (False, False)


def test_a_reply_without_an_operation_gets_one(tmp_path: Path) -> None:
    ask, answer, other = loaded(
        tmp_path,
        """
        channels:
          ask: {address: ask, messages: {Ask: {}}}
          answers: {messages: {Yes: {}, 'No': {}, Maybe: {}}}
        operations:
          ask:
            action: receive
            channel: {$ref: '#/channels/ask'}
            bindings: {mqtt: {qos: 1, retain: true}}
            reply:
              address: {location: '$message.payload#/to'}
              channel: {$ref: '#/channels/answers'}
          maybe:
            action: send
            channel: {$ref: '#/channels/answers'}
            messages: [{$ref: '#/channels/answers/messages/Maybe'}]
        """,
    ).operations
    assert ask.reply is not None
    assert ask.reply.location == "$message.payload#/to"
    assert (answer.key, answer.answers, answer.name) == ("ask", True, "ask reply")
    assert [key.rpartition("/")[2] for key in answer.messages] == ["Yes", "No"]
    assert (answer.sender, answer.receiver) == ("client", "server")
    assert (answer.qos, answer.retain, answer.reply) == (1, False, None)
    assert (other.key, other.answers) == ("maybe", False)
