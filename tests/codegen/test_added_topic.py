"""Adding a topic adds lines to generated code, and changes none outside the routing tables."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from mqbind.diagnostics import Diagnostics
from mqbind.pipeline import compile_schema

ROOT = Path(__file__).parents[2]
SCHEMAS = sorted(ROOT.glob("schema/*.yaml"))
TABLES = re.compile(
    r"^/\* ---- Routing tables.*?^/\* ---- End of the routing tables ---- \*/$",
    re.DOTALL | re.MULTILINE,
)
EXAMPLE = re.compile(r"^```c$.*?^```$", re.DOTALL | re.MULTILINE)
"""The README shows the first topics: others only if a new one does not go first."""


def inserted(
    items: Mapping[str, object], place: float, new: Mapping[str, object]
) -> dict[str, Any]:
    """The new items among the others: 0.0 puts them at the start, 1.0 at the end."""
    pairs = list(items.items())
    at = round(place * len(pairs))
    return dict([*pairs[:at], *new.items(), *pairs[at:]])


def with_topics(document: Mapping[str, Any], place: float) -> dict[str, Any]:
    """The document with an event, a request and its reply on topics that begin like others, with a
    parameter of its own beside one that the document has."""
    channels = {"addedEvent": "event", "addedRequest": "request", "addedReply": "reply"}
    parameters = {"added": {"description": "Of no other topic."}}
    for name, parameter in document["components"]["parameters"].items():
        parameters[name] = parameter
        break
    levels = "/".join(f"{{{name}}}" for name in parameters)
    start = next(iter(document["channels"].values()))["address"].partition("{")[0]
    new = copy.deepcopy(dict(document))
    new["channels"] = inserted(
        new["channels"],
        place,
        {
            key: {
                "address": f"{start}{word}Added/{levels}",
                "parameters": parameters,
                "messages": {key: {"$ref": f"#/components/messages/{key}"}},
            }
            for key, word in channels.items()
        },
    )
    refs = {key: {"$ref": f"#/channels/{key}"} for key in channels}
    reply = {"channel": refs["addedReply"]}
    added = {
        "receiveAddedEvent": {"action": "receive", "channel": refs["addedEvent"]},
        "sendAddedEvent": {"action": "send", "channel": refs["addedRequest"], "reply": reply},
    }
    new["operations"] = inserted(new["operations"], place, added)
    messages = {
        key: {"payload": {"type": "object", "properties": {key: {"type": "integer"}}}}
        for key in channels
    }
    new["components"]["messages"] = inserted(new["components"]["messages"], place, messages)
    return new


def generated(document: Mapping[str, Any], folder: Path) -> Mapping[str, str]:
    folder.mkdir()
    schema = folder / "schema.yaml"
    schema.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False))
    return compile_schema(schema, Diagnostics()).files


def changed(before: str, after: str) -> Iterator[str]:
    """The lines of the first text that are not, in their order, in the second."""
    rest = iter(after.splitlines())
    yield from (line for line in before.splitlines() if line not in rest)


@pytest.mark.parametrize("place", [0.0, 0.5, 1.0], ids=["start", "middle", "end"])
@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: schema.stem)
def test_adding_a_topic_only_adds_lines(schema: Path, place: float, tmp_path: Path) -> None:
    document = yaml.safe_load(schema.read_text(encoding="utf-8"))
    before = generated(document, tmp_path / "before")
    after = generated(with_topics(document, place), tmp_path / "after")
    assert len(after) == len(before) + 2 * 3
    for name, text in before.items():
        tables = TABLES.findall(text)
        assert len(tables) == (name.endswith(".c") and "_router = {" in text), name
        left_out = EXAMPLE if name == "README.md" and place < 1 else TABLES
        kept, new = left_out.sub("", text), left_out.sub("", after[name])
        assert list(changed(kept, new)) == [], name


def test_a_changed_line_is_found() -> None:
    assert list(changed("a\nb\nc\n", "x\na\nc\n")) == ["b", "c"]
    assert list(changed("a\nb\n", "x\na\ny\nb\n")) == []
