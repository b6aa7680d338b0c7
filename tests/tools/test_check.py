"""`mqbind check --format`: findings for people, programs, and code scanning."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.tools.conftest import Mqbind

ROOT = Path(__file__).parents[2]
FOLOTOY = ROOT / "schema" / "folotoy.yaml"

BAD = """\
asyncapi: 3.0.0
info: {title: Bad, version: '1'}
chanels: {}
channels:
  c:
    address: c
    messages:
      L: {payload: {type: integer, minimum: 9, maximum: 1}}
      M: {payload: {type: integer, minimun: 3}}
      N: {payload: {type: string, minLength: -1}}
"""


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    schema = tmp_path / "a folder" / "bäd.yaml"
    schema.parent.mkdir()
    schema.write_text(BAD)
    return schema


def test_all_errors_come_in_one_run(mqbind: Mqbind, bad: Path) -> None:
    done = mqbind("check", bad)
    assert (done.returncode, done.stdout) == (1, "")
    lines = [line.removeprefix(f"{bad}:").split(":")[0] for line in done.stderr.splitlines()]
    assert lines == ["3", "8", "9", "10"]
    assert "did you mean `channels`" in done.stderr
    assert "did you mean `minimum`" in done.stderr


def test_json_has_the_same(mqbind: Mqbind, bad: Path) -> None:
    text = mqbind("check", bad)
    done = mqbind("check", bad, FOLOTOY, "--format", "json")
    assert (done.returncode, done.stderr) == (1, "")
    reported = json.loads(done.stdout)
    assert list(reported) == ["errors", "warnings", "diagnostics"]
    severities = [text.stderr.count(f": {severity}: ") for severity in ("error", "warning")]
    assert [reported["errors"], reported["warnings"]] == severities
    assert sum(severities) == 4
    assert [
        f"{each['file']}:{each['line']}:{each['column']}: {each['severity']}: {each['message']}; "
        f"{each['remedy']} [{each['ruleId']} {each['rule']}]"
        for each in reported["diagnostics"]
    ] == text.stderr.splitlines()
    first = reported["diagnostics"][0]
    assert (first["ruleId"], first["rule"]) == ("MQB203", "unknown-field")
    page, _, anchor = first["help"].partition("#")
    headings = re.findall(r"^### (.+)$", (ROOT / page).read_text(), re.MULTILINE)
    assert anchor in {heading.lower().replace(" ", "-") for heading in headings}


def test_nothing_to_find(mqbind: Mqbind) -> None:
    for form in ("json", "sarif"):
        done = mqbind("check", FOLOTOY, "--format", form)
        assert (done.returncode, done.stderr) == (0, "")
        reported = json.loads(done.stdout)
        assert (
            reported.get("diagnostics", []) == reported.get("runs", [{"results": []}])[0]["results"]
        )


def closed(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "required": list(required or properties),
    }


TEXT = closed({"text": {"type": "string", "minLength": 1}})
COUNT = {"type": "integer", "minimum": 1}
PLACE = closed(
    {
        "artifactLocation": closed(
            {
                "uri": {"type": "string", "format": "uri-reference", "pattern": "^[!-~]+$"},
                "uriBaseId": {"const": "%SRCROOT%"},
            },
            "uri",
        ),
        "region": closed({"startLine": COUNT, "startColumn": COUNT}),
    }
)
SARIF = closed(
    {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": closed(
                {
                    "tool": closed(
                        {
                            "driver": closed(
                                {
                                    "name": {"const": "mqbind"},
                                    "version": {"type": "string"},
                                    "rules": {
                                        "type": "array",
                                        "uniqueItems": True,
                                        "items": closed(
                                            {
                                                "id": {"pattern": r"^MQB\d{3}$"},
                                                "name": {"pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"},
                                                "shortDescription": TEXT,
                                                "help": closed(
                                                    {
                                                        "text": {"pattern": r"#mqb\d{3}-"},
                                                        "markdown": {"pattern": "^### MQB"},
                                                    }
                                                ),
                                            }
                                        ),
                                    },
                                }
                            )
                        }
                    ),
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "results": {
                        "type": "array",
                        "items": closed(
                            {
                                "ruleId": {"type": "string"},
                                "ruleIndex": {"type": "integer", "minimum": 0},
                                "level": {"enum": ["none", "note", "warning", "error"]},
                                "message": TEXT,
                                "locations": {
                                    "type": "array",
                                    "items": closed({"physicalLocation": PLACE}),
                                },
                            }
                        ),
                    },
                }
            ),
        },
    }
)
"""The parts of the official schema that we use, and no others."""


def test_sarif(mqbind: Mqbind, bad: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(bad.parents[1])
    elsewhere = bad.parents[2] / "elsewhere.yaml"
    shutil.copy(bad, elsewhere)
    try:
        done = mqbind("check", bad.relative_to(Path.cwd()), elsewhere, "--format", "sarif")
    finally:
        elsewhere.unlink()
    assert done.returncode == 1
    reported = json.loads(done.stdout)
    jsonschema.validate(reported, SARIF, format_checker=jsonschema.FormatChecker())
    (run,) = reported["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in run["results"])
    assert run["results"][0]["level"] == "error"
    assert "did you mean `channels`" in run["results"][0]["message"]["text"]
    places = [result["locations"][0]["physicalLocation"] for result in run["results"]]
    assert places[0] == {
        "artifactLocation": {"uri": "a%20folder/b%C3%A4d.yaml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 3, "startColumn": 1},
    }
    assert places[-1]["artifactLocation"] == {"uri": elsewhere.as_uri()}


def test_sarif_of_everything_that_our_tests_know_to_be_wrong(mqbind: Mqbind) -> None:
    schemas = sorted((ROOT / "tests" / "errors").glob("*.yaml"))
    reported = json.loads(mqbind("check", *schemas, "--format", "sarif").stdout)
    jsonschema.validate(reported, SARIF)
    assert len(reported["runs"][0]["results"]) >= len(schemas)


def test_a_check_renders_nothing(mqbind: Mqbind, tmp_path: Path) -> None:
    """It would take as long as generating."""
    (tmp_path / "jinja2.py").write_text("raise SystemExit('imported')\n")
    done = mqbind("check", FOLOTOY, PYTHONPATH=str(tmp_path))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    refused = mqbind("generate", FOLOTOY, "-o", tmp_path / "out", PYTHONPATH=str(tmp_path))
    assert refused.stderr == "imported\n"
