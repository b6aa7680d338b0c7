"""References by `$id` and to remote places, and overlays."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from mqbind.diagnostics import Diagnostics
from mqbind.load import Options, load
from mqbind.model.types import Boolean, Named, Number, Struct, Text, Type

HEAD = """
asyncapi: 3.0.0
info: {title: T, version: 1.0.0}
channels: {c: {address: a, messages: {m: {payload: {$ref: './s.json'}}}}}
"""


def members(folder: Path, schema: str, **options: object) -> dict[str, Type]:
    """The types of the members of the object that `schema`, a file, describes."""
    (folder / "t.yaml").write_text(HEAD)
    (folder / "s.json").write_text(textwrap.dedent(schema))
    diagnostics = Diagnostics()
    protocol = load(folder / "t.yaml", diagnostics, Options(**options))  # type: ignore[arg-type]
    assert [str(found) for found in diagnostics] == []
    assert protocol is not None
    [message] = protocol.messages.values()
    assert isinstance(message.payload, Named)
    struct = protocol.definitions[message.payload.key]
    assert isinstance(struct, Struct)
    return {member.json_name: member.type for member in struct.members}


@pytest.mark.parametrize(
    ("identifier", "reference"),
    [
        ("'#x'", "'#x'"),
        ("other.json", "other.json"),
        ("other.json", "other.json#"),
        ("http://a.b/c.json", "http://a.b/c.json"),
        ("http://a.b/c.json", "http://a.b/c.json#/definitions/inner"),
        ("'urn:uuid:deadbeef-1234'", "'urn:uuid:deadbeef-1234'"),
    ],
)
def test_a_schema_is_found_by_its_id(tmp_path: Path, identifier: str, reference: str) -> None:
    found = members(
        tmp_path,
        f"""
        type: object
        properties: {{x: {{$ref: {reference}}}}}
        definitions:
          d: {{$id: {identifier}, type: boolean, definitions: {{inner: {{type: boolean}}}}}}
        """,
    )
    assert found == {"x": Boolean()}


def test_a_urn_takes_an_anchor(tmp_path: Path) -> None:
    found = members(
        tmp_path,
        """
        $id: urn:uuid:deadbeef-4321
        type: object
        properties: {x: {$ref: 'urn:uuid:deadbeef-4321#y'}}
        definitions: {d: {$id: '#y', type: boolean}}
        """,
    )
    assert found == {"x": Boolean()}


def test_ids_are_relative_to_those_around_them(tmp_path: Path) -> None:
    found = members(
        tmp_path,
        """
        $id: http://a.b/root/base.json
        type: object
        properties:
          one: {$ref: deep/leaf.json}
          two: {$ref: '#/definitions/top'}
          three: {$ref: /elsewhere.json#name}
        definitions:
          top: {type: string}
          deep:
            $id: deep/
            definitions: {leaf: {$id: leaf.json, type: boolean}}
          far:
            $id: http://a.b/elsewhere.json
            definitions: {named: {$id: '#name', type: number}}
        """,
    )
    assert found == {"one": Boolean(), "two": Text(), "three": Number()}


def test_a_pointer_starts_at_the_schema_with_the_id(tmp_path: Path) -> None:
    found = members(
        tmp_path,
        """
        type: object
        properties:
          x:
            $id: inner.json
            type: object
            allOf: [{$ref: '#/definitions/own'}]
            definitions: {own: {type: object, properties: {y: {type: boolean}}}}
          z: {$ref: 'inner.json#/definitions/own/properties/y'}
        definitions: {own: {type: string}}
        """,
    )
    assert found["z"] == Boolean()


def test_a_pointer_that_leads_nowhere_there_starts_at_the_top_of_the_file(tmp_path: Path) -> None:
    found = members(
        tmp_path,
        """
        type: object
        properties: {x: {$ref: '#/definitions/top'}}
        definitions:
          top: {$id: just-a-name, type: object, properties: {y: {$ref: '#/definitions/bottom'}}}
          bottom: {type: string}
        """,
    )
    assert isinstance(found["x"], Named)


def test_an_id_beside_a_reference_and_in_data_has_no_effect(tmp_path: Path) -> None:
    (tmp_path / "real.json").write_text("{type: boolean}")
    found = members(
        tmp_path,
        """
        type: object
        properties: {x: {$ref: real.json}}
        definitions: {d: {enum: [{$id: real.json, type: string}]}}
        """,
    )
    assert found == {"x": Boolean()}


def test_a_pointer_walks_the_file_as_it_is_written(tmp_path: Path) -> None:
    """Generators for TypeScript write a reference at the root, with its target beside it."""
    found = members(
        tmp_path,
        """
        $schema: http://json-schema.org/draft-07/schema#
        $ref: '#/definitions/X'
        definitions:
          X: {type: object, properties: {x: {$ref: '#/definitions/Y'}}}
          Y: {type: boolean}
        """,
    )
    assert found == {"x": Boolean()}


@pytest.mark.parametrize(
    "reference", ["file:b.json", "file:{folder}/b.json", "file://{folder}/b.json"]
)
def test_a_uri_names_a_file(tmp_path: Path, reference: str) -> None:
    (tmp_path / "b.json").write_text("{type: boolean}")
    reference = reference.format(folder=tmp_path)
    schema = (
        f"{{type: object, $id: 'http://a.b/s.json', properties: {{x: {{$ref: '{reference}'}}}}}}"
    )
    assert members(tmp_path, schema) == {"x": Boolean()}
    assert members(tmp_path, schema.replace("$id: 'http://a.b/s.json', ", "")) == {"x": Boolean()}


def test_a_file_is_read_while_the_value_that_needs_it_is_checked(tmp_path: Path) -> None:
    """A default that is not checked before the end, and a file that only its schema refers to."""
    (tmp_path / "far.json").write_text(
        "{type: object, properties: {q: {type: integer, default: a}}}"
    )
    (tmp_path / "near.json").write_text(
        "{Y: {type: object, properties: {k: {$ref: far.json}}, default: {k: no}}}"
    )
    found = complaints(
        tmp_path,
        """
        asyncapi: 3.0.0
        info: {title: T, version: 1.0.0}
        channels:
          c:
            address: a
            messages:
              m: {payload: {type: object, properties: {y: {$ref: 'near.json#/Y'}}}}
        """,
    )
    assert [line.partition(": warning: ")[::2] for line in found] == [
        (
            "far.json:1:57",
            'this default violates its schema: "a" is not of type integer; '
            "fix the value or the schema [MQB113 value-violates-schema]",
        ),
        (
            "near.json:1:68",
            'this default violates its schema: "no" is not of type object; '
            "fix the value or the schema [MQB113 value-violates-schema]",
        ),
    ]


def test_remote_places_lie_where_the_user_says(tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "one.json").write_text("{definitions: {d: {$ref: two.json}}}")
    (tmp_path / "copy" / "two.json").write_text("{type: boolean}")
    found = members(
        tmp_path,
        "{type: object, properties: {x: {$ref: 'https://a.b/s/one.json#/definitions/d'}}}",
        folders={"https://a.b/s/": tmp_path / "copy"},
    )
    assert found == {"x": Boolean()}


def complaints(folder: Path, document: str, overlay: str | None = None) -> list[str]:
    (folder / "t.yaml").write_text(textwrap.dedent(document))
    if overlay is not None:
        (folder / "o.yaml").write_text(textwrap.dedent(overlay))
    diagnostics = Diagnostics()
    overlays = (folder / "o.yaml",) if overlay is not None else ()
    load(folder / "t.yaml", diagnostics, Options(overlays=overlays))
    return [str(found).removeprefix(f"{folder}/") for found in diagnostics]


def test_a_remote_place_that_nobody_mapped_is_reported(tmp_path: Path) -> None:
    document = """
    asyncapi: 3.0.0
    info: {title: T, version: 1.0.0}
    channels:
      c: {address: a, messages: {m: {payload: {$ref: 'https://a.b/s.json'}}}}
    """
    [found] = complaints(tmp_path, document)
    assert found == (
        "t.yaml:5:50: error: `https://a.b/s.json` is not a file; save a copy next to this file "
        "and refer to that, or say with `--map` where one is [MQB614 remote-reference]"
    )


DOCUMENT = """
asyncapi: 3.0.0
info: {title: T, version: 1.0.0}
channels:
  c:
    address: a
    messages:
      m: {payload: {type: object, properties: {x: {type: string}, y: {$ref: '#/z'}}}}
"""


def overlaid(folder: Path, actions: str) -> list[str]:
    return complaints(
        folder, DOCUMENT.replace(", y: {$ref: '#/z'}", ""), f"overlay: 1.0.0\nactions:\n{actions}"
    )


def test_an_overlay_merges_appends_and_removes(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(DOCUMENT)
    (tmp_path / "o.yaml").write_text(
        textwrap.dedent("""
        overlay: 1.0.0
        info: {title: Sizes, version: '1'}
        actions:
          - target: $.channels.*.messages.*.payload
            update:
              required: [x]
              properties: {x: {maxLength: 5}, w: {$ref: '#/components/schemas/W'}}
          - target: $..payload.required
            update: w
          - target: $..properties.y
            remove: true
          - target: $
            update: {components: {schemas: {W: {type: boolean}}}}
        """)
    )
    diagnostics = Diagnostics()
    overlays = (tmp_path / "o.yaml",)
    protocol = load(tmp_path / "t.yaml", diagnostics, Options(overlays=overlays))
    assert [str(found) for found in diagnostics] == []
    assert protocol is not None
    [struct] = protocol.definitions.values()
    assert isinstance(struct, Struct)
    assert {m.json_name: (m.type, m.required) for m in struct.members} == {
        "x": (Text(max_length=5), True),
        "w": (Boolean(), True),
    }
    assert [Path(path).name for path in protocol.files] == ["t.yaml", "o.yaml"]


@pytest.mark.parametrize(
    ("action", "complaint"),
    [
        ("{target: $.chanels, remove: true}", "`$.chanels` matches nothing; fix the path"),
        ("{target: '$[', remove: true}", "`$[` is not a JSONPath: "),
        ("{target: $.info}", "this action has no effect; add `update` or `remove: true`"),
        (
            "{target: $.info.title, update: U}",
            "the target of an update must be an object or a list",
        ),
        ("{update: {}}", "missing field `target` in an action"),
        ("{target: $, updte: {}, remove: true}", "unknown field `updte` in an action"),
        ("{target: $..payload, update: {minLength: x}}", "invalid value for `minLength`"),
    ],
)
def test_a_bad_action_is_reported_where_it_is(tmp_path: Path, action: str, complaint: str) -> None:
    found = overlaid(tmp_path, f"  - {action}")
    assert [line for line in found if line.startswith("o.yaml:3:") and complaint in line]


@pytest.mark.parametrize("reference", ["s.json", "file:s.json", "file:./s.json#"])
def test_a_file_is_named_like_the_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reference: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("t.yaml").write_text(HEAD.replace("./s.json", reference))
    Path("s.json").write_text("{type: nothing}")
    diagnostics = Diagnostics()
    assert load(Path("t.yaml"), diagnostics) is None
    assert {found.location.file for found in diagnostics} == {"s.json"}
