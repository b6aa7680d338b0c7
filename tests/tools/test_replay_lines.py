"""`mqbind replay`: lines that are wrong, answers at once, and how it ends."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import time
from pathlib import Path

from mqbind.tools.capture import LINE_BYTES_MAX
from tests.consumers.installation import MQBIND
from tests.support.waiting import DEADLINE_S
from tests.tools.conftest import Mqbind, read_terminal
from tests.tools.replaying import CALL, FOLOTOY, VOLUME, answers, line


def test_bad_lines_are_answered_and_do_not_stop_it(mqbind: Mqbind) -> None:
    rules = {
        b"garbage": "a line must be a JSON object: Expecting value",
        b"": "a line must be a JSON object: Expecting value",
        b"[1]": "a line must be a JSON object",
        b"[" * 100_000: "without deep nesting or huge numbers",
        b'{"n":' + b"1" * 5000 + b"}": "without deep nesting or huge numbers",
        b"\xff\x00": "a line must be a JSON object: Expecting value",
        b'{"payload":"1"}': "a line must have a `topic`, a string",
        b'{"topic":3,"payload":"1"}': "a line must have a `topic`, a string",
        b'{"topic":"\\ud800","payload":"1"}': "`topic` must not contain half a surrogate pair",
        b'{"topic":"t"}': "a line must have a `payload` or a `payload_hex`",
        b'{"topic":"t","payload":"1","payload_hex":"31"}': "not both",
        b'{"topic":"t","payload":{}}': "`payload` must be a string; record with",
        b'{"topic":"t","payload":"\\ud800"}': "`payload` must not contain half a surrogate pair",
        b'{"topic":"t","payload_hex":"3"}': "two hexadecimal digits per byte",
        b'{"topic":"t","payload_hex":3}': "`payload_hex` must be a string",
        b'{"topic":"t","payload":"1","properties":[]}': "`properties` must be an object",
        b'{"topic":"t","payload":"1","properties":{"response-topic":1}}': (
            "`response-topic` must be a string"
        ),
        b'{"topic":"t","payload":"1","properties":{"correlation-data":"\\ud800"}}': (
            "`correlation-data` must not contain half a surrogate pair"
        ),
        b'{"topic":"t","payloadlen":4,"payload":"a"}': "has 1 bytes, but `payloadlen` is 4",
        b'{"topic":"' + b"t" * LINE_BYTES_MAX + b'"}': f"exceed {LINE_BYTES_MAX} bytes",
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


def test_a_crash_of_the_host_is_reported(environment: dict[str, str]) -> None:
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
    assert "the generated program exited with status -9" in stderr
    assert "Traceback" not in stderr


def test_a_terminal_sees_progress_when_it_takes_long(environment: dict[str, str]) -> None:
    reported = {seconds: on_a_terminal(seconds, environment) for seconds in (0.0, 1.5)}
    assert b"replaying" not in reported[0.0]
    assert b"replaying" in reported[1.5]
    assert all(b"2 lines: 2 ok, 0 refused" in text for text in reported.values())


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
