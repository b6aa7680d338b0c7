"""Files as nodes: YAML 1.2 values, places, aliases, references between files."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from mqbind.diagnostics import Diagnostics, Location
from mqbind.load import load
from mqbind.load.document.nodes import Document, Node, ObjectNode, ScalarNode, integral, plain
from mqbind.load.document.parser import parse


def parsed(text: str, path: str = "a.yaml") -> ObjectNode:
    diagnostics = Diagnostics()
    node = parse(text, Document(name=path, path=path), diagnostics)
    assert [str(each) for each in diagnostics] == []
    assert isinstance(node, ObjectNode)
    return node


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on", "on"),
        ("yes", "yes"),
        ("No", "No"),
        ("true", True),
        ("FALSE", False),
        ("~", None),
        ("null", None),
        ("", None),
        ("012", 12),
        ("-7", -7),
        ("+7", 7),
        ("0o17", 15),
        ("0xff", 255),
        ("0b1", "0b1"),
        ("1_000", "1_000"),
        ("1:30", "1:30"),
        ("2024-01-01", "2024-01-01"),
        ("1.0", Decimal("1.0")),
        ("1e3", Decimal("1e3")),
        (".5", Decimal("0.5")),
        ("1.", Decimal("1")),
        ("3.0.0", "3.0.0"),
        ("'12'", "12"),
        ('"12"', "12"),
        ("!!str 12", "12"),
        ("98765432109876543210", 98765432109876543210),
        ("=", "="),
        (".", "."),
    ],
)
def test_scalars_of_yaml_1_2(text: str, value: object) -> None:
    node = parsed(f"a: {text}\n").get("a")
    assert isinstance(node, ScalarNode)
    assert node.value == value
    assert type(node.value) is type(value)


def test_keys_are_texts() -> None:
    assert list(parsed("1: a\ntrue: b\n~: c\n").entries) == ["1", "true", "~"]


def test_places_of_keys_and_values() -> None:
    node = parsed("a:\n  bcd: 12\n  e: [x, {y: z}]\n")
    inner = node.get("a")
    assert isinstance(inner, ObjectNode)
    assert inner.key_location("bcd") == Location(file="a.yaml", line=2, column=3)
    value = inner.get("bcd")
    assert value is not None
    assert value.location == Location(file="a.yaml", line=2, column=8)
    last = inner.items("e")[1]
    assert last.pointer == "/a/e/1"
    assert last.location == Location(file="a.yaml", line=3, column=10)


def test_columns_count_characters() -> None:
    node = parsed("{语言: 好, b: 1}\n")
    assert node.key_location("b").column == 9


def test_pointers_escape_slash_and_tilde() -> None:
    node = parsed("a/b~c: 1\n").get("a/b~c")
    assert node is not None
    assert node.pointer == "/a~1b~0c"


def test_aliases_share_a_node() -> None:
    node = parsed("a: &x {b: 1}\nc: *x\n")
    assert node.get("a") is node.get("c")


def test_json_with_surrogates_and_tabs() -> None:
    text = '{\n\t"a": "\\ud83d\\ude00",\n\t"b": "\\\\ud83d\\\\ude00",\n\t"c":"x\\/y"\n}'
    assert plain(parsed(text, "a.json")) == {"a": "😀", "b": "\\ud83d\\ude00", "c": "x/y"}


@pytest.mark.parametrize("length", [1000, 1021, 1022, 1023, 1024, 1025, 70_000])
def test_keys_of_json_have_any_length(length: int) -> None:
    key = '\\"' + "k" * (length - 1)
    text = f'{{"a": [1, "{key}"],\n "{key}": {{"{key}" : 2, "b": [3]}}}}'
    node = parsed(text, "a.json")
    name = key.replace("\\", "")
    assert plain(node) == {"a": [1, name], name: {name: 2, "b": [3]}}
    assert node.key_location(name) == Location(file="a.json", line=2, column=2)
    inner = node.get(name)
    assert isinstance(inner, ObjectNode)
    column = 2 + 2 * len(f'"{key}"') + len(": {") + len(" : 2, ")
    assert inner.key_location("b") == Location(file="a.json", line=2, column=column)


def test_a_key_that_yaml_does_not_take_is_reported_at_its_place() -> None:
    diagnostics = Diagnostics()
    text = "a: 1\n'" + "k" * 2000 + "': 1\n"
    assert parse(text, Document(name="a.yaml", path="a.yaml"), diagnostics) is None
    [found] = diagnostics
    assert (found.location.line, found.location.column) == (2, 2003)


def test_byte_order_mark_is_ignored(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(b"\xef\xbb\xbfasyncapi: 3.0.0\ninfo: {title: T, version: '1'}\n")
    assert load(file, Diagnostics()) is not None


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1, 1), (Decimal("1.0"), 1), (Decimal("1e2"), 100), (Decimal("1.5"), None), (True, None)],
)
def test_what_json_schema_calls_an_integer(value: int | Decimal, expected: int | None) -> None:
    assert integral(value) == expected


def test_plain_numbers_keep_their_point() -> None:
    node: Node = parsed("a: 42.0\nb: 42\n")
    assert repr(plain(node)) == "{'a': 42.0, 'b': 42}"


def finding(path: Path | str) -> str:
    diagnostics = Diagnostics()
    assert load(path, diagnostics) is None
    [found] = diagnostics
    return str(found)


def test_file_that_is_not_there() -> None:
    assert finding("no/such.yaml").startswith(
        "no/such.yaml:1:1: error: cannot read `no/such.yaml`: No such file or directory; "
    )


def test_folder_instead_of_a_file(tmp_path: Path) -> None:
    assert "is not a file" in finding(tmp_path)


def test_path_with_a_nul() -> None:
    assert "cannot read" in finding("a\0b")


def test_file_that_is_not_utf_8(tmp_path: Path) -> None:
    file = tmp_path / "latin.yaml"
    file.write_bytes("asyncapi: 3.0.0\nü: ü".encode("latin-1"))
    assert finding(file).startswith(f"{file}:2:1: error: byte 0xFC is not valid UTF-8; ")


def test_file_that_is_too_large(tmp_path: Path) -> None:
    file = tmp_path / "large.yaml"
    with file.open("wb") as stream:
        stream.truncate(40 * 1024 * 1024)
    assert "is larger than" in finding(file)


def test_other_files_and_their_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sub dir").mkdir()
    (tmp_path / "main.yaml").write_text(
        "asyncapi: 3.0.0\ninfo: {title: T, version: '1'}\n"
        "channels: {c: {address: a, messages: {m: {$ref: 'sub%20dir/parts.yaml#/x~1y/m'}}}}\n"
    )
    (tmp_path / "sub dir" / "parts.yaml").write_text(
        "x/y:\n  m: {payload: {$ref: '../types.json'}}\n"
    )
    (tmp_path / "types.json").write_text(
        '{"type": "object", "properties": {"n": {"$ref": "#/definitions/n"}},\n'
        ' "definitions": {"n": {"enum": ["a"]}}}'
    )
    monkeypatch.chdir(tmp_path.parent)
    root = tmp_path.name
    diagnostics = Diagnostics()
    protocol = load(f"{root}/main.yaml", diagnostics)
    assert list(diagnostics) == []
    assert protocol is not None
    assert protocol.files == (
        f"{root}/main.yaml",
        f"{root}/sub dir/parts.yaml",
        f"{root}/types.json",
    )
    assert protocol.source == "main.yaml"
    assert list(protocol.messages) == ["sub dir/parts.yaml#/x~1y/m"]
    assert list(protocol.definitions) == ["types.json#", "types.json#/definitions/n"]
    assert [each.hint for each in protocol.definitions.values()] == ["types", "n"]
    assert protocol.definitions["types.json#"].location.file == f"{root}/types.json"
