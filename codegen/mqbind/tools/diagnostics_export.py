"""Findings for other programs: diagnostics as JSON and as SARIF 2.1.0."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from urllib.parse import quote

from mqbind.diagnostics import Diagnostic, Severity
from mqbind.rules import Rule, explanation

_SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def as_json(found: Sequence[Diagnostic]) -> str:
    """One object: the number of errors and warnings, and all diagnostics."""
    report = {
        "errors": _count(found, Severity.ERROR),
        "warnings": _count(found, Severity.WARNING),
        "diagnostics": [
            {
                "severity": each.severity,
                "ruleId": each.rule.id,
                "rule": each.rule.slug,
                "help": each.rule.page,
                "file": each.location.file,
                "line": each.location.line,
                "column": each.location.column,
                "message": each.message,
                "remedy": each.remedy,
            }
            for each in found
        ],
    }
    return json.dumps(report, indent=2, ensure_ascii=False)


def _count(found: Sequence[Diagnostic], severity: Severity) -> int:
    return sum(each.severity is severity for each in found)


def as_sarif(found: Sequence[Diagnostic]) -> str:
    """One run; files are relative to the current directory, which should be the root of the
    repository."""
    rules = list(dict.fromkeys(each.rule for each in found))
    driver = {
        "name": "mqbind",
        "version": metadata.version("mqbind"),
        "rules": [_rule(rule) for rule in rules],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(each, rules) for each in found],
    }
    report = {"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(report, indent=2, ensure_ascii=False)


def _rule(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.id,
        "name": rule.slug,
        "shortDescription": {"text": rule.slug.replace("-", " ")},
        "help": {"text": f"See {rule.page}", "markdown": explanation(rule)},
    }


def _result(found: Diagnostic, rules: Sequence[Rule]) -> dict[str, object]:
    place = {
        "artifactLocation": _artifact(Path(found.location.file)),
        "region": {"startLine": found.location.line, "startColumn": found.location.column},
    }
    return {
        "ruleId": found.rule.id,
        "ruleIndex": rules.index(found.rule),
        "level": found.severity.value,
        "message": {"text": f"{found.message}; {found.remedy}"},
        "locations": [{"physicalLocation": place}],
    }


def _artifact(file: Path) -> dict[str, str]:
    """A relative URI if possible."""
    try:
        inside = file.resolve().relative_to(Path.cwd())
    except ValueError:
        return {"uri": file.resolve().as_uri()}
    return {"uri": quote(os.fsencode(inside.as_posix())), "uriBaseId": "%SRCROOT%"}
