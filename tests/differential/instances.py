"""Payloads for a schema, from a seed: valid ones, nearly valid ones, and hostile ones.

Three sources: hypothesis-jsonschema, which makes valid values; a sampler that follows the schema
but takes each value from a vocabulary, all that the schema mentions and its neighbours; and changes
of what those two made. All values become text with a spelling of its own.
"""

from __future__ import annotations

import copy
import random
import warnings
from collections.abc import Mapping
from typing import Any

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings, strategies
from hypothesis_jsonschema import from_schema

from tests.differential.changes import changed
from tests.differential.sampler import Sampler
from tests.differential.spelling import spell
from tests.differential.vocabulary import vocabulary_of

DEPTH = 5


def payloads(schema: Mapping[str, Any], name: str, count: int, valid: int) -> list[str]:
    """At least `count` different payloads; `valid` ones are constructed, which is slow."""
    generator = random.Random(name)
    vocabulary = vocabulary_of(schema)
    sampler = Sampler(schema, vocabulary, generator)
    values = _valid_values(schema, name, valid)
    values += [sampler.sample(schema, DEPTH) for _ in range(count // 4)]
    found = dict.fromkeys(spell(value, generator) for value in values)
    while len(found) < count:
        value = generator.choice(values)
        for _ in range(generator.choice((1, 1, 1, 2, 4))):
            value = changed(value, vocabulary, generator)
        found[spell(value, generator)] = None
    return list(found)


def _valid_values(schema: Mapping[str, Any], name: str, count: int) -> list[Any]:
    """What hypothesis-jsonschema makes, as far as it knows how."""
    found: list[Any] = []

    @seed(sum(name.encode()))
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
    )
    @given(strategies.data())
    def draw(data: strategies.DataObject) -> None:
        found.append(data.draw(strategy))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            # It changes what it is given.
            strategy = from_schema(copy.deepcopy(dict(schema)))
            draw()
        except Exception:
            # It knows no recursion, and says so in many ways. The sampler knows how.
            return found
    return found
