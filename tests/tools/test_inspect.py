"""`mqbind inspect`: what messages cost, and who may do what at a real broker."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Queue
from typing import Any

import pytest
from paho.mqtt.client import Client, MQTTMessage, topic_matches_sub
from paho.mqtt.enums import CallbackAPIVersion

from mqbind.diagnostics import Diagnostics
from mqbind.model.protocol import Protocol
from mqbind.pipeline import read
from tests.broker.server import Broker
from tests.consumers.installation import MQBIND
from tests.protocols.test_protocols import PROTOCOLS
from tests.support.waiting import DEADLINE_S
from tests.tools.conftest import Mqbind, read_terminal
from tests.tools.test_replay_traffic import topic_of

ROOT = Path(__file__).parents[2]
FOLOTOY = ROOT / "schema" / "folotoy.yaml"
SMALL_MACHINE = "clang --target=armv7m-none-eabi -ffreestanding"

# ---- Costs ----


def report(mqbind: Mqbind, schema: Path, *arguments: str, **variables: str) -> Any:
    done = mqbind("inspect", schema, "--format", "json", *arguments, **variables)
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def row_of(reported: Any, message: str) -> Any:
    (row,) = (row for row in reported["messages"] if row["message"] == message)
    return row


def test_each_message_has_a_row(mqbind: Mqbind, tmp_path: Path) -> None:
    reported = report(mqbind, FOLOTOY, "--payload-bytes", "300")
    assert (reported["title"], reported["payload_bytes"]) == ("FoloToy MQTT integration", 300)
    assert len(reported["messages"]) == 7
    struct, scratch, tokens = sizes(tmp_path, "folotoy_update_common_config", 300)
    assert row_of(reported, "UpdateCommonConfig") == {
        "topic": "/sys/folotoy/{sn}/thing/command/call",
        "from": "application",
        "to": "toy",
        "message": "UpdateCommonConfig",
        "qos": 0,
        "retain": False,
        "longest_payload_bytes": 236,
        "struct_bytes": struct,
        "scratch_bytes": scratch,
        "tokens": tokens,
        "instructions_per_byte": {
            "decode": {"direct": 1556, "speed": 3112, "jsmn": 1224},
            "validate": 160,
            "encode": 300,
            "fixed": 10_000,
        },
    }


def sizes(folder: Path, message: str, payload_bytes: int) -> tuple[int, ...]:
    """The same numbers from a program that runs: no other memory is needed for this message."""
    scratch = f"(size_t){message.upper()}_SCRATCH_BYTES({payload_bytes})"
    (folder / "sizes.c").write_text(
        f'#include <stdio.h>\n#include "{message}.h"\nint main(void)\n{{\n'
        f'    printf("%zu %zu %zu", sizeof(struct {message}), {scratch},\n'
        f"        ({scratch} - {payload_bytes} - MQB_SCRATCH_ALIGN) / MQB_TOKEN_BYTES);\n}}\n"
    )
    includes = ("-I", str(ROOT / "include"), "-I", str(ROOT / "generated" / "folotoy"))
    program = folder / "sizes"
    subprocess.run(["cc", *includes, str(folder / "sizes.c"), "-o", str(program)], check=True)
    said = subprocess.run([program], capture_output=True, text=True).stdout
    return tuple(int(word) for word in said.split())


def test_sizes_are_those_of_the_compiler(mqbind: Mqbind) -> None:
    ours = report(mqbind, FOLOTOY)
    small = report(mqbind, FOLOTOY, CC=SMALL_MACHINE)
    assert ours["target"] == subprocess.check_output(["cc", "-dumpmachine"], text=True).strip()
    assert small["target"].startswith("armv7m-")
    message = "VoiceGenerated"
    assert row_of(small, message)["struct_bytes"] < row_of(ours, message)["struct_bytes"]
    assert row_of(small, message)["tokens"] == row_of(ours, message)["tokens"]


def test_bytes_take_no_scratch_memory(mqbind: Mqbind) -> None:
    row = row_of(report(mqbind, ROOT / "schema" / "eztcloud_app.yaml"), "Data")
    assert (row["scratch_bytes"], row["tokens"], row["struct_bytes"]) == (0, 0, 16)


def test_text_is_a_table_with_a_line_for_each_message(mqbind: Mqbind) -> None:
    done = mqbind("inspect", FOLOTOY)
    head, *rows = done.stdout.splitlines()[1:9]
    assert head.split() == [
        *("topic", "from", "to", "message", "qos", "retain"),
        *("longest", "struct", "scratch", "tokens"),
        *("direct", "speed", "jsmn", "validate", "encode"),
    ]
    assert rows[0].split()[:6] == [
        *("/sys/folotoy/{sn}/thing/event/post", "toy", "application", "VoiceGenerated", "0", "no")
    ]
    assert rows[0].split()[6] == "-"
    assert "\x1b" not in done.stdout
    assert "# acl_file of mosquitto: server\nuser server\n" in done.stdout


def test_a_terminal_gets_lines(environment: dict[str, str]) -> None:
    terminal, theirs = pty.openpty()
    command = (MQBIND, "inspect", FOLOTOY)
    wide = {**environment, "COLUMNS": "200", "TERM": "xterm"}
    process = subprocess.Popen(command, stdout=theirs, env=wide)
    os.close(theirs)
    shown = read_terminal(terminal)
    assert process.wait(DEADLINE_S) == 0
    assert "───────".encode() in shown
    assert b"pattern" not in shown


def test_without_a_compiler_the_rest_is_reported(mqbind: Mqbind) -> None:
    done = mqbind("inspect", FOLOTOY, CC="frobnicc")
    assert done.returncode == 0
    missing = "cannot find the C compiler `frobnicc`"
    assert done.stderr.startswith(f"mqbind: cannot measure sizes: {missing}")
    assert done.stdout.splitlines()[2].split()[-8:-5] == ["-", "-", "-"]


# ---- Rights ----


class Party:
    """A client of the broker that hears all it may and says what it likes."""

    def __init__(self, port: int, user: str) -> None:
        self.heard: Queue[tuple[str, bytes]] = Queue()
        subscribed: Queue[int] = Queue()
        self._client = Client(CallbackAPIVersion.VERSION2)
        self._client.username_pw_set(user)
        self._client.on_message = self._hear
        self._client.on_subscribe = lambda *_: subscribed.put(0)
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        self._client.subscribe("#", 1)
        subscribed.get(timeout=DEADLINE_S)

    def _hear(self, _client: Client, _user: object, message: MQTTMessage) -> None:
        self.heard.put((message.topic, bytes(message.payload)))

    def say(self, topic: str, text: str) -> None:
        self._client.publish(topic, text, 1).wait_for_publish(DEADLINE_S)

    def topics_until(self, text: str) -> Iterator[str]:
        """What it heard before that text."""
        while (heard := self.heard.get(timeout=DEADLINE_S))[1] != text.encode():
            yield heard[0]

    def leave(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


END = "end/of/test"
FOR_THE_TEST = f"pattern read {END}\nuser admin\ntopic readwrite #\n"


def guarded(make_broker: Callable[..., Broker], folder: Path, acl: str) -> Broker:
    file = folder / "acl"
    file.write_text(acl + FOR_THE_TEST)
    file.chmod(0o600)
    return make_broker("allow_anonymous true", f"acl_file {file}")


def written(party: Party, admin: Party, topics: list[str]) -> set[str]:
    """The topics on which others hear the party."""
    for topic in topics:
        party.say(topic, "try")
    admin.say(END, "written")
    return set(admin.topics_until("written")) - {END}


def heard(party: Party, admin: Party, topics: list[str]) -> set[str]:
    """The topics on which the party hears others."""
    for topic in topics:
        admin.say(topic, "try")
    admin.say(END, "heard")
    return set(party.topics_until("heard")) - {END}


def allowed(protocol: Protocol, role: str, topics: list[str]) -> tuple[set[str], set[str]]:
    """Topics that a role writes and hears: those that the document's addresses can be."""
    writes, hears = set(), set()
    for operation in protocol.operations:
        routes = [(operation.channel, operation.sender, operation.receiver)]
        if operation.reply:
            routes.append((operation.reply.channel, operation.receiver, operation.sender))
        for channel, sender, receiver in routes:
            pattern = re.sub(r"\{\w+\}", "+", str(protocol.channels[channel].address))
            carried = {topic for topic in topics if topic_matches_sub(pattern, topic)}
            writes |= carried if sender == role else set()
            hears |= carried if receiver == role else set()
    return writes, hears


