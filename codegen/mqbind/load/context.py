"""What every part of the loader needs: the references and a place for its findings."""

from __future__ import annotations

from dataclasses import dataclass, field

from mqbind.diagnostics import Diagnostics
from mqbind.load import shapes
from mqbind.load.keywords import check_keywords
from mqbind.load.nodes import Entry, Node, ObjectNode
from mqbind.load.refs import References
from mqbind.load.shapes import Shape, check_shape


@dataclass(frozen=True, kw_only=True)
class Context:
    """Shared by the parts of one compilation."""

    references: References
    diagnostics: Diagnostics
    sound: dict[Node, bool] = field(default_factory=dict)

    def schema(self, node: ObjectNode) -> bool:
        """The keywords of a schema are known and have values that they may have."""
        if node not in self.sound:
            self.sound[node] = check_keywords(node, self.diagnostics)
        return self.sound[node]

    def object(self, node: Node, shape: Shape) -> ObjectNode | None:
        """What `node` is or refers to, checked against `shape`."""
        target = self.references.follow(node)
        if target is None:
            return None
        found = check_shape(target, shape, self.diagnostics)
        if found is not None:
            self._check_annotations(found)
        return found

    def table(self, node: ObjectNode, key: str) -> list[tuple[str, Entry]]:
        """The members of the object under `key`, which may stand behind a reference."""
        entry = node.entries.get(key)
        if entry is None:
            return []
        target = self.references.follow(entry.value)
        return list(target.entries.items()) if isinstance(target, ObjectNode) else []

    def _check_annotations(self, node: ObjectNode) -> None:
        for tag in node.items("tags"):
            self._check_annotation(tag, shapes.TAG)
        for scheme in node.items("security"):
            self._check_annotation(scheme, shapes.SECURITY_SCHEME)
        docs = node.get("externalDocs")
        if isinstance(docs, ObjectNode):
            self._check_annotation(docs, shapes.EXTERNAL_DOCS)

    def _check_annotation(self, node: Node, shape: Shape) -> None:
        target = self.references.follow(node)
        if target is not None:
            check_shape(target, shape, self.diagnostics)


def description_of(node: ObjectNode) -> str | None:
    """Summary and description in one text."""
    parts = [node.text("summary"), node.text("description")]
    words = [part.strip() for part in parts if part is not None and part.strip()]
    return "\n\n".join(words) or None
