"""What the jsonschema library reports about a value, on one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # It takes a while to import, and most documents have no errors.
    from jsonschema.exceptions import ValidationError

_EMPTY = {
    **dict.fromkeys(("minItems", "minLength", "minProperties"), (1, "should be non-empty")),
    **dict.fromkeys(("maxItems", "maxLength", "maxProperties"), (0, "is expected to be empty")),
}
"""The limits that are about emptiness, and the words for them, which older versions lack."""
_SHOWN = 100


def error_text(error: ValidationError) -> str:
    """Its message, which quotes the value, in the words of the newest version and shortened."""
    limit, words = _EMPTY.get(str(error.validator), (None, ""))
    about_empty = limit is not None and error.validator_value == limit
    message = f"{error.instance!r} {words}" if about_empty else error.message
    return message if len(message) <= _SHOWN else f"{message[:60]} ... {message[-40:]}"