@pytest.mark.parametrize("name", PROTOCOLS)
def test_each_role_can_do_what_the_document_says_and_no_more(
    name: str, mqbind: Mqbind, make_broker: Callable[..., Broker], tmp_path: Path
) -> None:
    schema = ROOT / "schema" / f"{name}.yaml"
    protocol = read(schema, Diagnostics())
    roles = list(report(mqbind, schema)["acl"])
    assert len(roles) >= 2
    done = mqbind("inspect", schema, *(word for role in roles for word in ("--acl", role)))
    broker = guarded(make_broker, tmp_path, done.stdout + "\n")
    channels = [topic_of(channel) for channel in protocol.channels.values()]
    topics = [*dict.fromkeys(channels), "something/else", f"{channels[0]}/below"]
    admin = Party(broker.port, "admin")
    for role in roles:
        party = Party(broker.port, role)
        writes, hears = allowed(protocol, role, topics)
        assert writes or hears
        assert written(party, admin, topics) == writes
        list(party.topics_until("written"))
        assert heard(party, admin, topics) == hears
        list(admin.topics_until("heard"))
        party.leave()
    admin.leave()


def test_a_parameter_that_is_the_user_name(
    mqbind: Mqbind, make_broker: Callable[..., Broker], tmp_path: Path
) -> None:
    """Each toy may only use its own topics."""
    done = mqbind("inspect", FOLOTOY, "--acl", "toy", "--parameter", "sn=%u")
    assert done.stdout == (
        "pattern write /sys/folotoy/%u/thing/event/post\n"
        "pattern read /sys/folotoy/%u/thing/command/call\n"
        "pattern write /sys/folotoy/%u/thing/command/callAck\n"
    )
    broker = guarded(make_broker, tmp_path, done.stdout)
    admin, toy = Party(broker.port, "admin"), Party(broker.port, "sn1")
    topics = [f"/sys/folotoy/{sn}/thing/command/call" for sn in ("sn1", "sn2")]
    assert heard(toy, admin, topics) == {topics[0]}
    list(admin.topics_until("heard"))
    topics = [f"/sys/folotoy/{sn}/thing/event/post" for sn in ("sn1", "sn2")]
    assert written(toy, admin, topics) == {topics[0]}
    for party in (admin, toy):
        party.leave()


