"""Texts that are JSON, nearly JSON, or not at all: made from a seed, always the same."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Iterator
from typing import Any

SYMBOLS = [b"[", b"]", b"{", b"}", b":", b",", b'"', b"\\"]
SYMBOLS += [b"0", b"1", b"-", b".", b"e", b" ", b"u", b"true"]
ESCAPES = ["\\ud83d\\ude00", "\\ud83d", "\\ude00", "\\ude00\\ude00", "\\ud83d\\ud83d"]
ESCAPES += ["\\ud83d\\u0041", "\\uDBFF\\uDFFF", "\\uD7FF", "\\uE000", "\\u0000", "\\u00e9"]
ESCAPES += ["\\n", "\\/", "\\x", "\\u12g4", "\\u123", "\\", "\\'", "\\ud83d\\n", "\\U0041"]
TOKENS = [
    *SYMBOLS,
    *(b"null", b"false", b"NaN", b"Infinity", b"-0", b"1e400", b"-1E+400", b"1e-400", b"0.1"),
    *(b"18446744073709551616", b"-9223372036854775809", b"1" * 40, b"0x1", b"01", b"+1"),
    *(escape.encode() for escape in ESCAPES),
    *(b"\t", b"\n", b"\r", b"\f", b"\0", b"\x1f", b"\x7f", b"\xef\xbb\xbf", b"/**/", b"'", b"//"),
    *(b"\xc3\xa9", b"\xf0\x9f\x98\x80", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xff"),
    *(b'"a":', b'"a":1,', b",]", b",}", b"[[", b"{}", b"[" * 31, b"]" * 31, b'{"a":' * 31),
]
_NAMES = ["", "a", "b", "ab", "a/b", "~", "é", "\u0000", "a long name, longer than the others"]
_STRINGS = [*_NAMES, '"', "\\", "\n", "😀", "\u2028", "\x7f", "x" * 70]
_NUMBERS = "0 -0 1 -1 1.5 1e5 -2.5E-3 1e-400 4.9e-324 0.30000000000000004 1e22 123e-7".split()
_NUMBERS += ["9007199254740993", "-9223372036854775808", "18446744073709551615"]
_BLANKS = ["", "", "", " ", "\n", "\t ", "\r\n"]


def every_text(length: int) -> Iterator[bytes]:
    """All JSON-like texts of so many symbols."""
    return (b"".join(symbols) for symbols in itertools.product(SYMBOLS, repeat=length))


def changed_texts(seed: int, count: int) -> Iterator[bytes]:
    """A third are JSON; the others were, before something happened to them."""
    generator = random.Random(seed)
    before = b"[]"
    for _ in range(count):
        text = _spell(generator, _value(generator, 4)).encode()
        for _ in range(generator.choice((0, 0, 1, 1, 2, 5))):
            text = _change(generator, text, before)
        yield text
        before = text


def _value(generator: random.Random, depth: int) -> Any:
    kind = generator.randrange(10 if depth > 0 else 6)
    match kind:
        case 0 | 1:
            return float(generator.choice(_NUMBERS)) if kind else generator.choice(_NUMBERS)
        case 2:
            return generator.choice((None, True, False))
        case 3 | 4 | 5:
            return generator.choice(_STRINGS)
        case 6 | 7:
            return [_value(generator, depth - 1) for _ in range(generator.randrange(4))]
        case _:
            names = generator.sample(_NAMES, generator.randrange(4))
            return {name: _value(generator, depth - 1) for name in names}


def _spell(generator: random.Random, value: Any) -> str:
    blank = generator.choice(_BLANKS)
    match value:
        case dict():
            members = [
                f"{_spell(generator, name)}{blank}:{_spell(generator, item)}"
                for name, item in value.items()
            ]
            return f"{{{blank}{','.join(members)}{blank}}}"
        case list():
            items = [_spell(generator, item) for item in value]
            return f"[{blank}{f'{blank},'.join(items)}]"
        case str() if value in _NUMBERS:
            return f"{blank}{value}"
        case str() if generator.random() < 0.1:
            return f'{json.dumps(value)[:-1]}{generator.choice(ESCAPES)}"'
        case _:
            return json.dumps(value, ensure_ascii=generator.random() < 0.5) + blank


def _change(generator: random.Random, text: bytes, other: bytes) -> bytes:
    start = generator.randint(0, len(text))
    end = min(len(text), start + generator.choice((0, 1, 1, 2, 4, 9)))
    match generator.randrange(7):
        case 0:
            return text[:start] + text[end:]
        case 1:
            return text[:end] + text[start:]
        case 2:
            return text[:start] + bytes([generator.randrange(256)]) + text[start + 1 :]
        case 3:
            return text[:start] + other[generator.randint(0, len(other)) :]
        case 4:
            return b"[" + text + b"," + other + b"]"
        case _:
            return text[:start] + generator.choice(TOKENS) + text[end:]
