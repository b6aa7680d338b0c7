"""`mqbind replay`: each line of captured traffic gets the verdict of the generated code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mqbind.tools import engines
from tests.tools.conftest import Mqbind
from tests.tools.replaying import CALL, FOLOTOY, ROOT, VOLUME, answers, line


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


def test_a_refusal_that_is_about_no_place_has_no_offset(mqbind: Mqbind) -> None:
    (answer,) = answers(mqbind("replay", FOLOTOY, "--role", "toy", stdin=line("/elsewhere", "{}")))
    assert (answer["status"], answer["offset"]) == ("no_route", None)


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
    assert "`module_id`; add `--parameter module_id=VALUE`" in done.stderr
    [answer] = answers(mqbind(*command, "--parameter", "module_id=m7", stdin=sent))
    assert answer.get("status") != "no_route"
    [answer] = answers(mqbind(*command, "--parameter", "module_id=m8", stdin=sent))
    assert answer["status"] == "no_route"
    done = mqbind(*command, "--parameter", "module=m7", stdin=sent)
    assert "no topic has a parameter `module`; known: " in done.stderr


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
    reported = answers(mqbind("replay", schema, stdin=b"\n".join(lines)))
    assert reported[0]["parameters"] == {"name": 'a "b" é', "kind": "image"}
    assert [answer.get("payload_hex") for answer in reported[:3]] == ["00ff41", "fffe41", ""]
    assert (reported[3]["status"], reported[3]["rule"]) == ("topic", "kind must be image or sound")
    assert (reported[4]["message"], reported[4]["value"]) == ('Any "text"', [1, "\x01"])
    assert reported[5]["status"] == "json"


def test_long_and_deep_payloads_get_an_answer(mqbind: Mqbind, tmp_path: Path) -> None:
    schema = tmp_path / "files.yaml"
    schema.write_text(BYTES_AND_TEXTS)
    numbers = json.dumps(list(range(700_000)))
    deep = "[" * 100 + "]" * 100
    path = '{"' + "a" * 300 + '":[1,]}'
    reported = answers(
        mqbind("replay", schema, stdin="".join(line("texts", t) for t in (numbers, deep, path)))
    )
    assert reported[0]["value"] == list(range(700_000))
    assert reported[1]["status"] == "limit"
    assert reported[2]["status"] == "json"
    assert reported[2]["path"].startswith("/" + "a" * 300)
