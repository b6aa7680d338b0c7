"""Changes of values: what an instance becomes when one thing of it is different."""

from __future__ import annotations

import random
from typing import Any

from tests.differential.spelling import Number
from tests.differential.vocabulary import Vocabulary


def changed(value: Any, vocabulary: Vocabulary, generator: random.Random) -> Any:
    """A copy with one thing changed somewhere."""
    match value:
        case dict() if value and generator.random() < 0.6:
            name = generator.choice(list(value))
            return {**value, name: changed(value[name], vocabulary, generator)}
        case list() if value and generator.random() < 0.6:
            at = generator.randrange(len(value))
            return [*value[:at], changed(value[at], vocabulary, generator), *value[at + 1 :]]
        case dict():
            return _changed_object(value, vocabulary, generator)
        case list():
            return _changed_array(value, vocabulary, generator)
        case str() if generator.random() < 0.6:
            return _changed_text(value, generator)
        case int() | float() if not isinstance(value, bool) and generator.random() < 0.6:
            return _changed_number(value, generator)
        case _:
            return generator.choice(vocabulary.values)


def _changed_object(value: dict[str, Any], vocabulary: Vocabulary, generator: random.Random) -> Any:
    name = generator.choice(list(value)) if value else ""
    match generator.randrange(5):
        case 0:
            return {key: item for key, item in value.items() if key != name}
        case 1:
            return {
                **value,
                generator.choice(vocabulary.names): generator.choice(vocabulary.values),
            }
        case 2:
            renamed = generator.choice((name.upper(), f"{name} ", f"{name}x", name[:-1]))
            return {renamed if key == name else key: item for key, item in value.items()}
        case 3:
            return dict(generator.sample(list(value.items()), len(value)))
        case _:
            return generator.choice((list(value.values()), {}, name, None))


def _changed_array(value: list[Any], vocabulary: Vocabulary, generator: random.Random) -> Any:
    at = generator.randint(0, len(value))
    match generator.randrange(5):
        case 0:
            return value[:at] + value[at + 1 :]
        case 1:
            return [*value[:at], generator.choice(vocabulary.values), *value[at:]]
        case 2:
            return value[:at] + value[max(0, at - 1) :]
        case 3:
            return generator.sample(value, len(value))
        case _:
            return generator.choice((dict.fromkeys(map(str, range(len(value)))), [], [value]))


def _changed_text(value: str, generator: random.Random) -> Any:
    at = generator.randint(0, len(value))
    letter = generator.choice('aZ9 é😀\n\u0000"\\')
    return generator.choice(
        (
            value[:at] + letter + value[at:],
            value[:at] + letter + value[at + 1 :],
            value[:at] + value[at + 1 :],
            value + letter,
            value * 2,
            value.swapcase(),
            [value],
            Number(value) if value.isascii() and value.isdigit() and value[0] != "0" else 0,
        )
    )


def _changed_number(value: Any, generator: random.Random) -> Any:
    return generator.choice(
        (value + 1, value - 1, -value, value * 2, value * 10, value + 0.5, str(value), [value])
        if abs(value) < 2**70
        else (str(value), 0, -value)
    )
