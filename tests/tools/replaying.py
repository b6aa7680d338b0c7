"""Lines of captured traffic, and the answers to them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

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
