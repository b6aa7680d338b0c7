"""Nothing is lost inside objects that several forms or branches of a schema describe: what is
accepted and named comes back when it is sent again, and verdicts stay what validators say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.differential.opinions import Judged
from tests.differential.random_nested import random_nested_schema, random_payloads
from tests.differential.sent_again import Law
from tests.differential.subjects import Document, Subject, collect
from tests.differential.validators import exact, validator
from tests.support.documents import write_around
from tests.support.programs import build
from tests.support.scale import LONG

SCHEMAS, PAYLOADS = (100, 500) if LONG else (6, 300)
SHOWN = 40


def documents(folder: Path) -> Iterator[Document]:
    for seed in range(SCHEMAS):
        schema, name = random_nested_schema(seed), f"nested_{seed}"
        document = write_around(schema, name, folder)
        yield document, (Subject(name=name, c_name=f"{name}_case", schema=schema),)


def test_nothing_is_lost_inside_branches(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    corpus = collect(documents(tmp_path), tmp_path)
    judge, uncompiled = build(corpus.generated, tmp_path / "nested")
    assert (corpus.crashed, corpus.refused, uncompiled) == ({}, {}, {})
    counts: Counter[str] = Counter()
    wrong = []
    for seed, (subject,) in enumerate(corpus.subjects.values()):
        law, is_valid = Law(subject.schema), validator(subject.schema).is_valid
        texts = list(random_payloads(subject.schema, seed, PAYLOADS))
        verdicts = judge.judge_all([(subject.c_name, text) for text in texts])
        for text, verdict in zip(texts, verdicts, strict=True):
            each = Judged(subject=subject, text=text, verdict=verdict)
            accepted = verdict.stage != "decode"
            counts["accepted" if accepted else "refused"] += 1
            if accepted != is_valid(exact(text)):
                wrong.append(f"{subject.name}: verdict: {text}: {verdict}")
            elif accepted and law.applies(text) and verdict.text is None:
                wrong.append(f"{subject.name}: not sent: {text}: {verdict}")
            elif law.is_broken(each):
                wrong.append(f"{subject.name}: lost: {text}: {verdict}")
        counts["sent again"] += law.checked
    judge.close()
    record_property("counts", dict(counts))
    assert not wrong, "\n".join(wrong[:SHOWN])
    assert min(counts["sent again"], counts["refused"]) > SCHEMAS
