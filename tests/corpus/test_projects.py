"""Projects of several files, in the style of what others publish: they compile, and the verdicts on
their payloads, and on changes of those, are the ones of an independent validator.

Each has a `payloads.yaml`, which lists schemas with payloads that are valid and that are not.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from tests.corpus.independent import DEFAULT, Independent
from tests.corpus.projects import NAMES, PROJECTS, project
from tests.corpus.test_corpus import compile_all
from tests.differential.changes import changed
from tests.differential.opinions import Judged, opinion
from tests.differential.spelling import spell
from tests.differential.subjects import Subject
from tests.differential.test_validation import RIGHT, SHOWN, kind_of, kind_of_sent
from tests.differential.validators import exact
from tests.differential.vocabulary import vocabulary_of
from tests.support.codec import Engines
from tests.support.programs import Generated, build, generate
from tests.support.scale import LONG

CHANGED = 2000 if LONG else 60
"""For each schema."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """A schema of a project, and payloads for it."""

    schema: str
    c_name: str
    valid: list[str]
    invalid: list[str]
    draft: str = DEFAULT
    """Of files without `$schema`."""


def rows(name: str) -> list[Row]:
    loaded = yaml.safe_load((PROJECTS / name / "payloads.yaml").read_text())
    return [Row(**row) for row in loaded]


def document(name: str) -> Path:
    return PROJECTS / name / project(name).document


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Engines:
    folder = tmp_path_factory.mktemp("projects")
    outcomes = {name: generate(document(name), folder / name) for name in NAMES}
    generated = {name: each for name, each in outcomes.items() if isinstance(each, Generated)}
    assert generated.keys() == set(NAMES), outcomes
    found, uncompiled = build(generated, folder / "projects")
    assert uncompiled == {}
    return found


@pytest.mark.parametrize("name", NAMES)
def test_project_compiles_without_a_warning(name: str, tmp_path: Path) -> None:
    compile_all(document(name), tmp_path)


@pytest.mark.parametrize("name", NAMES)
def test_verdicts_on_the_payloads_of_a_project(name: str, engines: Engines) -> None:
    for row in rows(name):
        validator = Independent(PROJECTS / name, row.draft).validator(row.schema)
        verdicts = engines.judge_all([(row.c_name, text) for text in row.valid + row.invalid])
        accepted = [verdict.stage != "decode" for verdict in verdicts]
        assert accepted == [True] * len(row.valid) + [False] * len(row.invalid), row.c_name
        assert accepted == [validator.is_valid(exact(text)) for text in row.valid + row.invalid]


@pytest.mark.parametrize("name", NAMES)
def test_verdicts_on_changed_payloads_of_a_project(name: str, engines: Engines) -> None:
    wrong = []
    for row in rows(name):
        subject = Subject(name=name, c_name=row.c_name, schema=project(name).trees())
        validator = Independent(PROJECTS / name, row.draft).validator(row.schema)
        received = _judged(engines, subject, _changed(row, subject))
        sent = [each.verdict.text for each in received if each.verdict.text is not None]
        kinds = [(kind_of, each) for each in received]
        kinds += [(kind_of_sent, each) for each in _judged(engines, subject, sent)]
        for kind_in, each in kinds:
            kind = kind_in(each, opinion(each.text, validator.is_valid))
            if kind not in RIGHT:
                wrong.append(f"{row.c_name}: {kind}: {each.text}: {each.verdict}")
    assert not wrong, "\n".join(wrong[:SHOWN])


def _judged(engines: Engines, subject: Subject, texts: list[str]) -> list[Judged]:
    verdicts = engines.judge_all([(subject.c_name, text) for text in texts])
    return [
        Judged(subject=subject, text=text, verdict=verdict)
        for text, verdict in zip(texts, verdicts, strict=True)
    ]


def _changed(row: Row, subject: Subject) -> list[str]:
    generator = random.Random(row.c_name)
    vocabulary = vocabulary_of(subject.schema)
    values = [json.loads(text) for text in row.valid + row.invalid]
    found: dict[str, None] = {}
    while len(found) < CHANGED:
        value = generator.choice(values)
        for _ in range(generator.choice((1, 1, 1, 2, 4))):
            value = changed(value, vocabulary, generator)
        found[spell(value, generator)] = None
    return list(found)
