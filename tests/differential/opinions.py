"""What the generated C says of payloads, beside what the validators say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

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


def opinion(text: str, is_valid: Callable[[Any], bool]) -> Opinion:
    return Opinion(
        by_text=is_valid(exact(text)), by_double=is_valid(rounded(text)), rounds=rounds(text)
    )


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
            ours = opinion(each.text, exactly.is_valid)
            if ours.by_text == ours.by_double and suits_ajv(each.text) and not misled:
                assert mark == ours.by_text, f"the validators differ on {subject.name}: {each.text}"
            yield each, ours
