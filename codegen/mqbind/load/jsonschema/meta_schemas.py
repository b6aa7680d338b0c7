"""What the meta-schema of a draft says of the values of its keywords."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

from mqbind.load.document import dialects
from mqbind.load.document.dialects import Dialect


@functools.cache
def fragments(dialect: Dialect) -> dict[str, Any]:
    """A validator for the value of each keyword. Subschemas are checked separately."""
    # Imported here, because it is slow to import and most documents are valid.
    from jsonschema.validators import validator_for

    found: dict[str, Any] = {}
    for uri, meta in _meta_schemas(dialect):
        its: Any = _shallow(meta, dialect)
        validator = validator_for({"$schema": uri})
        definitions = {key: its[key] for key in ("definitions", "$defs") if key in its}
        for key, fragment in its.get("properties", {}).items():
            if isinstance(fragment, dict):
                found.setdefault(key, validator({**fragment, **definitions}))
    return found


def _meta_schemas(dialect: Dialect) -> Iterator[tuple[str, Any]]:
    """The meta-schemas of a draft; newer ones consist of several, and keep older keywords."""
    from jsonschema_specifications import REGISTRY

    yield from ((dialect.uri, meta) for _, meta in vocabularies(dialect))
    older = dialects.DRAFT_07 if dialect.has_anchors else dialect
    yield older.uri, REGISTRY.contents(older.uri)


def vocabularies(dialect: Dialect) -> Iterator[tuple[str, Any]]:
    """The vocabularies of a draft by their URIs, each with its meta-schema."""
    from jsonschema_specifications import REGISTRY

    start = dialect.uri.removesuffix("schema")
    for uri in REGISTRY:
        if uri.startswith(f"{start}meta/"):
            yield uri.replace("/meta/", "/vocab/"), REGISTRY.contents(uri)


def _shallow(schema: Any, dialect: Dialect) -> Any:
    """A meta-schema that does not look into schemas."""
    if isinstance(schema, list):
        return [_shallow(item, dialect) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if any(schema.get(key) in ("#", "#meta") for key in ("$ref", "$recursiveRef", "$dynamicRef")):
        return {"type": ["object"] if dialect is dialects.DRAFT_04 else ["object", "boolean"]}
    return {key: _shallow(value, dialect) for key, value in schema.items()}
