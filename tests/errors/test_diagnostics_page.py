"""docs/diagnostics.md has an entry for each rule, and its examples give exactly that diagnostic."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from mqbind.cli import main
from mqbind.diagnostics import FOUND_MAX, Diagnostic, Diagnostics, Failed
from mqbind.load import Options
from mqbind.model.dropped_members import report_dropped_members
from mqbind.model.protocol_size import OPERATIONS_MAX
from mqbind.pipeline import plan_schema
from mqbind.plan.sides.overlaps import PAIRS_MAX
from mqbind.rules import PAGE, Rule, explanation

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / PAGE).read_text(encoding="utf-8")
INTRODUCTION, *CHAPTERS = re.split(r"^## ", TEXT, flags=re.MULTILINE)
IDS = (Path(__file__).parent / "rule_ids.txt").read_text().splitlines()
RETIRED = " (retired)"

FENCE = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
DOCUMENT_FIELDS = {"asyncapi", "info", "servers", "channels", "operations", "components"}
BASE: dict[str, Any] = yaml.safe_load(FENCE.findall(INTRODUCTION)[0])


@dataclass(frozen=True, kw_only=True)
class Entry:
    heading: str
    severities: frozenset[str]
    example: str | None
    fix: str


def entry(section: str) -> Entry:
    heading, _, body = section.partition("\n")
    severities, dot, _ = body.strip().partition(". ")
    assert dot
    fences = FENCE.findall(body)
    assert len(fences) <= 1, heading
    return Entry(
        heading=heading,
        severities=frozenset(severities.lower().split(" or ")),
        example=fences[0] if fences else None,
        fix=body.strip().rpartition("\n\n")[2],
    )


SECTIONS = [each for chapter in CHAPTERS for each in re.split(r"^### ", chapter, flags=re.M)[1:]]
ENTRIES = {found.heading: found for found in map(entry, SECTIONS)}


def document(**fields: Any) -> str:
    return yaml.safe_dump({**BASE, **fields}, sort_keys=False)


def with_payload(schema: str) -> str:
    """The base with this text in place of the payload."""
    before, line, after = re.split(r"( +payload: .*\n)", FENCE.findall(INTRODUCTION)[0])
    place = line.partition("{")[0]
    return f"{before}{place}\n{indent(schema, ' ' * (len(place)))}{after}"


def state_with(**fields: Any) -> dict[str, Any]:
    return {"state": {"messages": {"state": fields}}}


def merged(one: Any, other: Any) -> Any:
    if not isinstance(one, dict) or not isinstance(other, dict):
        return other
    if "$ref" in other or "$ref" in one:
        return other
    return {**one, **{key: merged(one.get(key), value) for key, value in other.items()}}


def numbered_addresses(count: int) -> str:
    """Addresses of which each overlaps with each."""
    width = count.bit_length()
    channels = {}
    for number in range(count):
        levels = [f"{{p{bit}}}" if number >> bit & 1 else "a" for bit in range(width)]
        channels[f"c{number}"] = {
            "address": "/".join(levels),
            "parameters": {f"p{bit}": {} for bit in range(width) if number >> bit & 1},
            "messages": {"m": {}},
        }
    operations = {
        key: {"action": "send", "channel": {"$ref": f"#/channels/{key}"}} for key in channels
    }
    return document(channels=channels, operations=operations)


def similar_messages(count: int) -> str:
    schema = {"type": "object", "properties": {f"m{number}": {} for number in range(40)}}
    messages = {f"m{number}": {"payload": schema} for number in range(count)}
    return document(channels={"state": {"address": "a", "messages": messages}})


def doubling_branches(depth: int) -> str:
    schemas: dict[str, Any] = {
        f"S{number}": {"anyOf": [{"$ref": f"#/components/schemas/S{number + 1}"}] * 2}
        for number in range(depth)
    }
    schemas["S0"]["type"] = "integer"
    schemas[f"S{depth}"] = {"minimum": 1}
    state = state_with(payload={"$ref": "#/components/schemas/S0"}, examples=[{"payload": 0}])
    return document(channels=merged(BASE["channels"], state), components={"schemas": schemas})


def aliases_of_aliases(depth: int) -> str:
    lists = [f"  - &a{n + 1} [{', '.join([f'*a{n}'] * 10)}]\n" for n in range(depth)]
    return f"{document()}x-aliases:\n  - &a0 1\n{''.join(lists)}"


def many_operations() -> str:
    operation = BASE["operations"]["sendState"]
    return document(operations={f"o{n}": operation for n in range(OPERATIONS_MAX + 1)})


def unevaluated_branches(count: int) -> str:
    branches = [{"required": [f"m{n}"], "properties": {f"m{n}": True}} for n in range(count)]
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "unevaluatedProperties": False,
        "anyOf": branches,
    }
    return with_payload(yaml.safe_dump(schema))


LARGE: Mapping[Rule, Callable[[], str | bytes]] = {
    Rule.ADDRESS_TOO_LONG: lambda: document(
        channels=merged(BASE["channels"], {"state": {"address": "a" * 65536}})
    ),
    Rule.NO_OPERATIONS: lambda: document(operations={}),
    Rule.NOT_UTF8: lambda: document().encode() + b"x-name: \xff\n",
    Rule.DOCUMENT_TOO_LARGE: many_operations,
    Rule.FILE_TOO_LARGE: lambda: document().encode() + b"\n" * (32 << 20),
    Rule.NESTED_TOO_DEEPLY: lambda: f"{document()}x-deep: {'[' * 101}{']' * 101}\n",
    Rule.TOO_MANY_ALIASES: lambda: aliases_of_aliases(6),
    Rule.TOO_MANY_OVERLAPS: lambda: numbered_addresses(int((2 * PAIRS_MAX) ** 0.5) + 2),
    Rule.TOO_MANY_ALTERNATIVES: lambda: similar_messages(600),
    Rule.UNCHECKED_VALUE: lambda: doubling_branches(16),
    Rule.TOO_MANY_FINDINGS: lambda: document(**{f"y{n}": 1 for n in range(FOUND_MAX + 1)}),
    Rule.TOO_MANY_BRANCHES: lambda: unevaluated_branches(65),
    Rule.FORBIDDEN_CHARACTER: lambda: f"{document()}x-name: \x07\n",
}
"""Documents that no page could show."""

ALSO: Mapping[Rule, frozenset[Rule]] = {
    Rule.TOO_MANY_FINDINGS: frozenset((Rule.UNKNOWN_FIELD,)),
    Rule.UNSERVED_CHANNEL: frozenset((Rule.NO_OPERATIONS,)),
    Rule.UNUSABLE_CORRELATION_ID: frozenset((Rule.UNCORRELATED_REPLY,)),
    Rule.UNUSED_REPLY_ADDRESS: frozenset((Rule.UNCORRELATED_REPLY,)),
    Rule.DEFAULT_OUTSIDE_TYPE: frozenset((Rule.VALUE_VIOLATES_SCHEMA,)),
    Rule.TOO_MANY_OVERLAPS: frozenset((Rule.OVERLAPPING_ADDRESSES,)),
}
"""What comes with a rule by its nature."""


def compiled(
    folder: Path, content: str | bytes, options: Options | None = None, *, strict: bool = False
) -> list[Diagnostic]:
    schema = folder / "lamp.yaml"
    schema.write_bytes(content.encode() if isinstance(content, str) else content)
    diagnostics = Diagnostics(strict=strict)
    try:
        planned = plan_schema(schema, diagnostics, options=options)
        if strict:
            report_dropped_members(planned.protocol, diagnostics)
    except Failed:
        assert diagnostics.failed
    return list(diagnostics)


def found_in(rule: Rule, example: str, folder: Path) -> list[Diagnostic]:
    """What the compiler reports of an example, put where the page says."""
    if rule.id.startswith("MQB8"):
        return compiled(folder, example)
    fragment = yaml.safe_load(example)
    if "overlay" in fragment:
        (folder / "overlay.yaml").write_text(example)
        return compiled(folder, document(), Options(overlays=(folder / "overlay.yaml",)))
    if fragment.keys() & DOCUMENT_FIELDS:
        return compiled(folder, yaml.safe_dump(merged(BASE, fragment), sort_keys=False))
    if rule in (Rule.NOT_ASYNCAPI, Rule.UNKNOWN_FIELD):
        whole = fragment if rule is Rule.NOT_ASYNCAPI else {**BASE, **fragment}
        return compiled(folder, yaml.safe_dump(whole, sort_keys=False))
    return compiled(folder, with_payload(example), strict=rule is Rule.DROPPED_MEMBERS)


def test_each_rule_has_one_entry_in_its_chapter_and_in_order() -> None:
    headings = [section.partition("\n")[0] for section in SECTIONS]
    assert [each for each in headings if not each.endswith(RETIRED)] == [str(rule) for rule in Rule]
    assert headings == sorted(set(headings))
    for chapter in CHAPTERS:
        assert all(found[0] == chapter[0] for found in re.findall(r"^### MQB(\d+)", chapter, re.M))


def test_no_id_or_name_ever_changes() -> None:
    """Only add lines to rule_ids.txt. A rule that is no longer reported keeps its line there and
    its heading on the page, both with " (retired)"."""
    assert [line for line in IDS if not line.endswith(RETIRED)] == [str(rule) for rule in Rule]
    assert [section.partition("\n")[0] for section in SECTIONS] == IDS
    assert len({line.split()[0] for line in IDS}) == len(IDS)
    assert all(re.fullmatch(r"MQB[1-8]\d\d [a-z0-9-]+( \(retired\))?", line) for line in IDS)


def test_the_base_of_the_examples_has_no_diagnostic(tmp_path: Path) -> None:
    assert compiled(tmp_path, FENCE.findall(INTRODUCTION)[0]) == []


def test_the_page_starts_with_what_an_example_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    example = ENTRIES[str(Rule.UNKNOWN_KEYWORD)].example
    assert example is not None
    [found] = found_in(Rule.UNKNOWN_KEYWORD, example, Path())
    assert f"```text\n{found}\n```" in INTRODUCTION


@pytest.mark.parametrize("rule", Rule, ids=str)
def test_the_example_gives_the_diagnostic(rule: Rule, tmp_path: Path) -> None:
    described = ENTRIES[str(rule)]
    assert (described.example is None) == (rule in LARGE)
    assert described.fix.startswith("Fix: ") and described.fix.endswith(".")
    assert described.severities <= {"error", "warning"}
    found = (
        compiled(tmp_path, LARGE[rule]())
        if described.example is None
        else found_in(rule, described.example, tmp_path)
    )
    assert rule in {each.rule for each in found}, found
    assert {each.rule for each in found} - ALSO.get(rule, frozenset()) == {rule}, found
    assert {str(each.severity) for each in found if each.rule is rule} <= described.severities


@pytest.mark.parametrize("word", ["MQB101", "mqb101", "unknown-keyword"])
def test_explain_prints_the_entry(word: str) -> None:
    done = CliRunner().invoke(main, ["explain", word])
    assert done.exit_code == 0
    assert done.output == f"{explanation(Rule.UNKNOWN_KEYWORD)}\n"
    assert done.output.startswith("### MQB101 unknown-keyword\n")
    assert done.output.endswith("keyword with `x-`.\n")


def test_explain_has_every_entry_whole() -> None:
    for rule, section in zip(Rule, SECTIONS, strict=True):
        assert explanation(rule) == f"### {section}".strip()


def test_explain_knows_no_other_rule() -> None:
    done = CliRunner().invoke(main, ["explain", "unknown-keywords"])
    assert done.exit_code == 2
    assert "did you mean `unknown-keyword`?" in done.output
