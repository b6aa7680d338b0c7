"""`mqbind replay`: each line of captured traffic gets the verdict of the generated code."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from paho.mqtt import publish

from mqbind.diagnostics import Diagnostics
from mqbind.model.protocol import Channel, Protocol
from mqbind.pipeline import plan_schema, read, render_plan
from mqbind.tools import engines, toolchain
from mqbind.tools.capture import LINE_BYTES_MAX
from mqbind.tools.replay import build_host, host_sides
from tests.broker.server import Broker, find_program
from tests.consumers.installation import MQBIND
from tests.protocols.test_protocols import NEVER_SENT, PROTOCOLS, respelled
from tests.support.codec import STRICT
from tests.support.waiting import DEADLINE_S
from tests.tools.conftest import Mqbind, read_terminal

ROOT = Path(__file__).parents[2]
FOLOTOY = ROOT / "schema" / "folotoy.yaml"
CALL = "/sys/folotoy/e465b881d850/thing/command/call"
VOLUME = '{"msgId":7,"identifier":"updatecommonconfig","inputParams":{"volume":%s}}'

Answer = dict[str, Any]


def line(topic: str, payload: str) -> str:
    return json.dumps({"topic": topic, "payload": payload}) + "\n"


def answers(done: subprocess.CompletedProcess[str]) -> list[Answer]:
    assert done.returncode == 0, done.stderr
    return [json.loads(each) for each in done.stdout.splitlines()]


# ---- The five protocols, through a real broker ----


@dataclass(frozen=True, kw_only=True)
class Sent:
    """An example on its way."""

    topic: str
    receiver: str
    message: str
    example: str | None
    payload: Any


def traffic(protocol: Protocol) -> list[Sent]:
    return [
        Sent(
            topic=topic_of(protocol.channels[operation.channel]),
            receiver=operation.receiver,
            message=protocol.messages[key].name,
            example=example.name,
            payload=example.value,
        )
        for operation in protocol.operations
        for key in operation.messages
        for example in protocol.messages[key].examples
    ]


def topic_of(channel: Channel) -> str:
    topic = channel.address
    for parameter in channel.parameters:
        value = (*parameter.examples, *parameter.enum, "17")[0]
        topic = topic.replace(f"{{{parameter.name}}}", value)
    return topic


def capture(broker: Broker, sent: list[Sent]) -> str:
    """What mosquitto_sub -F '%j' prints of it."""
    command = (
        *(find_program("mosquitto_sub"), "-h", "127.0.0.1", "-p", str(broker.port)),
        *("-t", "#", "-F", "%j", "-C", str(len(sent)), "-W", str(int(DEADLINE_S))),
        *("-i", "recorder", "-q", "1"),
    )
    recorder = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    broker.wait_for_log("Sending SUBACK to recorder\n")
    publish.multiple(
        [(each.topic, json.dumps(each.payload, ensure_ascii=False), 1, False) for each in sent],
        hostname="127.0.0.1",
        port=broker.port,
    )
    recorded, _ = recorder.communicate(timeout=DEADLINE_S)
    return recorded


@pytest.mark.parametrize("name", PROTOCOLS)
def test_examples_that_mosquitto_sub_recorded(
    name: str, mqbind: Mqbind, make_broker: Callable[..., Broker]
) -> None:
    schema = ROOT / "schema" / f"{name}.yaml"
    protocol = read(schema, Diagnostics())
    sent = traffic(protocol)
    recorded = capture(make_broker(), sent)
    assert recorded.count("\n") == len(sent)
    seen = 0
    for view in ("own", "peer"):
        done = mqbind("replay", schema, "--view", view, stdin=recorded)
        told = answers(done)
        assert len(told) == len(sent)
        assert re.match(rf"{len(sent)} lines: \d+ ok, \d+ refused\n", done.stderr)
        for each, answer in zip(sent, told, strict=True):
            if (each.receiver == protocol.role) == (view == "own"):
                check_received(each, answer)
                seen += 1
    assert seen == len(sent)


def check_received(sent: Sent, answer: Answer) -> None:
    assert answer["ok"] is True, (sent, answer)
    assert answer["message"] == sent.message
    assert all(str(value) in sent.topic for value in answer["parameters"].values())
    never = NEVER_SENT.get((sent.message, sent.example or ""))
    if never is not None:
        status, path, rule = never
        assert "value" not in answer
        assert answer["unsendable"]["status"] == status.lower()
        assert (answer["unsendable"]["path"], answer["unsendable"]["rule"]) == (path, rule)
    elif "payload_hex" in answer:
        assert json.loads(bytes.fromhex(answer["payload_hex"])) == sent.payload
    else:
        assert answer["value"] == respelled(sent.message, sent.payload)


PROPERTIES = ROOT / "tests" / "cases" / "properties" / "schema.yaml"


def test_properties_that_mosquitto_sub_recorded(
    mqbind: Mqbind, make_broker: Callable[..., Broker]
) -> None:
    broker = make_broker()
    listener = broker.listen("questions", 3, "-V", "5", "-F", "%j")
    for values in (("a/b", 'x"y'), ("a/+", "x"), ()):
        names = ("response-topic", "correlation-data")
        pairs = zip(names, values, strict=False)
        options = [word for pair in pairs for word in ("-D", "publish", *pair)]
        broker.publish("questions", b'{"about":"rain"}', "-V", "5", *options)
    recorded = "\n".join(listener.messages()).encode()
    binary = recorded.splitlines()[0].replace(b'x\\"y', b"\xff")
    done = mqbind("replay", PROPERTIES, "--view", "peer", stdin=recorded + b"\n" + binary)
    text, wildcard, without, bytes_ = answers(done)
    assert text["properties"] == {"response-topic": "a/b", "correlation-data": 'x"y'}
    assert (wildcard["status"], without["status"]) == ("topic", "missing")
    assert bytes_["properties"] == {"response-topic": "a/b", "correlation-data-hex": "ff"}


# ---- Verdicts ----


def test_the_value_is_what_our_encoder_prints(mqbind: Mqbind) -> None:
    payload = ' {"inputParams":\n{"volume":2e1,"x":[]},"identifier":"updatecommonconfig","msgId":7}'
    done = mqbind("replay", FOLOTOY, "--view", "peer", stdin=line(CALL, payload))
    assert done.stdout == (
        '{"ok": true, "message": "UpdateCommonConfig", "parameters": {"sn": "e465b881d850"}, '
        '"value": {"msgId":7,"identifier":"updatecommonconfig","inputParams":{"volume":20}}}\n'
    )
    assert done.stderr == "1 line: 1 ok, 0 refused\n  ok             1  UpdateCommonConfig\n"


@pytest.mark.parametrize("parser", engines.known())
@pytest.mark.parametrize(
    ("payload", "status", "path", "rule", "offset"),
    [
        (VOLUME % 101, "value", "/inputParams/volume", "must be 0 to 100", 69),
        (VOLUME % '"loud"', "type", "/inputParams/volume", "must be an integer", 69),
        (VOLUME % '1,"volume":2', "duplicate", "/inputParams/volume", "", 71),
        ('{"msgId":7,', "json", "", "", 11),
        ("", "json", "", "", 0),
    ],
)
def test_refusals(
    mqbind: Mqbind, parser: str, payload: str, status: str, path: str, rule: str, offset: int
) -> None:
    command = ("replay", FOLOTOY, "--role", "toy", "--parser", parser)
    (answer,) = answers(mqbind(*command, stdin=line(CALL, payload)))
    assert list(answer) == ["ok", "status", "path", "rule", "offset"]
    assert answer["ok"] is False
    assert (answer["status"], answer["path"], answer["offset"]) == (status, path, offset)
    assert rule in answer["rule"]


def test_a_role_receives_what_is_its_own(mqbind: Mqbind) -> None:
    lines = line(CALL, VOLUME % 1) + line("/sys/config", '{"identifier":"loadrolesconfig"}')
    by_role = {
        role: [answer["ok"] for answer in answers(mqbind("replay", FOLOTOY, *role, stdin=lines))]
        for role in [("--role", "toy"), ("--role", "server"), ("--view", "peer"), ()]
    }
    assert by_role[("--role", "toy")] == [True, False]
    assert by_role[("--view", "peer")][0] is True
    assert by_role[()] == [False, False]


def test_parameters_are_what_the_handler_gets(mqbind: Mqbind) -> None:
    schema = ROOT / "schema" / "thingsboard.yaml"
    lines = line("v1/devices/me/rpc/request/12", '{"method":"m","params":{"a":1}}')
    (answer,) = answers(mqbind("replay", schema, stdin=lines))
    assert answer["parameters"] == {"request_id": 12}


BYTES_AND_TEXTS = """\
asyncapi: 3.0.0
info: {title: Files, version: '1'}
channels:
  file:
    address: files/{name}/{kind}
    parameters: {name: {}, kind: {enum: [image, sound]}}
    messages: {File: {contentType: image/png}}
  text:
    address: texts
    messages: {'Any "text"': {payload: {}}}
