"""Random schemas of every draft: generated C and Python's jsonschema agree on payloads."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.corpus.independent import Independent
from tests.differential.instances import payloads
from tests.differential.opinions import Judged, opinion
from tests.differential.random_drafts import DRAFTS, random_schema_in
from tests.differential.subjects import Document, Subject, collect
from tests.differential.test_validation import RIGHT, SHOWN, kind_of
from tests.support.documents import write_around
from tests.support.programs import build
from tests.support.scale import LONG

RANDOM, COUNT, VALID = (60, 200, 3) if LONG else (3, 100, 2)
"""For each draft."""


def documents(draft: str, folder: Path) -> Iterator[Document]:
    for seed in range(RANDOM):
        schema, name = random_schema_in(draft, seed), f"draft_{draft}_{seed}"
        document = write_around(schema, name, folder / "schemas" / name)
        yield document, (Subject(name=name, c_name=f"{name}_case", schema=schema),)


@pytest.mark.parametrize("draft", DRAFTS)
def test_verdicts_on_random_schemas_of_a_draft(
    draft: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    corpus = collect(documents(draft, tmp_path), tmp_path)
    judge, uncompiled = build(corpus.generated, tmp_path / "drafts")
    assert (corpus.crashed, corpus.refused, uncompiled) == ({}, {}, {})
    counts: Counter[str] = Counter()
    wrong = []
    for name, (subject,) in corpus.subjects.items():
        says = Independent(tmp_path / "schemas" / name).validator(f"{name}.schema.json").is_valid
        texts = payloads(subject.schema, name, COUNT, VALID)
        random.Random(name).shuffle(texts)
        verdicts = judge.judge_all([(subject.c_name, text) for text in texts])
        for text, verdict in zip(texts, verdicts, strict=True):
            each = Judged(subject=subject, text=text, verdict=verdict)
            kind = kind_of(each, opinion(text, says))
            counts[kind] += 1
            if kind not in RIGHT:
                wrong.append(f"{name}: {kind}: {text}: {verdict}")
    judge.close()
    record_property("counts", dict(counts))
    assert not wrong, "\n".join(wrong[:SHOWN])
    assert min(counts["accepted"], counts["refused"]) > 0
