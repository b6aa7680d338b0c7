"""Each public type has a description, and nothing is said twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from mqbind.diagnostics import Diagnostics
from mqbind.pipeline import compile_schema
from tests.support import cases
from tests.support.compiler import ROOT

SCHEMAS = {path.stem: path for path in (ROOT / "schema").glob("*.yaml")}
SCHEMAS |= {f"case {name}": cases.schema(name) for name in cases.NAMES}

_TYPE = re.compile(r"^(?:struct|enum|union) (\w+) \{$", re.MULTILINE)
_DESCRIBED = re.compile(r"\*/\n(?:struct|enum|union) (\w+) \{$", re.MULTILINE)
_COMMENT = re.compile(r"^ */\*\*?(.*?)\*/$", re.MULTILINE | re.DOTALL)
_SENTENCE = re.compile(r"(?<=[.;:]) ")


@pytest.fixture(params=sorted(SCHEMAS))
def headers(request: pytest.FixtureRequest) -> dict[str, str]:
    return _headers(SCHEMAS[str(request.param)])


@cache
def _headers(schema: Path) -> dict[str, str]:
    files = compile_schema(schema, Diagnostics()).files
    return {name: text for name, text in files.items() if name.endswith(".h")}


def test_each_public_type_has_a_description(headers: dict[str, str]) -> None:
    for name, text in headers.items():
        assert set(_TYPE.findall(text)) - set(_DESCRIBED.findall(text)) == set(), name


def test_no_comment_repeats_itself(headers: dict[str, str]) -> None:
    for name, text in headers.items():
        for comment in _COMMENT.findall(text):
            repeated = [each for each, count in Counter(_sentences(comment)).items() if count > 1]
            assert repeated == [], name


def test_no_description_of_a_message_is_repeated_at_its_struct(headers: dict[str, str]) -> None:
    for name, text in headers.items():
        banner, *others = _COMMENT.findall(text)
        said = banner.splitlines()[1].partition(" - ")[2].strip().lower()
        assert said, name
        assert said not in [sentence for each in others for sentence in _sentences(each)], name


def _sentences(comment: str) -> Iterator[str]:
    """The sentences of a comment that have more than a word or two."""
    prose = " ".join(line.strip(" *") for line in comment.splitlines()).lower()
    return (each for each in _SENTENCE.split(prose) if len(each.split()) > 2)


SLEEP = """
asyncapi: 3.0.0
info: {title: Sleep, version: 1.0.0}
channels:
  sleep:
    address: sleep
    messages: {Sleep: {$ref: '#/components/messages/Sleep'}}
operations:
  sleep: {action: send, channel: {$ref: '#/channels/sleep'}}
components:
  messages:
    Sleep:
      payload:
        type: object
        required: [a]
        properties:
          a: {type: integer, description: "DESCRIPTION", minimum: 30, maximum: 600}
"""


@pytest.mark.parametrize(
    ("description", "comment"),
    [
        ("Time to sleep.", "Time to sleep. 30 to 600."),
        ("Time to sleep, 30 to 600.", "Time to sleep, 30 to 600."),
        ("At most 600; more than 30 makes sense.", "At most 600; more than 30 makes sense."),
        ("At most 600.", "At most 600. 30 to 600."),
        ("Like `30` or `600`.", "Like `30` or `600`. 30 to 600."),
        ("30 to 6000.", "30 to 6000. 30 to 600."),
    ],
)
def test_a_range_is_said_once(description: str, comment: str, tmp_path: Path) -> None:
    schema = tmp_path / "sleep.yaml"
    schema.write_text(SLEEP.replace("DESCRIPTION", description))
    assert f"/** {comment} */" in _headers(schema)["sleep_sleep.h"]
