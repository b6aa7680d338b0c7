"""Errors that different stages find are reported in the same run."""

from __future__ import annotations

from pathlib import Path

import pytest

from mqbind.diagnostics import Diagnostics, Failed, Severity
from mqbind.load import load_sound
from mqbind.model.protocol import Protocol
from mqbind.pipeline import plan_schema

DOCUMENT = """\
asyncapi: 3.0.0
info: {title: T, version: 1.0.0}
channels:
  c:
    address: a
    messages:
      broken: {payload: {type: strin}}
      pattern: {payload: {type: string, pattern: '(?=a)b'}}
      one: {x-mqbind-name: n, payload: {$ref: '#/components/schemas/Members'}}
      two: {x-mqbind-name: n, payload: {type: integer}}
      user: {payload: {$ref: '#/components/schemas/User'}}
  d: {address: 'b/#', messages: {m: {payload: {type: string}}}}
operations:
  o: {action: send, channel: {$ref: '#/channels/c'}}
  p: {action: receive, channel: {$ref: '#/channels/d'}}
components:
  schemas:
    Members:
      type: object
      properties: {a: {type: integer, x-mqbind-name: x}, b: {type: integer, x-mqbind-name: x}}
    User: {type: array, items: {$ref: '#/components/schemas/Broken'}}
    Broken:
      type: object
      properties: {a: {type: bool}, b: {x-mqbind-name: x}, c: {x-mqbind-name: x}}
"""
LOADING = [(7, "MQB103"), (12, "MQB302"), (24, "MQB103")]
PLANNING = [(8, "MQB115"), (10, "MQB401"), (20, "MQB401")]


def errors(folder: Path, text: str, operations: tuple[str, ...] = ()) -> list[tuple[int, str]]:
    """Line and rule of each error."""
    path = folder / "t.yaml"
    path.write_text(text)
    diagnostics = Diagnostics()
    with pytest.raises(Failed):
        plan_schema(path, diagnostics, operations=operations)
    return [
        (each.location.line, each.rule.id)
        for each in diagnostics
        if each.severity is Severity.ERROR
    ]


def left(folder: Path, text: str) -> Protocol | None:
    path = folder / "t.yaml"
    path.write_text(text)
    return load_sound(path, Diagnostics())


def test_all_are_reported_at_once(tmp_path: Path) -> None:
    assert errors(tmp_path, DOCUMENT) == sorted(LOADING + PLANNING)


def test_they_are_those_that_remain_when_the_others_are_fixed(tmp_path: Path) -> None:
    fixed = DOCUMENT.replace("strin}", "string}").replace("b/#", "b").replace("bool}", "boolean}")
    assert errors(tmp_path, fixed) == sorted([*PLANNING, (24, "MQB401")])


def test_what_uses_an_error_is_left_out(tmp_path: Path) -> None:
    protocol = left(tmp_path, DOCUMENT)
    assert protocol is not None
    assert [each.name for each in protocol.messages.values()] == ["pattern", "n", "n", "m"]
    assert [each.key for each in protocol.operations] == ["o"]
    assert list(protocol.channels) == ["c"]
    assert not [key for key in protocol.definitions if key.endswith(("User", "Broken"))]


def test_an_operation_without_errors_is_asked_for(tmp_path: Path) -> None:
    """Errors in the others are found by loading only."""
    assert errors(tmp_path, DOCUMENT, ("p",)) == LOADING
    assert errors(tmp_path, DOCUMENT, ("o",)) == sorted(LOADING + PLANNING)


def test_later_stages_do_not_warn(tmp_path: Path) -> None:
    """Their warnings may be wrong: here the only operation is left out."""
    path = tmp_path / "t.yaml"
    path.write_text(
        "asyncapi: 3.0.0\ninfo: {title: T, version: '1'}\n"
        "channels: {c: {address: 'a/#', messages: {m: {}}}}\n"
        "operations: {o: {action: send, channel: {$ref: '#/channels/c'}}}\n"
    )
    diagnostics = Diagnostics()
    with pytest.raises(Failed):
        plan_schema(path, diagnostics)
    assert [each.rule.id for each in diagnostics] == ["MQB302"]


def test_in_version_2_too(tmp_path: Path) -> None:
    text = """\
asyncapi: 2.6.0
info: {title: T, version: 1.0.0}
channels:
  a:
    publish: {message: {oneOf: [{payload: {type: strin}}, {payload: {pattern: '(?=a)'}}]}}
    subscribe: {message: {payload: {pattern: '(?=b)'}}, bindings: {mqtt: {qos: 3}}}
  b: {publish: {message: {payload: {type: string, pattern: '(?=c)'}}}}
"""
    assert errors(tmp_path, text) == [
        (5, "MQB103"),
        (5, "MQB115"),
        (6, "MQB205"),
        (7, "MQB115"),
    ]


def test_an_error_outside_the_document_ends_it(tmp_path: Path) -> None:
    assert left(tmp_path, "asyncapi: 3.0.0\n- \n") is None
    assert left(tmp_path, "asyncapi: 4.0.0\n") is None


def test_a_reference_with_keywords_beside_it_uses_its_target(tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text(
        '{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",\n'
        '"properties": {"a": {"$ref": "broken.json", "required": ["b"]}}}\n'
    )
    (tmp_path / "broken.json").write_text(
        '{"type": "object", "properties": {"b": {"type": "object", "properties":\n'
        '{"c": {"type": "strin"}}}}}\n'
    )
    text = """\
asyncapi: 3.0.0
info: {title: T, version: 1.0.0}
channels:
  c: {address: a, messages: {m: {payload: {$ref: s.json}}, n: {payload: {pattern: '(?=a)'}}}}
operations: {o: {action: send, channel: {$ref: '#/channels/c'}}}
"""
    assert errors(tmp_path, text) == [(2, "MQB103"), (4, "MQB115")]
    protocol = left(tmp_path, text)
    assert protocol is not None
    assert list(protocol.messages) == ["t.yaml#/channels/c/messages/n"]
