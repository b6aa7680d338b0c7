"""`--strict`: warnings are errors, and dropped members are reported."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mqbind.cli import main

DOCUMENT = """\
asyncapi: 3.0.0
info: {{title: Lamp, version: 1.0.0}}
channels:
  state:
    address: lamp/state
    messages: {{state: {{payload: {payload}}}}}
operations: {{sendState: {{action: send, channel: {{$ref: '#/channels/state'}}}}}}
"""
CLOSED = "{type: object, properties: {on: {type: boolean}}, additionalProperties: false}"
WARNED = f"{CLOSED[:-1]}, required: [onn]}}"
OPEN = "{type: object, properties: {on: {type: boolean}}}"
UNEVALUATED = (
    "{schemaFormat: 'application/schema+json;version=draft/2020-12', "
    f"schema: {OPEN[:-1]}, unevaluatedProperties: false}}}}"
)
SOME_KEPT = OPEN.replace("type: object", "type: object, patternProperties: {^x_: {type: string}}")
ALL_KEPT = OPEN.replace("type: object", "type: object, patternProperties: {'': {}}")


def run(command: str, payload: str, folder: Path, *options: str) -> Result:
    schema = folder / "lamp.yaml"
    schema.write_text(DOCUMENT.format(payload=payload))
    return CliRunner().invoke(main, [command, str(schema), *options])


def test_without_it_a_warning_is_no_failure(tmp_path: Path) -> None:
    result = run("check", WARNED, tmp_path)
    assert (result.exit_code, "warning: `onn`" in result.output) == (0, True)


def test_a_warning_is_an_error_in_each_format(tmp_path: Path) -> None:
    text = run("check", WARNED, tmp_path, "--strict")
    assert (text.exit_code, "error: `onn`" in text.output) == (1, True)
    plain = run("check", WARNED, tmp_path, "--strict", "--format", "json")
    report = json.loads(plain.stdout)
    assert (plain.exit_code, report["errors"], report["warnings"]) == (1, 1, 0)
    assert [each["severity"] for each in report["diagnostics"]] == ["error"]
    sarif = run("check", WARNED, tmp_path, "--strict", "--format", "sarif")
    [finding] = json.loads(sarif.stdout)["runs"][0]["results"]
    assert (sarif.exit_code, finding["level"], finding["ruleId"]) == (1, "error", "MQB111")


def test_generate_writes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    refused = run("generate", WARNED, tmp_path, "-o", str(folder), "--strict")
    assert (refused.exit_code, "error: `onn`" in refused.output) == (1, True)
    assert not folder.exists()
    for payload in (CLOSED, OPEN):
        assert run("generate", payload, tmp_path, "-o", str(folder), "--strict").exit_code == 0


@pytest.mark.parametrize(
    ("payload", "reported"),
    [
        (CLOSED, []),
        (UNEVALUATED, []),
        (OPEN, [6]),
        (SOME_KEPT, [6]),
        (ALL_KEPT, []),
        ("{type: object}", []),
        (f"{{type: array, items: {OPEN}}}", [6]),
    ],
    ids=["closed", "unevaluated", "open", "some kept", "all kept", "a map", "inside"],
)
def test_dropped_members_are_reported(tmp_path: Path, payload: str, reported: list[int]) -> None:
    assert run("check", payload, tmp_path).output == ""
    result = run("check", payload, tmp_path, "--strict", "--format", "json")
    found = json.loads(result.stdout)["diagnostics"]
    assert [(each["ruleId"], each["line"]) for each in found] == [("MQB118", at) for at in reported]
    assert result.exit_code == bool(reported)


def test_what_is_kept_on_advice_is_sent_on(tmp_path: Path) -> None:
    """The remedy of MQB118 allows the same messages, and keeps all members."""
    folder = tmp_path / "out"
    assert run("generate", ALL_KEPT, tmp_path, "-o", str(folder)).exit_code == 0
    assert "struct mqb_map others;" in (folder / "lamp_state.h").read_text()
