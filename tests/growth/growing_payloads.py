"""Payloads that grow: about 40 shapes, each of any length."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import count, product


@dataclass(frozen=True, kw_only=True)
class Shape:
    """`make` gives a payload of about so many bytes, and `statuses` are what decode may make of
    it."""

    name: str
    message: str
    make: Callable[[int], bytes]
    statuses: tuple[str, ...] = ("OK",)


def _joined(
    head: str, item: Callable[[int], str], tail: str, size: int, between: str = ","
) -> bytes:
    """Items, as many as fit."""
    parts: list[str] = []
    left = size - len(head) - len(tail)
    for number in count():
        text = item(number)
        if left < len(text) + 1 and parts:
            break
        parts.append(text)
        left -= len(text.encode()) + 1
    return (head + between.join(parts) + tail).encode()


def _array(item: Callable[[int], str], between: str = ",") -> Callable[[int], bytes]:
    return lambda size: _joined("[", item, "]", size, between)


def _object(member: Callable[[int], str], between: str = ",") -> Callable[[int], bytes]:
    return lambda size: _joined("{", member, "}", size, between)


def _filled(head: str, filling: str, tail: str) -> Callable[[int], bytes]:
    """One piece of text again and again in between."""

    def make(size: int) -> bytes:
        room = size - len(head.encode()) - len(tail.encode())
        return (head + filling * max(1, room // len(filling.encode())) + tail).encode()

    return make


def _late_kind(number: int) -> str:
    text = "x" * (number % 50)
    if number % 2:
        return f'{{"level":{number},"text":"{text}","kind":"lamp"}}'
    return f'{{"name":"n{number}","text":"{text}","kind":"door"}}'


def _one_late_kind(size: int) -> bytes:
    return _joined('[{"level":1,', lambda n: f'"u{n}":{n}', ',"kind":"lamp"}]', size)


def _second_form(number: int) -> str:
    return f'{{"rest":["{number}","x"],"b":{number}}}'


def _second_form_at_last(size: int) -> bytes:
    return _joined('[{"b":1,"a":2,"rest":[', lambda n: f"{n}", ',"x"]}]', size)


def _second_form_of_one(size: int) -> bytes:
    return _joined('[{"b":1,"rest":[', lambda n: f'"{n}"', "]}]", size)


def _reversed_members(size: int) -> bytes:
    """Two objects with the same members, the second in reverse."""
    members: list[str] = []
    left = size // 2
    for number in count():
        text = f'"m{number}":{number}'
        left -= len(text) + 1
        if left < 0 and members:
            break
        members.append(text)
    return f"[{{{','.join(members)}}},{{{','.join(reversed(members))}}}]".encode()


def _joined_row(size: int) -> bytes:
    return _joined("[[", str, "]]", size)


def _nested(depth: int, leaf: str) -> str:
    return "[" * depth + leaf + "]" * depth


def _tree(number: int) -> str:
    text = f'{{"name":"n{number}"}}'
    for level in range(12):
        text = f'{{"name":"{level}","children":[{text}]}}'
    return text


def _trees(size: int) -> bytes:
    return _joined('{"children":[', _tree, "]}", size)


_MULTIPLIER = 0x9E3779B97F4A7C15
_MASK = (1 << 64) - 1
_VARIANTS = 32


def _is_plain(word: int) -> bool:
    return all(0x20 <= byte < 0x7F and byte not in b'"\\' for byte in word.to_bytes(8, "little"))


def _variants(state: int) -> tuple[list[str], int]:
    """Texts of 16 bytes that take the hash of names from this state to one other."""
    found: list[str] = []
    target = 0
    for number in count():
        first = int.from_bytes(f"{number:08d}".encode(), "little")
        between = (state ^ first) * _MULTIPLIER & _MASK
        if not found:
            target = between ^ int.from_bytes(b"aaaaaaaa", "little")
        second = between ^ target
        if _is_plain(second):
            found.append((first | second << 64).to_bytes(16, "little").decode())
        if len(found) == _VARIANTS:
            break
    return found, target * _MULTIPLIER & _MASK


@cache
def _colliding_names() -> tuple[str, ...]:
    """Names with one hash: runtime/json/duplicate_names.h multiplies each eight bytes."""
    stages: list[list[str]] = []
    state = 0
    for _ in range(3):
        texts, state = _variants(state)
        stages.append(texts)
    return tuple(map("".join, product(*stages)))


def _colliding(number: int) -> str:
    return f'"{_colliding_names()[number]}":0'


def _long_names(words: int) -> Shape:
    start = "common " * words
    make = _object(lambda number: f'"{start}{number}":0')
    return Shape(name=f"names_of_{len(start)}_bytes", message="Entries", make=make)


SHAPES = (
    Shape(name="spaces", message="Any", make=_filled("[", " ", "]")),
    Shape(name="lines", message="Any", make=_array(str, ",\n    ")),
    Shape(name="blanks_in_arrays", message="Distinct", make=_filled("[[", " ", "]]")),
    Shape(name="blanks_around_items", message="Distinct", make=_array(lambda n: f"[ {n} ]", " , ")),
    Shape(name="text", message="Any", make=_filled('"', "text", '"')),
    Shape(name="utf8", message="Any", make=_filled('"', "\u00e4\u20ac\U0001d11e", '"')),
    Shape(name="escapes", message="Any", make=_filled('"', "\\n\\u00e9\\ud834\\udd1e", '"')),
    Shape(name="escaped_texts", message="Texts", make=_array(lambda n: f'"\\u0041\\n{n}"')),
    Shape(name="texts", message="Texts", make=_array(lambda n: f'"text {n}"')),
    Shape(name="empty_texts", message="Texts", make=_array(lambda _: '""')),
    Shape(name="digits", message="Numbers", make=_filled("[1.", "123456789", "]")),
    Shape(name="zeros", message="Numbers", make=_filled("[0.", "0", "1]")),
    Shape(name="exponent_digits", message="Numbers", make=_filled("[0e", "123456789", "]")),
    Shape(name="numbers", message="Numbers", make=_array(lambda n: f"-{n}.25e-3")),
    Shape(name="integers", message="Numbers", make=_array(str)),
    Shape(name="literals", message="Any", make=_array(lambda n: ("true", "false", "null")[n % 3])),
    Shape(name="nesting", message="Any", make=_array(lambda _: _nested(30, "1"))),
    Shape(name="open_objects", message="Any", make=_array(lambda _: '{"a":' * 30 + "1" + "}" * 30)),
    Shape(name="empty_objects", message="Any", make=_array(lambda _: "{}")),
    Shape(name="grid", message="Grid", make=_array(lambda _: "[true,false]")),
    Shape(name="one_row", message="Grid", make=_filled("[[true", ",false", "]]")),
    Shape(name="entries", message="Entries", make=_object(lambda n: f'"k{n}":{n}')),
    Shape(name="short_names", message="Entries", make=_object(lambda n: f'"{n:x}":0')),
    Shape(name="escaped_names", message="Entries", make=_object(lambda n: f'"\\u006b{n}":{n}')),
    *(_long_names(words) for words in (5, 8, 20, 40)),
    Shape(name="colliding_names", message="Entries", make=_object(_colliding)),
    Shape(
        name="duplicates",
        message="Entries",
        make=_filled('{"a":1', ',"a":1', "}"),
        statuses=("DUPLICATE",),
    ),
    Shape(
        name="late_duplicate",
        message="Entries",
        make=lambda size: _joined("{", lambda n: f'"k{n}":{n}', ',"k0":0}', size),
        statuses=("DUPLICATE",),
    ),
    Shape(name="unknown_members", message="Members", make=_object(lambda n: f'"u{n}":[{n}]')),
    Shape(
        name="members_in_reverse",
        message="Any",
        make=_array(lambda n: f'{{"fourth":{n},"third":true,"second":1,"first":""}}'),
    ),
    Shape(
        name="raw_member",
        message="Members",
        make=lambda size: _joined('{"rest":{', lambda n: f'"k{n}":{{"x":{n}}}', "}}", size),
    ),
    Shape(
        name="maps_of_maps",
        message="Groups",
        make=_object(lambda n: f'"g{n}":{{"a":{n},"b":{n}}}'),
    ),
    Shape(
        name="map_in_a_map",
        message="Groups",
        make=lambda size: _joined('{"g":{', lambda n: f'"k{n}":{n}', "}}", size),
    ),
    Shape(
        name="raw_maps_of_maps",
        message="Any",
        make=_object(lambda n: f'"g{n}":{{"a":{{"b":{n}}},"c":{{}}}}'),
    ),
    Shape(name="late_kinds", message="Forms", make=_array(_late_kind)),
    Shape(name="one_late_kind", message="Forms", make=_one_late_kind),
    Shape(name="second_forms", message="Tries", make=_array(_second_form)),
    Shape(name="second_form_of_one", message="Tries", make=_second_form_of_one),
    Shape(
        name="no_form",
        message="Tries",
        make=_second_form_at_last,
        statuses=("TYPE",),
    ),
    Shape(name="trees", message="Tree", make=_trees),
    Shape(name="patterns", message="Codes", make=_array(lambda n: f'"ab-cd-{n}"')),
    Shape(name="one_pattern", message="Codes", make=_filled('["', "ab-", '1"]')),
    Shape(
        name="unmatched_pattern",
        message="Codes",
        make=_filled('["', "1a-", '"]'),
        statuses=("VALUE",),
    ),
    Shape(name="one_counted_pattern", message="Counted", make=_filled('["ab', "-cd", '"]')),
    Shape(
        name="counted_patterns",
        message="Counted",
        make=_array(lambda n: f'"{"ab" * (n % 9 + 1)}"'),
    ),
    Shape(
        name="unevaluated_members",
        message="Unevaluated",
        make=_object(lambda n: f'"n{n}":{n},"x{n}":"{n}"'),
    ),
    Shape(name="unique_integers", message="Ids", make=_array(str)),
    Shape(name="unique_texts", message="Tags", make=_array(lambda n: f'"{n:x}"')),
    Shape(name="unique_arrays", message="Sets", make=_array(lambda n: f"[{n},{n + 1}]")),
    Shape(name="one_unique_array", message="Sets", make=_joined_row),
    Shape(name="unique_pairs", message="Distinct", make=_array(lambda n: f'{{"k{n}":"k{n}"}}')),
    Shape(
        name="unique_swapped",
        message="Distinct",
        make=_array(lambda n: f'{{"k{n}":"v{n}"}},{{"v{n}":"k{n}"}}'),
    ),
    Shape(
        name="unique_exponents",
        message="Distinct",
        make=_array(lambda n: f"1e{9000000000000000 + n}"),
    ),
    Shape(
        name="equal_items",
        message="Ids",
        make=_filled("[1", ",1", "]"),
        statuses=("VALUE",),
    ),
    Shape(
        name="equal_in_reverse",
        message="Distinct",
        make=_reversed_members,
        statuses=("VALUE",),
    ),
    Shape(name="rules", message="Rules", make=_object(lambda n: f'"n{n}":{n}.5,"t{n}":"{n}"')),
    Shape(
        name="rules_within_rules",
        message="Within",
        make=_array(lambda _: _nested(6, '"x"')),
    ),
    Shape(
        name="rules_in_vain",
        message="Within",
        make=_array(lambda _: _nested(30, "0")),
        statuses=("LIMIT", "VALUE", "TYPE"),
    ),
    Shape(
        name="others",
        message="Beside",
        make=_object(lambda n: f'"n{n}":{{"kind":"a","list":[{n}],"u":{n}}},"\\u006e_{n}":{{}}'),
    ),
    Shape(
        name="misfits",
        message="Beside",
        make=_object(lambda n: f'"n{n}":{{"kind":"b","list":[{n},"{n}"]}}'),
    ),
    Shape(
        name="one_misfit",
        message="Beside",
        make=lambda size: _joined('{"n":{"list":[', str, ',"x"],"kind":"b"}}', size),
    ),
    Shape(
        name="others_of_others",
        message="Beside",
        make=_object(lambda n: f'"n{n}":{{"near":{{"a":{{"near":{{"b":{{}},"c":{{}}}}}}}}}}'),
    ),
    Shape(
        name="broken_at_the_end",
        message="Any",
        make=lambda size: _joined("[", lambda n: f'{{"a":{n}}}', ",]", size),
        statuses=("JSON",),
    ),
)
"""All shapes; the statuses are those that decode may give."""
