"""Drafts of a user's own: a `$schema` that names a meta-schema, which lists its vocabularies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from mqbind.diagnostics import Diagnostics
from mqbind.load.document import dialects, suggestions
from mqbind.load.document.dialects import DIALECTS, Dialect
from mqbind.load.document.nodes import ObjectNode, ScalarNode
from mqbind.load.document.references import References
from mqbind.load.jsonschema.meta_schemas import vocabularies
from mqbind.rules import Rule

_NAMES = suggestions.listing(each.name for each in DIALECTS)
_OF_ANY_DRAFT = re.compile(r"https?://json-schema\.org/(draft/)?schema")
_ASSERTED_FORMATS = "format-assertion"


class Vocabularies:
    """Finds out, once for each meta-schema, which keywords it has."""

    def __init__(self, references: References, diagnostics: Diagnostics) -> None:
        self._references = references
        self._diagnostics = diagnostics
        self._found: dict[str, Dialect] = {}

    def of(self, named: ScalarNode) -> Dialect:
        """The draft that `named`, the value of a `$schema`, stands for; any after an error."""
        uri = str(named.value).rstrip("#")
        if uri not in self._found:
            self._found[uri] = self._read(uri, named)
        return self._found[uri]

    def _of_any_draft(self, named: ScalarNode) -> Dialect:
        self._diagnostics.warning(
            Rule.UNKNOWN_DIALECT,
            named.location,
            f"`{named.value}` names no draft: it is read as {dialects.DRAFT_07.name}",
            f"name one of {_NAMES}, such as `{dialects.DRAFT_2020_12.uri}`",
        )
        return dialects.DRAFT_07

    def _read(self, uri: str, named: ScalarNode) -> Dialect:
        if _OF_ANY_DRAFT.fullmatch(uri):
            return self._of_any_draft(named)
        meta = self._references.known_place(uri, named)
        base = dialects.of_uri(meta.text("$schema") or "") if isinstance(meta, ObjectNode) else None
        if not isinstance(meta, ObjectNode) or base is None:
            self._diagnostics.error(
                Rule.UNKNOWN_DIALECT,
                named.location,
                f"`$schema` names no draft that is known: `{uri}`",
                f"name one of {_NAMES}, such as `{dialects.DRAFT_2020_12.uri}`; or say with "
                "`--map` where the meta-schema is",
            )
            return dialects.DRAFT_2020_12
        listed = dict(meta.members("$vocabulary")) if base.has_anchors else {}
        if not listed:
            return base
        for each, entry in listed.items():
            required = isinstance(entry.value, ScalarNode) and entry.value.value is True
            if required and not _is_compiled(each, base):
                self._report(each, uri, named)
        left_out = {key for each, key in _keywords(base) if each not in listed}
        return replace(base, keywords=base.keywords - left_out)

    def _report(self, vocabulary: str, uri: str, named: ScalarNode) -> None:
        self._diagnostics.error(
            Rule.UNKNOWN_DIALECT,
            named.location,
            f"`{uri}` requires the vocabulary `{vocabulary}`, which is not supported",
            f"declare one of {_NAMES}",
        )


def _is_compiled(vocabulary: str, base: Dialect) -> bool:
    start = base.uri.removesuffix("schema")
    is_known = any(vocabulary == each for each, _ in _keywords(base))
    return is_known and vocabulary != f"{start}vocab/{_ASSERTED_FORMATS}"


def _keywords(base: Dialect) -> Iterator[tuple[str, str]]:
    """The vocabularies of a draft, each with each of its keywords."""
    for uri, meta in vocabularies(base):
        yield from ((uri, key) for key in meta["properties"])
