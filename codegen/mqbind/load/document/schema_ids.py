"""`$id`: the names of schemas, and the base URI of references."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes, urldefrag, urljoin, urlsplit

from mqbind.load.document.nodes import ArrayNode, Document, Node, ObjectNode

_DATA = frozenset(("const", "default", "enum", "examples"))
"""Keywords under which `$id` is a member like any other."""


class SchemaIds:
    """Every schema that has a URI of its own."""

    def __init__(self) -> None:
        self._by_uri: dict[str, Node] = {}
        self._bases: dict[str, dict[str, str]] = {}

    def add(self, root: Node, uri: str | None) -> None:
        """Register the schemas of a file; `uri` is the URI by which it was requested, if any."""
        base = uri or file_uri(root.document)
        bases = self._bases.setdefault(root.document.name, {"": base})
        self._by_uri.setdefault(base, root)
        for node, name in _identified(root, base):
            self._by_uri.setdefault(name, node)
            if "#" not in name:
                bases[node.pointer] = name

    def base(self, node: Node) -> str:
        """The base URI of the references in `node`."""
        bases = self._bases[node.document.name]
        pointer = node.pointer
        while pointer not in bases:
            pointer = pointer.rpartition("/")[0]
        return bases[pointer]

    def find(self, uri: str) -> Node | None:
        return self._by_uri.get(uri)


def file_uri(document: Document) -> str:
    """The location of a file, as a URI."""
    return f"file://{quote(os.fsencode(Path(document.path).absolute().as_posix()))}"


def local_path(uri: str) -> str | None:
    """The local path of a `file:` URI."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
        return None
    return os.fsdecode(unquote_to_bytes(parts.path))


def _identifier(node: ObjectNode, base: str) -> str | None:
    """The `$id` of a schema, if that is a URI. A `$ref` hides an `$id` next to it."""
    identifier = None if "$ref" in node else node.text("$id")
    if identifier is None:
        return None
    try:
        # A URN can have a fragment, although it has no path.
        whole = base + identifier if identifier.startswith("#") else urljoin(base, identifier)
        return urldefrag(whole).geturl()
    except ValueError:
        return None


def _identified(root: Node, base: str) -> Iterator[tuple[ObjectNode, str]]:
    """Schemas with an `$id`, each with its URI resolved against the enclosing ones."""
    pending: list[tuple[Node, str]] = [(root, base)]
    while pending:
        node, above = pending.pop()
        if isinstance(node, ArrayNode):
            pending.extend((item, above) for item in reversed(node.items))
        if not isinstance(node, ObjectNode):
            continue
        name = _identifier(node, above)
        if name is not None:
            yield node, name
            above = above if "#" in name else name
        inner = [entry.value for key, entry in node.entries.items() if key not in _DATA]
        pending.extend((each, above) for each in reversed(inner))
