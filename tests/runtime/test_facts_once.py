"""What the runtime decides about bytes, hashes and names is decided in one place.

A pattern finds what a second definition would look like. The files where it is found are listed
with what they say, so that another definition is noticed, and so is one that was removed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.lint import ROOT

FOLDERS = (ROOT / "runtime", ROOT / "include" / "mqbind")
BYTES = "include/mqbind/detail/bytes.h"


@dataclass(frozen=True, kw_only=True)
class Fact:
    """What only one place says."""

    name: str
    pattern: str
    places: Mapping[str, str]
    """The files where it is found, each with what it says there."""

    seeds: tuple[str, ...]
    """Second definitions."""


FACTS = (
    Fact(
        name="words are equal",
        pattern=r"memcpy\(&(\w+),[^;]*;\s*memcpy\(&(\w+),[^;]*;[^}]*?\b(?:\1 [!=]= \2|\1 \^ \2)\b"
        r"|mqb_bytes_word\([^;]*\) [!=]= mqb_bytes_word",
        places={BYTES: "mqb_bytes_same_eight(), mqb_bytes_same_four()"},
        seeds=(
            "memcpy(&one, a, sizeof(one));\n    memcpy(&two, b, 8);\n    return one == two;",
            "memcpy(&x, a, 8);\n    memcpy(&y, b, 8);\n    if ((x ^ y) != 0)",
            "while (mqb_bytes_word(a + at) == mqb_bytes_word(b + at))",
        ),
    ),
    Fact(
        name="bytes are equal",
        pattern=r"([\w.>-]+)\[(?!0\] [!=]= [\w.>-]+\[0\] \?)([^\]]+)\] [!=]= ([\w.>-]+)\[\2\]"
        r"|\*(?:\+\+)?\w+(?:\+\+)? [!=]= \*(?:\+\+)?\w+",
        places={
            BYTES: "mqb_bytes_same()",
            "runtime/payload/constraint/equal.c": "true, false and null differ in the first byte",
        },
        seeds=(
            "while (left != 0 && a.ptr[left - 1] == b.ptr[left - 1])",
            "if (name->ptr[i] != other->ptr[i])",
            "while (at != end && *at++ == *text++)",
        ),
    ),
    Fact(
        name="strings are equal",
        pattern=r"\.len [!=]= [\w.>-]*len (?:&&|\|\|) ",
        places={BYTES: "mqb_bytes_equal()"},
        seeds=("return a.len == b.len && memcmp(a.ptr, b.ptr, a.len) == 0;",),
    ),
    Fact(
        name="a quick hash",
        pattern=r"(?i)9E3779B97F4A7C15|CBF29CE4|100000001B3|16777619|2166136261|\b5381\b"
        r"|\bhash\w*\)? \*=? (?:\d|UINT)|\) \* UINT64_C",
        places={"runtime/json/hash.h": "mqb_hash_multiply()"},
        seeds=(
            "hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);",
            "hash *= 16777619U;",
            "hash = hash * 31 + byte;",
        ),
    ),
    Fact(
        name="a keyed hash",
        pattern=r"(?i)736F6D65|rotate\(uint",
        places={"runtime/json/siphash.h": "mqb_sip_start()"},
        seeds=("v[0] = low ^ UINT64_C(0x736f6d6570736575);",),
    ),
    Fact(
        name="whitespace",
        pattern=r"[<>]=? ' '|<= 0x20\b|<= 32\b|< 0x21\b|[!=]= '\\[tnr]'|case '\\[tnr]'|case ' '"
        r"|while \([^;{]*MQB_BLANK",
        places={
            BYTES: "mqb_byte_may_be_blank(), mqb_bytes_next() and its kin",
            "runtime/json/bytes.c": "mqb_bytes_blanks()",
        },
        seeds=(
            "if ((unsigned char)*at <= ' ')",
            "while (at != end && (unsigned char)*at < 0x21)",
            "if (byte == '\\t' || byte == '\\n')",
            "while (at < text.len && mqb_byte_is(text.ptr[at], MQB_BLANK))",
        ),
    ),
    Fact(
        name="a run of spaces",
        pattern=r"while \([^;{]*== ' '|0x2020202020202020",
        places={BYTES: "mqb_bytes_spaces()"},
        seeds=("while (at != end && *at == ' ')", "word ^= UINT64_C(0x2020202020202020);"),
    ),
    Fact(
        name="the value of digits",
        pattern=r"\* 10 \+ ",
        places={
            BYTES: "mqb_bytes_number(), which may wrap around",
            "runtime/json/digits.c": "mqb_digits_parse(), of any length",
            "runtime/json/number.c": "exponents, which saturate, and digits around a point",
            "runtime/payload/constraint/numbers.c": "the difference of exponents, and a remainder",
        },
        seeds=("value = value * 10 + (unsigned)(*at - '0');",),
    ),
    Fact(
        name="the type of a value",
        pattern=r"return (?:[^;(]* )?MQB_JSON_(?:BOOLEAN|STRING|OBJECT|ARRAY|NUMBER) ?[:;]",
        places={
            BYTES: "mqb_byte_type()",
            "runtime/payload/reader.c": "text without quotes, which has no byte to look at",
        },
        seeds=(
            "return byte == 't' || byte == 'f' ? MQB_JSON_BOOLEAN : MQB_JSON_NUMBER;",
            "case '[':\n        return MQB_JSON_ARRAY;",
        ),
    ),
    Fact(
        name="the first byte of a literal",
        pattern=r"[!=]= '[tfn]'|case '[tfn]'",
        places={
            BYTES: "mqb_byte_type()",
            "runtime/json/scanner.c": "which literal a byte that is not its first one breaks",
            "runtime/json/text.c": "short escapes",
        },
        seeds=("if (first == 't' || first == 'n')", "case 'f':"),
    ),
    Fact(
        name="two of the same hash",
        pattern=r"\bhash(?:es\[\w+\])? [!=]= ",
        places={
            "runtime/json/hash_sort.h": "mqb_hashed_next_pair()",
            "runtime/json/hash_rounds.c": "the order of the heap",
            "runtime/client/bindings.c": "a bucket of a hash table",
        },
        seeds=("if (later->hash == earlier->hash)", "if (hashes[i] != hashes[j])"),
    ),
    Fact(
        name="an order of names or hashes",
        pattern=r"(?i)\b(?:child|pivot|merges|\w*quicksort\w*|value_of)\b",
        places={
            "runtime/json/hash_sort.c": "mqb_hashed_sort()",
            "runtime/json/hash_rounds.c": "the heap of the lowest hashes, if memory is short",
            "runtime/payload/jsmn/token_names.c": "no memory but the tokens, linked in a list",
        },
        seeds=("for (size_t child = 2 * root + 1; child < count; child = 2 * root + 1)",),
    ),
)


def code(path: Path) -> str:
    """Without comments, and so without contracts."""
    return re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)


def files() -> Mapping[str, str]:
    paths = sorted(path for folder in FOLDERS for path in folder.rglob("*.[ch]"))
    return {path.relative_to(ROOT).as_posix(): code(path) for path in paths}


def places(fact: Fact, sources: Mapping[str, str]) -> set[str]:
    return {name for name, text in sources.items() if re.search(fact.pattern, text)}


@pytest.fixture(scope="module", name="sources")
def read_sources() -> Mapping[str, str]:
    return files()


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.name)
def test_it_is_said_in_one_place(fact: Fact, sources: Mapping[str, str]) -> None:
    assert places(fact, sources) == set(fact.places)


@pytest.mark.parametrize(("fact", "seed"), [(fact, seed) for fact in FACTS for seed in fact.seeds])
def test_a_second_place_is_found(fact: Fact, seed: str, sources: Mapping[str, str]) -> None:
    assert "other.c" in places(fact, {**sources, "other.c": seed})
