"""Projects of several files, in the style of what others publish: they compile, and the verdicts on
their payloads, and on changes of those, are the ones of an independent validator.

Each has a `payloads.yaml`, which lists schemas with payloads that are valid and that are not.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.corpus.independent import DEFAULT, Independent, is_valid_text
from tests.corpus.project_changes import NAMES, PROJECTS, project
from tests.corpus.test_corpus import compile_all
from tests.differential.changes import changed
from tests.differential.opinions import Judged, opinion
from tests.differential.spelling import spell
from tests.differential.subjects import Subject
from tests.differential.test_validation import RIGHT, SHOWN, kind_of, kind_of_sent
from tests.differential.validators import exact
from tests.differential.vocabulary import vocabulary_of
from tests.support.codec import Engines, Verdict
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
    text: bool = False
    """Whether the payloads are bare text."""

    @property
    def payloads(self) -> list[str]:
        return self.valid + self.invalid


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
        accepted = [verdict.stage != "decode" for verdict in _verdicts(engines, row, row.payloads)]
        assert accepted == [True] * len(row.valid) + [False] * len(row.invalid), row.c_name
        says = validity(name, row)
        assert accepted == [says(text if row.text else exact(text)) for text in row.payloads]


@pytest.mark.parametrize("name", NAMES)
def test_what_a_project_receives_can_be_sent_again(name: str, engines: Engines) -> None:
    named = set(_named(project(name).trees()))
    for row in rows(name):
        for text, verdict in zip(row.valid, _verdicts(engines, row, row.valid), strict=True):
            assert verdict.text is not None, (row.c_name, text, verdict)
            if row.text:
                assert engines.judge(row.c_name, verdict.text).text == verdict.text
            else:
                assert _keeps(json.loads(text), json.loads(verdict.text), named), (text, verdict)


def _verdicts(engines: Engines, row: Row, texts: list[str]) -> list[Verdict]:
    return engines.judge_all([(row.c_name, text) for text in texts])


def _named(node: Any) -> Iterator[str]:
    """The names of all members that a schema knows."""
    if isinstance(node, dict):
        properties = node.get("properties")
        yield from properties if isinstance(properties, dict) else ()
    for inner in node.values() if isinstance(node, dict) else node:
        if isinstance(inner, dict | list):
            yield from _named(inner)


def _keeps(received: Any, sent: Any, named: set[str]) -> bool:
    """Whether nothing is changed, and nothing but members without a name is lost."""
    match received, sent:
        case dict(), dict():
            return named.isdisjoint(received.keys() - sent.keys()) and all(
                name in received and _keeps(received[name], value, named)
                for name, value in sent.items()
            )
        case list(), list():
            pairs = zip(received, sent, strict=False)
            return len(received) == len(sent) and all(_keeps(*each, named) for each in pairs)
        case _:
            return isinstance(received, bool) == isinstance(sent, bool) and bool(received == sent)


@pytest.mark.parametrize("name", NAMES)
def test_verdicts_on_changed_payloads_of_a_project(name: str, engines: Engines) -> None:
    wrong = []
    for row in rows(name):
        subject = Subject(name=name, c_name=row.c_name, schema=project(name).trees())
        says = validity(name, row)
        received = _judged(engines, subject, _changed(row, subject))
        sent = [each.verdict.text for each in received if each.verdict.text is not None]
        kinds = [(kind_of, each) for each in received]
        kinds += [(kind_of_sent, each) for each in _judged(engines, subject, sent)]
        for kind_in, each in kinds:
            kind = (
                _kind_of_text(each, says) if row.text else kind_in(each, opinion(each.text, says))
            )
            if kind not in RIGHT:
                wrong.append(f"{row.c_name}: {kind}: {each.text}: {each.verdict}")
    assert not wrong, "\n".join(wrong[:SHOWN])


def validity(name: str, row: Row) -> Callable[[Any], bool]:
    """What the independent validator says: of the text of a payload, or of the value of one."""
    validator = Independent(PROJECTS / name, row.draft).validator(row.schema)
    return partial(is_valid_text, validator) if row.text else validator.is_valid


def _kind_of_text(each: Judged, says: Callable[[Any], bool]) -> str:
    is_valid = says(each.text)
    if is_valid and each.verdict.status in ("LIMIT", "PRECISION"):
        return "limit"
    if is_valid != (each.verdict.stage != "decode"):
        return "valid, but refused" if is_valid else "invalid, but accepted"
    return (
        "refused" if not is_valid else "accepted" if each.verdict.text else "accepted, but not sent"
    )


def _judged(engines: Engines, subject: Subject, texts: list[str]) -> list[Judged]:
    verdicts = engines.judge_all([(subject.c_name, text) for text in texts])
    return [
        Judged(subject=subject, text=text, verdict=verdict)
        for text, verdict in zip(texts, verdicts, strict=True)
    ]


def _changed(row: Row, subject: Subject) -> list[str]:
    generator = random.Random(row.c_name)
    vocabulary = vocabulary_of(subject.schema)
    values = [text if row.text else json.loads(text) for text in row.payloads]
    found: dict[str, None] = {}
    while len(found) < CHANGED:
        value = generator.choice(values)
        for _ in range(generator.choice((1, 1, 1, 2, 4))):
            value = changed(value, vocabulary, generator)
        if not row.text:
            found[spell(value, generator)] = None
        elif isinstance(value, str):
            found[value] = None
    return list(found)
