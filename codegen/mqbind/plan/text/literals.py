"""C literals."""

from __future__ import annotations

from collections.abc import Iterable

from mqbind.model.constraints import JsonType
from mqbind.model.integer_ranges import INTEGER_RANGES

INT64_MIN, INT64_MAX = INTEGER_RANGES["int64"]
_, UINT64_MAX = INTEGER_RANGES["uint64"]

COUNT_MAX = 2**31 - 1
"""No payload has more characters, items or members than this: it is shorter than 2 GiB."""

_RULE_MAX = 200
"""Maximum number of characters of a rule; longer ones end in "..."."""

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "?": "\\?"}
_SPELLINGS = {
    byte: _ESCAPES.get(chr(byte), chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}")
    for byte in range(256)
}
"""The escape of each byte in a string literal."""


_TYPE_BITS = {
    JsonType.NULL: "MQB_TYPE_BIT(MQB_JSON_NULL)",
    JsonType.BOOLEAN: "MQB_TYPE_BIT(MQB_JSON_BOOLEAN)",
    JsonType.INTEGER: "MQB_TYPE_BIT_INTEGER",
    JsonType.PLAIN_INTEGER: "MQB_TYPE_BIT_PLAIN_INTEGER",
    JsonType.NUMBER: "MQB_TYPE_BIT(MQB_JSON_NUMBER)",
    JsonType.STRING: "MQB_TYPE_BIT(MQB_JSON_STRING)",
    JsonType.ARRAY: "MQB_TYPE_BIT(MQB_JSON_ARRAY)",
    JsonType.OBJECT: "MQB_TYPE_BIT(MQB_JSON_OBJECT)",
}


def json_types(types: Iterable[JsonType]) -> str:
    """JSON types as bits."""
    return " | ".join(_TYPE_BITS[each] for each in types) or "0U"


def text_types(spells: Iterable[JsonType] | None) -> str | None:
    """The JSON types that text may spell, as bits; None if it is not text."""
    return None if spells is None else json_types(spells)


def string(text: str) -> str:
    """A C string literal of the UTF-8 form of `text`; its length may be taken with sizeof."""
    return octets(text.encode())


def octets(text: bytes) -> str:
    """A C string literal of bytes that need not be UTF-8."""
    return f'"{text.decode("latin-1").translate(_SPELLINGS)}"'


def character(byte: int) -> str:
    """A C constant for a byte: a character literal if it is printable ASCII."""
    if byte > 127:
        return f"0x{byte:02x}"
    return "'\\''" if byte == ord("'") else f"'{_SPELLINGS[byte]}'"


def needs_escape(text: str) -> bool:
    """True if the string needs escapes in JSON."""
    return any(char in '"\\' or char < " " for char in text)


def rule(text: str) -> str:
    """A rule in words, with a limited length."""
    return string(text if len(text) <= _RULE_MAX else f"{text[: _RULE_MAX - 3]}...")


def size(text: str) -> int:
    """Bytes of `text` in UTF-8."""
    return len(text.encode())


def text_initializer(text: str) -> str:
    """The initializer of a `struct mqb_str`."""
    return f"{{{string(text)}, {size(text)}}}"


def choice_initializer(text: str, constant: str) -> str:
    """The initializer of a `struct mqb_choice`."""
    return f"{{{text_initializer(text)}, {constant}}}"


def signed(value: int) -> str:
    """An expression of type int64_t, or int if that is enough."""
    if value == INT64_MIN:
        return "INT64_MIN"
    if value == INT64_MAX:
        return "INT64_MAX"
    return str(value) if -(2**31) < value < 2**31 else f"INT64_C({value})"


def unsigned(value: int) -> str:
    """An expression of type uint64_t, or int if that is enough."""
    if value == UINT64_MAX:
        return "UINT64_MAX"
    return str(value) if value < 2**31 else f"UINT64_C({value})"


def unsigned_operand(value: int) -> str:
    """The same, but always unsigned, for comparison with an unsigned expression."""
    text = unsigned(value)
    return f"{text}U" if text.isdigit() else text


def floating(value: float) -> str:
    """An expression of type double."""
    return repr(value)


def flag(value: bool) -> str:
    return "true" if value else "false"