operations:
  receiveFile: {action: receive, channel: {$ref: '#/channels/file'}}
  receiveText: {action: receive, channel: {$ref: '#/channels/text'}}
"""


def test_what_a_server_leaves_open_is_given(mqbind: Mqbind) -> None:
    schema = ROOT / "tests" / "corpus" / "reply_null.yaml"
    sent = line("api/1/m7/m2e/limits", '{"headers":{"replyTo":"r"},"payload":{}}')
    command = ("replay", schema, "--view", "peer")
    done = mqbind(*command, stdin=sent)
    assert done.returncode == 2
    assert "`module_id`: give `--parameter module_id=VALUE`" in done.stderr
    [answer] = answers(mqbind(*command, "--parameter", "module_id=m7", stdin=sent))
    assert answer.get("status") != "no_route"
    [answer] = answers(mqbind(*command, "--parameter", "module_id=m8", stdin=sent))
    assert answer["status"] == "no_route"
    done = mqbind(*command, "--parameter", "module=m7", stdin=sent)
    assert "no topic has a parameter `module`; they are " in done.stderr


def test_payloads_that_are_no_json(mqbind: Mqbind, tmp_path: Path) -> None:
    schema = tmp_path / "files.yaml"
    schema.write_text(BYTES_AND_TEXTS)
    lines = [
        b'{"topic":"files/a \\"b\\" \xc3\xa9/image","payload_hex":"00ff41"}',
        b'{"topic":"files/a/image","payloadlen":3,"payload":"\xff\xfeA"}',
        b'{"topic":"files/a/image","payloadlen":0,"payload":null}',
        b'{"topic":"files/a/video","payload":""}',
        b'{"topic":"texts","payload":"[1,\\r\\n \\"\\\\u0001\\"]"}',
        b'{"topic":"texts","payload":"\xff"}',
    ]
    told = answers(mqbind("replay", schema, stdin=b"\n".join(lines)))
    assert told[0]["parameters"] == {"name": 'a "b" é', "kind": "image"}
    assert [answer.get("payload_hex") for answer in told[:3]] == ["00ff41", "fffe41", ""]
    assert (told[3]["status"], told[3]["rule"]) == ("topic", "kind must be image or sound")
    assert (told[4]["message"], told[4]["value"]) == ('Any "text"', [1, "\x01"])
    assert told[5]["status"] == "json"


def test_long_and_deep_payloads_get_an_answer(mqbind: Mqbind, tmp_path: Path) -> None:
    schema = tmp_path / "files.yaml"
    schema.write_text(BYTES_AND_TEXTS)
    numbers = json.dumps(list(range(700_000)))
    deep = "[" * 100 + "]" * 100
    path = '{"' + "a" * 300 + '":[1,]}'
    told = answers(
        mqbind("replay", schema, stdin="".join(line("texts", t) for t in (numbers, deep, path)))
    )
    assert told[0]["value"] == list(range(700_000))
    assert told[1]["status"] == "limit"
    assert told[2]["status"] == "json"
    assert told[2]["path"].startswith("/" + "a" * 300)


# ---- Lines ----


def test_bad_lines_are_answered_and_do_not_stop_it(mqbind: Mqbind) -> None:
    rules = {
        b"garbage": "a line must be a JSON object: Expecting value",
        b"": "a line must be a JSON object: Expecting value",
        b"[1]": "a line must be a JSON object",
        b"[" * 100_000: "it is too deep or too long",
        b'{"n":' + b"1" * 5000 + b"}": "it is too deep or too long",
        b"\xff\x00": "a line must be a JSON object: Expecting value",
        b'{"payload":"1"}': "a line must have a `topic`, a text",
        b'{"topic":3,"payload":"1"}': "a line must have a `topic`, a text",
        b'{"topic":"\\ud800","payload":"1"}': "`topic` has half a surrogate pair",
        b'{"topic":"t"}': "a line must have a `payload` or a `payload_hex`",
        b'{"topic":"t","payload":"1","payload_hex":"31"}': "not both",
        b'{"topic":"t","payload":{}}': "`payload` must be a text; record with",
        b'{"topic":"t","payload":"\\ud800"}': "`payload` has half a surrogate pair",
        b'{"topic":"t","payload_hex":"3"}': "two hexadecimal digits a byte",
        b'{"topic":"t","payload_hex":3}': "`payload_hex` must be a text",
        b'{"topic":"t","payload":"1","properties":[]}': "`properties` must be an object",
        b'{"topic":"t","payload":"1","properties":{"response-topic":1}}': (
            "`response-topic` must be a text"
        ),
        b'{"topic":"t","payload":"1","properties":{"correlation-data":"\\ud800"}}': (
            "`correlation-data` has half a surrogate pair"
        ),
        b'{"topic":"t","payloadlen":4,"payload":"a"}': "has 1 bytes, `payloadlen` says 4",
        b'{"topic":"' + b"t" * LINE_BYTES_MAX + b'"}': f"at most {LINE_BYTES_MAX} bytes",
    }
    good = line(CALL, VOLUME % 1).encode()
    done = mqbind("replay", FOLOTOY, "--role", "toy", stdin=b"\n".join([*rules, good]))
    *refused, last = answers(done)
    for answer, rule in zip(refused, rules.values(), strict=True):
        assert (answer["ok"], answer["status"], answer["path"]) == (False, "line", "")
        assert rule in answer["rule"]
    assert last["ok"] is True
    assert f"  refused {len(rules):8}  line\n" in done.stderr


def test_topics_that_no_broker_delivers(mqbind: Mqbind) -> None:
    topics = ["", "a\0b", "a/+", "#", "t" * 65536]
    done = mqbind("replay", FOLOTOY, stdin="".join(line(topic, "1") for topic in topics))
    assert [answer["status"] for answer in answers(done)] == ["topic"] * len(topics)


def test_each_answer_comes_before_the_next_line(environment: dict[str, str]) -> None:
    process = start(environment)
    assert process.stdin and process.stdout
    for volume in (1, 2, 3):
        process.stdin.write(line(CALL, VOLUME % volume))
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["value"]["inputParams"]["volume"] == volume
    _, stderr = process.communicate(timeout=DEADLINE_S)
    assert stderr.startswith("3 lines: 3 ok, 0 refused\n")


def start(environment: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [MQBIND, "replay", FOLOTOY, "--role", "toy"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )


def test_ctrl_c_ends_it_with_a_summary(environment: dict[str, str]) -> None:
    process = start(environment)
    assert process.stdin and process.stdout
    process.stdin.write(line(CALL, VOLUME % 1))
    process.stdin.flush()
    assert process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=DEADLINE_S)
    assert process.returncode == 130
    assert stderr == "1 line: 1 ok, 0 refused\n  ok             1  UpdateCommonConfig\n"


def test_who_stops_reading_ends_it(environment: dict[str, str], tmp_path: Path) -> None:
    lines = tmp_path / "lines"
    lines.write_text(line(CALL, VOLUME % 1) * 2000)
    script = (
        f"'{MQBIND}' replay '{FOLOTOY}' --role toy <'{lines}' | head -n 1; echo ${{PIPESTATUS[0]}}"
    )
    done = subprocess.run(
        ["bash", "-c", script], capture_output=True, text=True, env=environment, timeout=DEADLINE_S
    )
    assert done.stdout.splitlines()[1:] == ["141"]
    assert "Traceback" not in done.stderr
    assert "Broken" not in done.stderr


def test_a_host_that_crashes_is_told_of(environment: dict[str, str]) -> None:
    process = start(environment)
    assert process.stdin and process.stdout
    process.stdin.write(line(CALL, VOLUME % 1))
    process.stdin.flush()
    assert process.stdout.readline()
    host = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    os.kill(int(host[0]), signal.SIGKILL)
    process.stdin.write(line(CALL, VOLUME % 1))
    _, stderr = process.communicate(timeout=DEADLINE_S)
    assert process.returncode == 2
    assert "the generated program ended with status -9" in stderr
    assert "Traceback" not in stderr


def test_a_terminal_sees_progress_when_it_takes_long(environment: dict[str, str]) -> None:
    told = {seconds: on_a_terminal(seconds, environment) for seconds in (0.0, 1.5)}
    assert b"replaying" not in told[0.0]
    assert b"replaying" in told[1.5]
    assert all(b"2 lines: 2 ok, 0 refused" in text for text in told.values())


def on_a_terminal(pause: float, environment: dict[str, str]) -> bytes:
    """What standard error shows while two lines come, with a pause between them."""
    terminal, theirs = pty.openpty()
    command = (MQBIND, "replay", FOLOTOY, "--role", "toy")
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=theirs, env=environment
    )
    os.close(theirs)
    assert process.stdin and process.stdout
    for wait in (pause, 0.0):
        process.stdin.write(line(CALL, VOLUME % 1).encode())
        process.stdin.flush()
        assert process.stdout.readline()
        time.sleep(wait)
    process.stdin.close()
    shown = read_terminal(terminal)
    assert process.wait(DEADLINE_S) == 0
    return shown


# ---- The program ----


def test_it_is_compiled_once(mqbind: Mqbind, tmp_path: Path) -> None:
    cache = {"XDG_CACHE_HOME": str(tmp_path)}
    folder = tmp_path / "mqbind" / "hosts"

    def made() -> set[int]:
        return {path.stat().st_ino for path in folder.iterdir()}

    mqbind("replay", FOLOTOY, **cache)
    runtime_and_program = made()
    assert len(runtime_and_program) == 2
    mqbind("replay", FOLOTOY, "--view", "peer", **cache)
    assert made() == runtime_and_program
    changed = tmp_path / "folotoy.yaml"
    changed.write_text(FOLOTOY.read_text().replace("maximum: 100", "maximum: 99"))
    command = ("replay", changed, "--role", "toy")
    (answer,) = answers(mqbind(*command, stdin=line(CALL, VOLUME % 100), **cache))
    assert answer["rule"] == "must be 0 to 99"
    assert len(made()) == 3
    assert made() > runtime_and_program


def test_the_cache_keeps_the_last_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = tmp_path / "mqbind" / "hosts"
    folder.mkdir(parents=True)
    for number in range(100):
        (folder / f"old{number}").touch()
        os.utime(folder / f"old{number}", (number, number))
    planned = plan_schema(FOLOTOY, Diagnostics())
    program = build_host(planned.plan, render_plan(planned.plan), "jsmn")
    left = {path.name for path in folder.iterdir()}
    assert len(left) == 64
    assert {program.name, "old99"} <= left
    assert "old0" not in left


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({"PATH": "/nowhere"}, "the C compiler `cc` is missing; install one (Debian: apt-get"),
        ({"CC": "frobnicc -m32"}, "the C compiler `frobnicc` is missing"),
        ({"CC": "'"}, "the variable CC is no command"),
        ({"CC": "false"}, "`false` cannot compile this: it gives no reason"),
        ({"CC": "cc -nostdinc"}, "`cc` cannot compile this: "),
        ({"XDG_CACHE_HOME": "/dev/null"}, "cannot write the cache /dev/null/mqbind/hosts: "),
    ],
)
def test_what_is_missing_gets_a_sentence(
    mqbind: Mqbind, tmp_path: Path, variables: dict[str, str], told: str
) -> None:
    cache = {"XDG_CACHE_HOME": str(tmp_path)}
    done = mqbind("replay", FOLOTOY, **{**cache, **variables})
    assert done.returncode == 2
    assert done.stderr.startswith(f"mqbind: {told}")
    assert done.stderr.count("\n") == 1


def test_a_missing_jsmn_gets_a_sentence(mqbind: Mqbind, tmp_path: Path) -> None:
    (tmp_path / "jsmn.h").write_text("#include <jsmn.h.not_there>\n")
    variables = {"XDG_CACHE_HOME": str(tmp_path), "JSMN_INCLUDE_DIR": str(tmp_path)}
    done = mqbind("replay", FOLOTOY, **variables)
    assert done.returncode == 2
    assert "the header jsmn.h is missing; install it (Debian: apt-get install" in done.stderr


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
@pytest.mark.parametrize("name", PROTOCOLS)
def test_the_program_compiles_without_a_warning(name: str, compiler: str, tmp_path: Path) -> None:
    plan = plan_schema(ROOT / "schema" / f"{name}.yaml", Diagnostics()).plan
    sides = tmp_path / "host_sides.c"
    sides.write_text(host_sides(plan))
    includes = [*toolchain.includes(), "-I", str(ROOT / "generated" / name)]
    for source in (sides, engines.HOST / "host.c"):
        command = [compiler, "-std=c11", *STRICT, *includes, "-c", str(source), "-o", "/dev/null"]
        done = subprocess.run(command, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")


def test_every_status_has_a_word() -> None:
    header = (ROOT / "include" / "mqbind" / "mqbind.h").read_text()
    statuses = re.findall(r"^    MQB_ERR_(\w+),", header, re.MULTILINE)
    host = (engines.HOST / "host.c").read_text()
    for status in statuses:
        assert f'case MQB_ERR_{status}:\n        return "{status.lower()}";' in host