def test_a_parameter_with_one_value(mqbind: Mqbind) -> None:
    done = mqbind("inspect", FOLOTOY, "--acl", "toy", "--parameter", "sn=e4")
    assert done.stdout.splitlines()[:2] == [
        "user toy",
        "topic write /sys/folotoy/e4/thing/event/post",
    ]


DASHES = """\
asyncapi: 3.0.0
info: {title: T, version: '1'}
channels:
  c: {address: "ADDRESS", messages: {M: {payload: {type: integer}}}}
operations:
  receive: {action: receive, channel: {$ref: '#/channels/c'}}
"""


def test_a_topic_that_acl_file_cannot_hold(mqbind: Mqbind, tmp_path: Path) -> None:
    schema = tmp_path / "t.yaml"
    schema.write_text(DASHES.replace("ADDRESS", "a/b "))
    done = mqbind("inspect", schema, "--acl", "client")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "mqbind: acl_file cannot express the topic 'a/b '\n"
    whole = mqbind("inspect", schema)
    assert whole.returncode == 0
    assert "\n# none: acl_file cannot express the topic 'a/b '\n" in whole.stdout


def test_a_dynamic_topic(mqbind: Mqbind) -> None:
    schema = ROOT / "tests" / "cases" / "properties" / "schema.yaml"
    arguments = ("inspect", schema, "--acl", "asker")
    assert "topic read #\n" in mqbind(*arguments).stdout
    done = mqbind(*arguments, "--parameter", "answersTopic=askers/+/inbox")
    assert "topic read askers/+/inbox\n" in done.stdout
    for value in ("askers/#", "askers/a+", "+/#"):
        done = mqbind(*arguments, "--parameter", f"answersTopic={value}")
        assert f"`{value}` is not allowed in a topic" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "reported"),
    [
        (("--acl", "robot"), "has no role `robot`; known: application, toy, server"),
        (("--parameter", "id=1"), "no topic has a parameter `id`; known: sn"),
        (("--parameter", "sn"), "`sn` is not NAME=VALUE"),
        (("--parameter", "sn=a/b"), "`a/b` is not allowed in a topic"),
        (("--payload-bytes", "-1"), "-1 is not in the range"),
    ],
)
def test_bad_arguments(mqbind: Mqbind, arguments: tuple[str, ...], reported: str) -> None:
    done = mqbind("inspect", FOLOTOY, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert reported in done.stderr
    assert done.stderr.count("\n") == 1
