"""What the jsonschema library found wrong with a value, as a sentence with JSON in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # It takes a while to import, and most documents have no errors.
    from jsonschema.exceptions import ValidationError

_SHOWN = 100
_SENTENCES: Mapping[str, str] = {
    "anyOf": "{0} does not satisfy any of the given schemas",
    "const": "{0} is not {1}",
    "contains": "{0} has no item that satisfies `contains`",
    "enum": "{0} is not one of {1}",
    "exclusiveMaximum": "{0} is not less than {1}",
    "exclusiveMinimum": "{0} is not greater than {1}",
    "maxItems": "{0} has more than {1} items",
    "maxLength": "{0} is longer than {1} characters",
    "maxProperties": "{0} has more than {1} members",
    "maximum": "{0} is greater than {1}",
    "minItems": "{0} has fewer than {1} items",
    "minLength": "{0} is shorter than {1} characters",
    "minProperties": "{0} has fewer than {1} members",
    "minimum": "{0} is less than {1}",
    "multipleOf": "{0} is not a multiple of {1}",
    "not": "{0} satisfies the schema under `not`",
    "uniqueItems": "{0} has equal items",
}
"""By the keyword: the value, and that of the keyword."""
_EMPTY = ("minItems", "minLength", "minProperties")


def error_text(error: ValidationError) -> str:
    """The sentence, which quotes the value, with a limited length."""
    text = _sentence(str(error.validator), error)
    return text if len(text) <= _SHOWN else f"{text[:60]} ... {text[-40:]}"


def _sentence(keyword: str, error: ValidationError) -> str:
    value = error.instance
    limit: Any = error.validator_value
    if keyword in _EMPTY and limit == 1:
        return f"{_json(value)} must not be empty"
    if keyword == "type":
        types = [limit] if isinstance(limit, str) else limit
        return f"{_json(value)} is not of type {' or '.join(map(str, types))}"
    if keyword == "pattern":
        return f"{_json(value)} does not match {limit}"
    if keyword not in _SENTENCES:
        return error.message
    text = _SENTENCES[keyword].format(_json(value), _json(limit))
    is_count = keyword.startswith(("min", "max"))
    return text.removesuffix("s") if is_count and limit == 1 else text


def _json(value: Any) -> str:
    """A value as JSON, on one line."""
    return json.dumps(value, ensure_ascii=False)
