"""Projects of several files, as data: read, changed at random, and written again."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.codegen.test_load_fuzz import mutate, places
from tests.corpus.test_hostile_documents import harm

PROJECTS = Path(__file__).parent / "projects"
NAMES = sorted(path.name for path in PROJECTS.iterdir())
DRAFTS = (
    "http://json-schema.org/draft-04/schema#",
    "http://json-schema.org/draft-06/schema#",
    "http://json-schema.org/draft-07/schema#",
    "https://json-schema.org/draft/2019-09/schema",
    "https://json-schema.org/draft/2020-12/schema",
)
_VERSIONS = ("2.0.0", "2.6.0", "3.0.0", "3.1.0", "4.0.0", 3.0)
_CONTENT = ("text/plain", "application/json", "application/cbor", "text/plain; charset=utf-8", "")
_FORMATS = (
    "application/schema+json;version=draft-07",
    "application/schema+yaml;version=2020-12",
    "application/vnd.aai.asyncapi;version=2.6.0",
    "application/vnd.apache.avro;version=1.9.0",
)
_TYPES = ("object", "array", "string", "integer", "number", "boolean", "null", "int", "file")
_EXTENSIONS: Mapping[str, tuple[Any, ...]] = {
    "x-mqbind-name": ("a", "int", "A_b", "", 1),
    "x-mqbind-type": ("int8", "uint64", "int32", "double", None),
    "x-mqbind-storage": ("inline", "heap"),
    "x-mqbind-prefix": ("p", "mqb", "1"),
    "x-mqbind-role": ("a", "client", "server", ""),
    "x-mqbind-peer-role": ("a", "client", "server", ""),
    "x-mqbind-unit": ("*/", "s"),
    "x-mqbind-send": ({"required": ["a"]}, {"anyOf": [{"required": ["x"]}]}, {}),
    "x-mqbind-multi-level": (True, False),
    "x-mqbind-shared-group": ("g", "a/b"),
    "x-mqbind-timeout-ms": (1, 0, 2**40),
    "x-mqbind-pattern": ("^[0-9]+$", "("),
    "x-mqbind-max-length": (1, 0, 70000),
    "x-mqbind-qos": ([0, 1], [3], 1),
    "x-enum-varnames": (["a", "b"], ["a", "a", "a"]),
}
_KEYWORDS: Mapping[str, tuple[Any, ...]] = {
    "$defs": ({"a": {"$anchor": "a", "type": "string"}},),
    "$anchor": ("a", "b", "#"),
    "$id": ("a.json", "#a", "http://x.example/a", "urn:a:b", "file:///a", "//", "http://["),
    "id": ("b.json", "#b"),
    "$dynamicRef": ("#a",),
    "$dynamicAnchor": ("a",),
    "$recursiveRef": ("#",),
    "prefixItems": ([{"type": "string"}], [True, False], []),
    "items": (False, [{"type": "integer"}], {"type": "string"}),
    "unevaluatedProperties": (False, {"type": "integer"}),
    "unevaluatedItems": (False, {"type": "integer"}),
    "dependentRequired": ({"a": ["b"]},),
    "dependentSchemas": ({"a": {"properties": {"b": {"type": "integer"}}}},),
    "dependencies": ({"a": ["b"]}, {"a": {"properties": {"c": {"type": "integer"}}}}),
    "minContains": (0, 2),
    "maxContains": (0, 1),
    "contains": ({"type": "integer"}, False),
    "exclusiveMinimum": (True, False, 0, 1e-400),
    "exclusiveMaximum": (True, 0.3, 1e400),
    "oneOf": (
        [{"required": ["x"], "properties": {"x": {"type": "integer"}}}, {"required": ["y"]}],
        [{"properties": {"a": {"type": "string"}}}, {"properties": {"a": {"type": "integer"}}}],
    ),
    "anyOf": ([{"properties": {"q": {"$ref": "#"}}}, True],),
    "if": ({"properties": {"kind": {"const": "a"}}},),
    "then": ({"properties": {"a": {"type": "string"}}, "required": ["a"]},),
    "else": ({"properties": {"a": {"type": "number"}, "e": {"const": 1}}},),
    "additionalProperties": (False, {"type": "string"}, {"type": ["integer", "string"]}),
    "patternProperties": ({"^x-": {"type": "integer"}}, {"a{1,999}": True}),
    "default": (300, "x" * 99, [1, 2], [{}], {"k": 9}, {"k": {}}, {}, None, "auto"),
    "pattern": ("^[a-z0-9]{1,5000}$", "(?=a)b", "^(a{1,99}){1,99}$"),
    "contentMediaType": ("application/json",),
    "nullable": (True,),
    "required": (["levl"], True),
    "definitions": ({"a": {"$ref": "#/definitions/b"}, "b": {"$ref": "#/definitions/a"}},),
}
_PIECES = (b"", b"", b"&a ", b"*a ", b"? ", b"{", b"- ", b": ", b"\t", b"\xff", b"<<: *a", b"\x00")
Trees = dict[str, Any]
"""The content of each file, by its path."""


@dataclass(frozen=True, kw_only=True)
class Project:
    """The files of a project; the document is one of them."""

    name: str
    document: str
    texts: Mapping[str, str]
    loaded: str
    """What the files hold, as JSON."""

    def trees(self) -> Trees:
        """A copy to change."""
        found: Trees = json.loads(self.loaded)
        return found


def project(name: str) -> Project:
    folder = PROJECTS / name
    paths = [
        path for path in sorted(folder.rglob("*")) if path.is_file() and path.stem != "payloads"
    ]
    texts = {str(path.relative_to(folder)): path.read_text() for path in paths}
    [document] = [path for path, text in texts.items() if "\nchannels:\n" in text]
    loaded = json.dumps({path: yaml.safe_load(text) for path, text in texts.items()})
    return Project(name=name, document=document, texts=texts, loaded=loaded)


def write_changed(project: Project, folder: Path, chance: random.Random) -> Path:
    """Write the project with a few things changed; returns the document."""
    trees = project.trees()
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        _change(trees, chance)
    for path, tree in trees.items():
        data = json.dumps(tree, indent=chance.choice((None, 2))).encode()
        if chance.random() < 0.05:
            data = _changed_bytes(project.texts[path].encode(), chance)
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return folder / project.document


def _change(trees: Trees, chance: random.Random) -> None:
    changes = (
        *(_change_one, _change_one, _retarget, _retarget, _swap_targets, _move, _graft),
        *(_retype, _redraft, _extend, _extend, _add_keyword, _add_keyword, _reformat),
    )
    chance.choice(changes)(trees, chance)


def _changed_bytes(data: bytes, chance: random.Random) -> bytes:
    found = bytearray(data)
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(found))
        length = chance.randrange(40)
        piece = chance.choice(
            (b"&a ", b"*a ", b"? ", b"{", b"- ", b": ", b"\t", b"\xff", b"<<: *a")
        )
        found[at : at + chance.choice((0, length))] = chance.choice((piece, b""))
    return bytes(found) or b"{}"


def _all_places(trees: Trees) -> list[tuple[Any, Any]]:
    return [
        place for tree in trees.values() if isinstance(tree, dict | list) for place in places(tree)
    ]


def _objects(trees: Trees) -> list[dict[str, Any]]:
    inner = [container[key] for container, key in _all_places(trees)]
    return [each for each in [*trees.values(), *inner] if isinstance(each, dict)]


def _holders(trees: Trees, key: str) -> list[dict[str, Any]]:
    return [each for each in _objects(trees) if key in each]


def _one(pool: list[Any], chance: random.Random, use: Callable[[Any], None]) -> None:
    if pool:
        use(chance.choice(pool))


def _change_one(trees: Trees, chance: random.Random) -> None:
    usable = [tree for tree in trees.values() if isinstance(tree, dict | list) and places(tree)]
    _one(usable, chance, lambda tree: chance.choice((mutate, harm))(tree, chance))


def _pointers(tree: Any, above: str = "#") -> list[str]:
    found = [above]
    keys = tree if isinstance(tree, dict) else range(len(tree)) if isinstance(tree, list) else ()
    for key in keys:
        step = str(key).replace("~", "~0").replace("/", "~1").replace("%", "%25")
        found += _pointers(tree[key], f"{above}/{step}")
    return found


def _target(trees: Trees, chance: random.Random) -> str:
    path = chance.choice(list(trees))
    pointer = chance.choice(_pointers(trees[path]))
    name = path.rpartition("/")[2]
    files = (
        *("", "", path, name, f"./{name}", f"file:{name}", f"file:{path}", f"../{name}"),
        *("http://x.example/a", "a.json", "file:///a.json", "file://host/a", ".", "/", "\0", "//["),
    )
    fragments = (pointer, pointer, pointer, "", "#", "#a", "#b", f"{pointer}/", "#/~2", "#/%zz")
    return chance.choice(files) + chance.choice(fragments)


def _retarget(trees: Trees, chance: random.Random) -> None:
    pool = chance.choice((_holders(trees, "$ref"), _objects(trees)))
    _one(pool, chance, lambda each: each.update({"$ref": _target(trees, chance)}))


def _swap_targets(trees: Trees, chance: random.Random) -> None:
    pool = _holders(trees, "$ref")
    if pool:
        one, other = chance.choice(pool), chance.choice(pool)
        one["$ref"], other["$ref"] = other["$ref"], one["$ref"]


def _move(trees: Trees, chance: random.Random) -> None:
    """A keyword to another level."""
    places_of_objects = [
        (container, inner)
        for container, key in _all_places(trees)
        if isinstance(container, dict) and isinstance(inner := container[key], dict) and inner
    ]
    if places_of_objects:
        outer, inner = chance.choice(places_of_objects)
        source, goal = chance.choice(((outer, inner), (inner, outer)))
        key = chance.choice(list(source))
        if source[key] is not goal:
            goal[key] = source.pop(key)


def _graft(trees: Trees, chance: random.Random) -> None:
    """A part of one file into another."""
    pool = _all_places(trees)
    if pool:
        container, key = chance.choice(pool)
        other, its = chance.choice(pool)
        container[key] = json.loads(json.dumps(other[its]))


def _retype(trees: Trees, chance: random.Random) -> None:
    value = chance.choice((chance.choice(_TYPES), [chance.choice(_TYPES), chance.choice(_TYPES)]))
    _one(_holders(trees, "type"), chance, lambda each: each.update({"type": value}))


def _redraft(trees: Trees, chance: random.Random) -> None:
    pool = [tree for tree in trees.values() if isinstance(tree, dict)]
    if chance.random() < 0.3:
        versions = {"asyncapi": chance.choice(_VERSIONS)}
        _one([each for each in pool if "asyncapi" in each], chance, lambda it: it.update(versions))
    else:
        draft = chance.choice((*DRAFTS, "http://x.example/schema", 7))
        pool = chance.choice((pool, _objects(trees)))
        _one(pool, chance, lambda each: each.update({"$schema": draft}))


def _extend(trees: Trees, chance: random.Random) -> None:
    key = chance.choice(list(_EXTENSIONS))
    value = chance.choice(_EXTENSIONS[key])
    _one(_objects(trees), chance, lambda each: each.update({key: value}))


def _add_keyword(trees: Trees, chance: random.Random) -> None:
    key = chance.choice(list(_KEYWORDS))
    value = json.loads(json.dumps(chance.choice(_KEYWORDS[key])))
    pool = chance.choice((_holders(trees, "type"), _objects(trees)))
    _one(pool, chance, lambda each: each.update({key: value}))


def _reformat(trees: Trees, chance: random.Random) -> None:
    """Another content type or schema format of a message."""

    def put(message: dict[str, Any]) -> None:
        if chance.random() < 0.5:
            message["contentType"] = chance.choice(_CONTENT)
        else:
            message["payload"] = {
                "schemaFormat": chance.choice(_FORMATS),
                "schema": message["payload"],
            }

    _one(_holders(trees, "payload"), chance, put)
