"""AsyncAPI documents to protocols."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from mqbind.diagnostics import Diagnostics
from mqbind.load import load
from mqbind.model.check import arrivals_of, check
from mqbind.model.discriminator import tell_apart
from mqbind.model.protocol import Reply
from mqbind.model.types import Bytes, Json
from tests.codegen.loading import loaded, tried

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
    assert state.address == "home/lamps/{id}/state"
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
        channel="command", messages=("t.yaml#/channels/command/messages/Raw",)
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
    ("pathname", "address", "topic"),
    [
        ("/v1", "a/b", "/v1/a/b"),
        ("v1/", "/a/b", "v1/a/b"),
        ("/", "a", "a"),
        ("", "/a", "/a"),
    ],
)
def test_pathname_stands_before_the_address(
    tmp_path: Path, pathname: str, address: str, topic: str
) -> None:
    protocol = loaded(
        tmp_path,
        f"""
        servers: {{s: {{host: h, protocol: mqtts, pathname: '{pathname}'}}}}
        channels: {{c: {{address: '{address}'}}}}
        """,
    )
    assert protocol.channels["c"].address == topic


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


def test_all_mistakes_are_told_in_one_run(tmp_path: Path) -> None:
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
    assert [found.split(":")[0] for found in findings] == ["5", "5", "6", "6", "8", "8"]
    assert "did you mean `address`?" in findings[2] + findings[3]
    assert "did you mean `send`?" in findings[4]


def test_findings_of_another_document_do_not_matter(tmp_path: Path) -> None:
    diagnostics = Diagnostics()
    assert load(tmp_path / "none.yaml", diagnostics) is None
    good = tmp_path / "good.yaml"
    good.write_text("asyncapi: 3.0.0\ninfo: {title: T, version: '1'}\n")
    assert load(good, diagnostics) is not None


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
    assert diagnostics.failed == (tell_apart(protocol, protocol.messages) is None)
    return diagnostics.failed


def kind(text: str, required: str = "kind") -> str:
    return f"{{type: object, required: [{required}], properties: {{kind: {text}, n: {text}}}}}"


def test_what_tells_messages_apart(tmp_path: Path) -> None:
    assert not alike(tmp_path, kind("{const: a}"), kind("{enum: [b, c]}"))
    assert not alike(tmp_path, kind("{const: a}", "n"), kind("{const: b}", "kind, n"))
    assert alike(tmp_path, kind("{const: a}", "n"), kind("{const: b}"))
    assert alike(tmp_path, kind("{const: a}"), kind("{enum: [a, b]}"))
    assert alike(tmp_path, kind("{const: 1}"), kind("{const: 2}"))
    assert alike(tmp_path, kind("{const: a}"), "{type: object}")
    assert alike(tmp_path, "{type: string}", "{type: integer}")


def test_large_document_is_fast(tmp_path: Path) -> None:
    """2,800 lines; the limit is for a busy machine."""
    members = "\n".join(
        f"            m{number}: {{type: integer, minimum: 0, maximum: {number + 1}}}"
        for number in range(15)
    )
    messages = "\n".join(
        f"    M{number}:\n      payload:\n          type: object\n"
        f"          properties:\n{members}\n"
        f"            kind: {{const: k{number}}}\n          required: [kind]"
        for number in range(130)
    )
    listed = "\n".join(
        f"      M{number}: {{$ref: '#/components/messages/M{number}'}}" for number in range(130)
    )
    text = (
        "asyncapi: 3.0.0\ninfo: {title: T, version: 1.0.0}\nchannels:\n  c:\n    address: a\n"
        f"    messages:\n{listed}\noperations:\n  o:\n    action: send\n"
        "    channel: {$ref: '#/channels/c'}\n"
        f"components:\n  messages:\n{messages}\n"
    )
    assert text.count("\n") > 2800
    file = tmp_path / "large.yaml"
    file.write_text(text)
    started = time.perf_counter()
    diagnostics = Diagnostics()
    protocol = load(file, diagnostics)
    assert protocol is not None
    check(protocol, diagnostics)
    assert list(diagnostics) == []
    assert time.perf_counter() - started < 2.5


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
