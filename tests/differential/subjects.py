"""The subjects: messages of protocols, one for each file in schemas/, and random schemas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from mqbind.plan.symbols.identifiers import snake
from tests.differential.random_schemas import random_schema
from tests.support.compiler import ROOT
from tests.support.documents import write_around
from tests.support.programs import Crashed, Generated, Refused, generate

SCHEMAS = Path(__file__).parent / "schemas"
PROTOCOLS = ROOT / "schema"


@dataclass(frozen=True, kw_only=True)
class Subject:
    """One message, and what JSON Schema knows of it."""

    name: str
    c_name: str
    schema: Mapping[str, Any]

    @property
    def restricts_sending(self) -> bool:
        """Whether some of what is valid is not sent, as the schema wants it."""
        return _restricts_sending(self.schema)


def _restricts_sending(node: Any) -> bool:
    """Whether what is left of a payload may break a rule that the payload keeps.

    There is a rule for sending only; an integer is sent in another form than it came in; members
    that the schema does not name count, and tell items apart, and are not sent.
    """
    match node:
        case {"x-mqbind-send": _} | {"x-mqbind-type": _, "type": list()}:
            return True
        case {"minProperties": _} | {"uniqueItems": True}:
            return True
        case dict():
            return any(map(_restricts_sending, node.values()))
        case list():
            return any(map(_restricts_sending, node))
        case _:
            return False


@dataclass(frozen=True, kw_only=True)
class Corpus:
    """All subjects, by the document that they are from, and the documents without any."""

    subjects: Mapping[str, tuple[Subject, ...]]
    generated: Mapping[str, Generated]
    refused: Mapping[str, str]
    crashed: Mapping[str, str]


Document = tuple[Path, tuple[Subject, ...]]


def collect(documents: Iterable[Document], folder: Path) -> Corpus:
    subjects: dict[str, tuple[Subject, ...]] = {}
    generated: dict[str, Generated] = {}
    refused: dict[str, str] = {}
    crashed: dict[str, str] = {}
    for document, found in documents:
        outcome = generate(document, folder / document.stem / "generated")
        match outcome:
            case Generated():
                generated[document.stem] = outcome
                subjects[document.stem] = found
            case Refused():
                refused[document.stem] = outcome.reason
            case Crashed():
                crashed[document.stem] = outcome.trace
    return Corpus(subjects=subjects, generated=generated, refused=refused, crashed=crashed)


def documents(folder: Path) -> Iterator[Document]:
    """The protocols and the files in schemas/. Generated files go to the folder."""
    for path in sorted(PROTOCOLS.glob("*.yaml")):
        yield path, tuple(_messages(path))
    for path in sorted(SCHEMAS.glob("*.yaml")):
        yield _document_around(yaml.safe_load(path.read_text()), path.stem, folder)


def random_documents(count: int, folder: Path) -> Iterator[Document]:
    """The folder gets them."""
    for seed in range(count):
        yield _document_around(random_schema(seed), f"random_{seed}", folder)


def _messages(path: Path) -> Iterator[Subject]:
    document = yaml.safe_load(path.read_text())
    for key, message in document["components"]["messages"].items():
        if "contentType" not in message:
            yield Subject(
                name=f"{path.stem} {key}",
                c_name=f"{path.stem}_{snake(key)}",
                schema=_reachable(document["components"], key),
            )


def _reachable(components: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """The payload's schema with all that it refers to, and nothing else of the document."""
    kept: dict[str, dict[str, Any]] = {"messages": {key: components["messages"][key]}}
    waiting: list[Any] = [components["messages"][key]["payload"]]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict) and isinstance(node.get("$ref"), str):
            _, _, kind, name = node["$ref"].split("/")
            if name not in kept.setdefault(kind, {}):
                kept[kind][name] = components[kind][name]
                waiting.append(components[kind][name])
        waiting += list(node.values() if isinstance(node, dict) else node) if _inner(node) else []
    payloads = {"messages": {key: {"payload": kept["messages"][key]["payload"]}}}
    return {"$ref": f"#/components/messages/{key}/payload", "components": kept | payloads}


def _inner(node: Any) -> bool:
    return isinstance(node, dict | list)


def _document_around(schema: Mapping[str, Any], name: str, folder: Path) -> Document:
    document = write_around(schema, name, folder)
    return document, (Subject(name=name, c_name=f"{name}_case", schema=schema),)
