"""Documents that are changed at random until they mean harm: those that are accepted give C without
a warning, all others a diagnostic that says where."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
import yaml

from mqbind.diagnostics import Diagnostics, Failed
from mqbind.pipeline import compile_schema
from tests.codegen.test_load_fuzz import mutate, places
from tests.corpus.random_documents import random_document
from tests.corpus.test_corpus import CORPUS, compile_all
from tests.support.compiler import ROOT
from tests.support.scale import LONG

COUNT = 150 if LONG else 4
SOURCES = [
    *sorted((ROOT / "schema").glob("*.yaml")),
    *(CORPUS / f"{name}.yaml" for name in ("unions", "limits", "reply_forms", "recursive")),
]
HOSTILE: list[Any] = [
    *("mqb", "interface", "a b", "*/", "??/", "\\", '"', "%s", "\u0000", "日本", "x" * 300, ""),
    *("{a}{b}", "$share/x", "#", "a/+/b", "^(a|b){0,99}$", "[", "int", "0", "-0", "null"),
    *(0, -1, 1, 2**31, 2**63, 2**64, 2**70, -(2**70), 1e308, 5e-324, 0.1, True, None),
    {"type": "object", "properties": {"has": {}, "is_null": {}, "min": {}, "errno": {}}},
    {"type": "array", "maxItems": 2**70, "uniqueItems": True},
    {"type": ["string", "null", "integer"], "not": {"enum": ["", 0]}},
    {"anyOf": [{"type": "string"}, {"anyOf": [{"type": "integer"}, {"type": "null"}]}]},
    {"if": {"minLength": 2}, "then": False, "else": {"maximum": 3}},
    {"allOf": [{"$ref": "#/components/schemas/nothing"}]},
    {"enum": [1, 1.0, "1", [1], {"a": 1}, None]},
    {"const": {"a": [1e-7, "\\"]}},
    {"patternProperties": {"^a": {"type": "integer"}, "b$": False}, "type": "object"},
    {"x-mqbind-storage": "inline", "type": "string", "maxLength": 2**33},
]


def harm(document: Any, chance: random.Random) -> None:
    """Put something hostile somewhere, or give a member the name of something."""
    container, key = chance.choice(places(document))
    if isinstance(container, dict) and chance.random() < 0.3:
        name = chance.choice([each for each in HOSTILE if isinstance(each, str)])
        container[name] = container.pop(key)
    else:
        container[key] = chance.choice(HOSTILE)


def hostile(chance: random.Random, source: Any) -> Any:
    document = json.loads(json.dumps(source))
    for _ in range(chance.choice((1, 1, 2, 4))):
        chance.choice((mutate, harm))(document, chance)
    return document


def end(file: Path, folder: Path) -> bool:
    """Whether the document is accepted; either end is checked."""
    diagnostics = Diagnostics()
    try:
        compile_schema(file, diagnostics)
    except Failed:
        check_diagnostics(diagnostics)
        return False
    compile_all(file, folder)
    return True


def check_diagnostics(diagnostics: Diagnostics) -> None:
    """Of a document that is refused: each says where, what, and what to do."""
    assert diagnostics.failed
    for each in diagnostics:
        assert each.location.line > 0
        assert each.location.column > 0
        assert each.rule
        assert each.message
        assert each.remedy


def ends(sources: list[Any], folder: Path, chance: random.Random) -> set[bool]:
    found = set()
    for number in range(COUNT * len(sources)):
        file = folder / f"{number}.json"
        file.write_text(json.dumps(hostile(chance, sources[number % len(sources)])))
        found.add(end(file, folder / str(number)))
    return found


def test_changed_documents_of_the_repository(tmp_path: Path) -> None:
    sources = [yaml.safe_load(path.read_text()) for path in SOURCES]
    assert ends(sources, tmp_path, random.Random("documents")) == {True, False}


@pytest.mark.parametrize("seed", range(3))
def test_changed_random_documents(seed: int, tmp_path: Path) -> None:
    sources = [random_document(1000 * seed + number) for number in range(3)]
    ends(sources, tmp_path, random.Random(seed))
