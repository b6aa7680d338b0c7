"""Lenient twins of documents: the same C structs with fewer rules.

A twin decodes what its sibling would refuse, so the sibling can be asked to send it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from tests.differential.subjects import PROTOCOLS, Corpus, Subject
from tests.support.codec import Target
from tests.support.programs import Generated, generate

PREFIX = "lenient_"
_DROPPED = {"minLength", "maxLength", "multipleOf", "minItems", "maxItems", "uniqueItems"}
_DROPPED |= {"minProperties", "maxProperties", "propertyNames", "contains", "not", "dependencies"}
_DROPPED |= {"if", "then", "else", "x-mqbind-send", "examples", "default"}
_BOUNDS = {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}
"""Dropped for numbers only: those of an integer choose its C type."""
_NAMES = {"properties", "patternProperties", "definitions", "schemas"}
"""Keys below these are names, not keywords."""
_COMMENT_OR_DIRECTIVE = re.compile(r"/\*[\s\S]*?\*/|^#(?:.*\\\n)*.*$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Twin:
    """A subject whose struct both documents declare alike."""

    subject: Subject
    targets: tuple[Target, Target]
    """The lenient message, and the strict one that sends what the lenient one decodes."""
    folders: tuple[Path, Path]


def twins(corpus: Corpus, folder: Path) -> Iterator[Twin]:
    for name, strict in corpus.generated.items():
        source = _write(name, folder)
        lenient = generate(source, folder / f"{PREFIX}{name}")
        if not isinstance(lenient, Generated):
            continue
        for subject in corpus.subjects[name]:
            yield from _twin(subject, strict, lenient)


def _twin(subject: Subject, strict: Generated, lenient: Generated) -> Iterator[Twin]:
    one = _target(strict, subject.c_name)
    other = _target(lenient, f"{PREFIX}{subject.c_name}")
    if _declarations(strict, one) == _declarations(lenient, other):
        yield Twin(
            subject=subject,
            targets=(other, replace(one, decoder=other.c_name)),
            folders=(strict.folder, lenient.folder),
        )


def _target(generated: Generated, c_name: str) -> Target:
    return next(target for target in generated.targets if target.c_name == c_name)


def _declarations(generated: Generated, target: Target) -> str:
    """What the headers declare, in the words of the strict one."""
    headers = [*sorted(generated.folder.glob("*_types.h")), generated.folder / target.header]
    text = "\n".join(header.read_text() for header in headers)
    plain = "".join(_COMMENT_OR_DIRECTIVE.sub("", text).split())
    return plain.replace(PREFIX, "").replace(PREFIX.upper(), "")


def _write(name: str, folder: Path) -> Path:
    """The twin of a protocol, or of a schema next to its document."""
    protocol = PROTOCOLS / f"{name}.yaml"
    source = protocol if protocol.exists() else folder / f"{name}.json"
    document = yaml.safe_load(source.read_text())
    document["info"]["x-mqbind-prefix"] = f"{PREFIX}{name}"
    schema = folder / f"{name}.schema.json"
    if schema.exists():
        lenient = folder / f"{PREFIX}{name}.schema.yaml"
        _dump(_lenient(yaml.safe_load(schema.read_text())), lenient)
        document["channels"]["Case"]["messages"]["Case"]["payload"]["$ref"] = lenient.name
    else:
        document["components"] = _lenient(document["components"])
    twin = folder / f"{PREFIX}{name}.yaml"
    _dump(document, twin)
    return twin


def _dump(document: Any, file: Path) -> None:
    file.write_text(yaml.safe_dump(document, sort_keys=False, allow_unicode=True))


def _lenient(node: Any) -> Any:
    match node:
        case dict():
            return {key: _kept(key, value) for key, value in node.items() if _stays(node, key)}
        case list():
            return [_lenient(item) for item in node]
        case _:
            return node


def _kept(key: str, value: Any) -> Any:
    if key in _NAMES and isinstance(value, dict):
        return {name: _lenient(inner) for name, inner in value.items()}
    return value if key in ("const", "enum") else _lenient(value)


def _stays(node: dict[str, Any], key: str) -> bool:
    if key == "pattern":
        # The digits of an integer that travels as text.
        return "x-mqbind-type" in node
    return key not in _DROPPED and not (key in _BOUNDS and node.get("type") == "number")
