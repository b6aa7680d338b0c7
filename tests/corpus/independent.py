"""What Python's jsonschema says of payloads whose schemas are in files of different drafts.

jsonschema reads the target of a reference in the draft of the schema that refers. Here it is read
in the draft of the file that holds it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import yaml
from jsonschema import ValidationError, validators
from jsonschema.protocols import Validator
from referencing import Registry
from referencing.jsonschema import Schema, specification_with

from tests.differential.validators import exact, exact_class, exact_schema

DEFAULT = "http://json-schema.org/draft-07/schema"
_BASES = {
    "http://json-schema.org/draft-04/schema": validators.Draft4Validator,
    "http://json-schema.org/draft-06/schema": validators.Draft6Validator,
    DEFAULT: validators.Draft7Validator,
    "https://json-schema.org/draft/2019-09/schema": validators.Draft201909Validator,
    "https://json-schema.org/draft/2020-12/schema": validators.Draft202012Validator,
}
_SPELLS = re.compile(
    r"[ \t\n\r]*(-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?|true|false|null)[ \t\n\r]*", re.ASCII
)
"""Texts that are JSON and scalars, but not strings."""


class Independent:
    """The files of a folder. Those that do not say so are in the draft `default`."""

    def __init__(self, folder: Path, default: str = DEFAULT) -> None:
        self._folder = folder
        files = [path for path in folder.rglob("*") if path.is_file() and path.stem != "payloads"]
        self._registry: Registry[Schema] = Registry()
        self._draft_of: dict[int, str] = {}
        """By the identity of a schema."""
        for file in files:
            self._add(_read(file), file.as_uri(), default)
        self._registry = self._registry.crawl()
        self._classes = {draft: self._exact(draft) for draft in _BASES}

    def _add(self, root: Any, uri: str, default: str) -> None:
        draft = _draft(root) or default
        for node, base in _objects(root, uri):
            self._draft_of[id(node)] = draft
            if isinstance(node.get("$ref"), str):
                node["$ref"] = urljoin(base, node["$ref"])
        resource = specification_with(draft).create_resource(root)
        self._registry = self._registry.with_resource(uri, resource)

    def validator(self, schema: str) -> Validator:
        """For the schema at a path and a pointer."""
        reference = {"$ref": urljoin(f"{self._folder.as_uri()}/", schema)}
        return self._made(DEFAULT, reference)

    def _made(self, draft: str, schema: Any) -> Validator:
        return self._classes[draft](schema, registry=self._registry)

    def _exact(self, draft: str) -> type[Validator]:
        found: type[Validator] = validators.extend(  # type: ignore[no-untyped-call]
            exact_class(_BASES[draft]), {"$ref": self._follow}
        )
        return found

    def _follow(self, _: Any, reference: str, value: Any, __: Any) -> Iterator[ValidationError]:
        target = self._registry.resolver().lookup(reference).contents
        draft = self._draft_of.get(id(target), DEFAULT)
        yield from self._made(draft, target).iter_errors(value)


def is_valid_text(validator: Validator, text: str) -> bool:
    """Whether a payload of bare text is valid: as the JSON value that it spells, or as a string."""
    spells = _SPELLS.fullmatch(text) is not None and validator.is_valid(exact(text))
    return spells or validator.is_valid(text)


def _draft(root: Any) -> str | None:
    named = root.get("$schema") if isinstance(root, dict) else None
    found = [each for each in _BASES if named is not None and _bare(each) == _bare(named)]
    return found[0] if found else None


def _read(path: Path) -> Any:
    text = path.read_text()
    return exact_schema(yaml.safe_load(text) if path.suffix == ".yaml" else json.loads(text))


def _bare(draft: str) -> str:
    return draft.rstrip("#").partition(":")[2]


def _objects(root: Any, base: str) -> Iterator[tuple[dict[str, Any], str]]:
    """Every object with the URI that its references are relative to."""
    match root:
        case dict():
            name = root.get("$id", "#")
            if isinstance(name, str) and not name.startswith("#"):
                base = urljoin(base, name)
            yield root, base
            for value in root.values():
                yield from _objects(value, base)
        case list():
            for item in root:
                yield from _objects(item, base)
