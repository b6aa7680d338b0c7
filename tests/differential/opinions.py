"""What the generated C says of payloads, beside what the validators say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from tests.differential.subjects import Subject
from tests.differential.validators import (
    ask_ajv,
    exact,
    misleads_ajv,
    rounded,
    rounds,
    suits_ajv,
    validator,
)
from tests.support.codec import Verdict


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A text and what the C says of it."""

    subject: Subject
    text: str
    verdict: Verdict


@dataclass(frozen=True, kw_only=True)
class Opinion:
    """What the validators say of a text, and of the text with its fractions as doubles hold them.
    `rounds`: doubles hold some number otherwise."""

    by_text: bool
    by_double: bool
    rounds: bool


def opinions(judged: list[Judged]) -> Iterator[tuple[Judged, Opinion]]:
    """Each with what the validators say."""
    groups = [(key, list(group)) for key, group in groupby(judged, key=lambda each: each.subject)]
    answers = ask_ajv(
        [(subject.schema, [each.text for each in group]) for subject, group in groups]
    )
    for (subject, group), by_ajv in zip(groups, answers, strict=True):
        exactly = validator(subject.schema)
        misled = misleads_ajv(subject.schema)
        for each, mark in zip(group, by_ajv, strict=True):
            by_text = exactly.is_valid(exact(each.text))
            by_double = exactly.is_valid(rounded(each.text))
            if by_text == by_double and suits_ajv(each.text) and not misled:
                assert mark == by_text, f"the validators differ on {subject.name}: {each.text}"
            yield each, Opinion(by_text=by_text, by_double=by_double, rounds=rounds(each.text))
