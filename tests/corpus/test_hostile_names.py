"""Titles, names and counts that are made to break C give C that compiles, or a diagnostic."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from mqbind.diagnostics import Diagnostic, Diagnostics, Failed
from mqbind.emit.write import write
from mqbind.pipeline import compile_schema
from mqbind.rules import Rule
from tests.corpus.test_corpus import compile_all
from tests.support.compiler import ROOT, STRICT

LONG = "Word" * 75


def document(
    payload: object, *, title: str = "T", message: str = "m", channel: str = "c", **info: str
) -> dict[str, Any]:
    return {
        "asyncapi": "3.0.0",
        "info": {"title": title, "version": "1", **info},
        "channels": {channel: {"address": "a", "messages": {message: {"payload": payload}}}},
        "operations": {"o": {"action": "send", "channel": {"$ref": f"#/channels/{channel}"}}},
    }


def saved(folder: Path, content: dict[str, Any]) -> Path:
    file = folder / "d.json"
    file.write_text(json.dumps(content))
    return file


def findings(folder: Path, content: dict[str, Any]) -> list[Diagnostic]:
    diagnostics = Diagnostics()
    with pytest.raises(Failed):
        compile_schema(saved(folder, content), diagnostics)
    return list(diagnostics)


OBJECT = {"type": "object", "properties": {"a": {"type": "string"}}}


@pytest.mark.parametrize("title", ["mqb", "MQB", "mqb client", "mqbClient"])
def test_a_title_that_is_the_prefix_of_the_runtime_is_refused(title: str, tmp_path: Path) -> None:
    [found] = findings(tmp_path, document(OBJECT, title=title))
    assert found.rule is Rule.RESERVED_PREFIX
    assert "x-mqbind-prefix" in found.remedy
    assert (found.location.line, found.location.column) == (1, 41)


def test_a_prefix_that_is_the_runtimes_is_refused(tmp_path: Path) -> None:
    [found] = findings(tmp_path, document(OBJECT, **{"x-mqbind-prefix": "mqb_a"}))
    assert found.rule is Rule.RESERVED_PREFIX


def test_another_prefix_makes_the_title_right(tmp_path: Path) -> None:
    content = document(OBJECT, title="mqb", **{"x-mqbind-prefix": "lamp"})
    compile_all(saved(tmp_path, content), tmp_path / "c")


@pytest.mark.parametrize("title", ["mqbind", "mqbs", "main", "errno", "int", "std"])
def test_titles_that_only_look_like_it_compile(title: str, tmp_path: Path) -> None:
    compile_all(saved(tmp_path, document(OBJECT, title=title)), tmp_path / "c")


@pytest.mark.parametrize(
    "names",
    [
        {"title": LONG},
        {"title": "T" * 300},
        {"message": LONG},
        {"channel": LONG},
        {"title": LONG, "message": LONG, "channel": LONG},
    ],
    ids=lambda names: " ".join(names),
)
def test_long_names_make_files_that_any_system_holds(names: dict[str, str], tmp_path: Path) -> None:
    content = document(OBJECT, **names)
    content["channels"][names.get("channel", "c")]["messages"][LONG * 2] = {"payload": {}}
    compile_all(saved(tmp_path, content), tmp_path / "c")
    assert max(len(path.name) for path in (tmp_path / "c").iterdir()) <= 143


def test_long_titles_that_begin_alike_have_prefixes_of_their_own(tmp_path: Path) -> None:
    first, second = (
        compile_schema(saved(tmp_path, document(OBJECT, title=LONG + end)), Diagnostics()).files
        for end in ("One", "Two")
    )
    assert not (set(first) & set(second)) - {"README.md"}


@pytest.mark.parametrize("key", ["x-mqbind-prefix", "x-mqbind-role", "x-mqbind-peer-role"])
def test_a_given_name_that_is_too_long_is_refused(key: str, tmp_path: Path) -> None:
    [found] = findings(tmp_path, document(OBJECT, **{key: "a" * 300}))
    assert found.message.startswith(f"invalid value for `{key}`: ")
    assert len(found.message) < 200


LIMITS = (0, 1, 2**31 - 2, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**63, 2**64 - 1, 2**64, 2**70)
COUNTED = {
    "array": ("minItems", "maxItems", {"items": {"type": "integer"}}),
    "string": ("minLength", "maxLength", {}),
    "object": ("minProperties", "maxProperties", {"additionalProperties": {"type": "integer"}}),
}


def counts() -> dict[str, Any]:
    """A member for each count, alone and beside what leaves it to a constraint."""
    found: dict[str, Any] = {}
    for kind, (least, most, more) in COUNTED.items():
        for limit in LIMITS:
            for key in (least, most):
                found[f"{key}_{limit}"] = {"type": kind, key: limit, **more}
                found[f"any_{key}_{limit}"] = {"anyOf": [{key: limit}, {"type": "null"}]}
        found[f"{kind}_both"] = {"type": kind, least: 0, most: 2**70, **more}
    for bits in (8, 16, 31, 32, 53, 63, 64, 65):
        for value in (2**bits - 1, 2**bits, -(2**bits), -(2**bits) - 1):
            found[f"from_{value}"] = {"type": "integer", "minimum": value}
            found[f"to_{value}"] = {"type": "integer", "maximum": value}
            found[f"is_{value}"] = {"type": "integer", "enum": [value, 0]}
    return found


def test_no_count_is_beyond_what_c_compares(tmp_path: Path) -> None:
    """For 64 and for 32 bits."""
    content = document({"type": "object", "properties": counts()})
    folder = tmp_path / "c"
    compile_all(saved(tmp_path, content), folder)
    # The headers of the system are for 64 bits: these few functions are all that is used of them.
    (tmp_path / "string.h").write_text(
        "#include <stddef.h>\n"
        "void *memchr(const void *, int, size_t);\n"
        "int memcmp(const void *, const void *, size_t);\n"
        "void *memcpy(void *, const void *, size_t);\n"
        "void *memmove(void *, const void *, size_t);\n"
        "void *memset(void *, int, size_t);\n"
    )
    for target in ("armv7m-none-eabi", "i386-none-elf"):
        command = ["clang", f"--target={target}", "-ffreestanding", "-std=c11", *STRICT]
        command += ["-Wtype-limits", "-fsyntax-only", f"-I{tmp_path}", f"-I{ROOT / 'include'}"]
        sources = map(str, sorted(folder.glob("*.c")))
        done = subprocess.run([*command, *sources], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[:3000]


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "maxLength": 2**70},
        {"type": "array", "maxItems": 2**70, "items": {"type": "integer"}},
        {
            "type": "array",
            "maxItems": 2**20,
            "x-mqbind-storage": "inline",
            "items": {"type": "string", "maxLength": 2**20, "x-mqbind-storage": "inline"},
        },
    ],
    ids=["text", "list", "list of texts"],
)
def test_what_no_object_can_hold_inline_is_refused(schema: dict[str, Any], tmp_path: Path) -> None:
    inline = {**schema, "x-mqbind-storage": "inline"}
    for payload in (inline, {"type": "object", "properties": {"a": inline}}):
        [found] = findings(tmp_path, document(payload))
        assert found.rule is Rule.OBJECT_TOO_LARGE


def test_names_of_the_runtime_and_of_c_compile_everywhere(tmp_path: Path) -> None:
    """As members, parameters, channels, messages, operations and roles."""
    words = (
        *(
            "mqb_str",
            "mqb_client",
            "mqb_reader_int",
            "mqb_writer_name",
            "MQB_OK",
            "memcpy",
            "printf",
        ),
        *("size_t", "uint8_t", "NULL", "true", "r", "w", "out", "in", "has", "is_null", "kind"),
        *("as", "items", "count", "entries", "message", "routes", "user", "handlers", "binding"),
        *("client", "status", "read", "write", "init", "receive", "deliver", "send", "values"),
        *("parameters", "topic", "group", "links", "walk", "at", "list", "value", "mark", "i"),
    )
    fields = {word: {"type": "array", "items": {"type": "string"}} for word in words}
    content = document({"type": "object", "properties": fields, "required": list(words[::2])})
    content["operations"] = {}
    for number, word in enumerate(words):
        content["channels"][word] = {
            "address": f"x{number}/{{{word}}}/{{other}}",
            "parameters": {word: {"enum": ["a", "b"]}, "other": {}},
            "messages": {word: {"payload": {"oneOf": [{"type": "string"}, fields[word]]}}},
        }
        content["operations"][word] = {
            "action": ("send", "receive")[number % 2],
            "channel": {"$ref": f"#/channels/{word}"},
        }
    for role in ("message", "out", "mqb_client"):
        content["info"]["x-mqbind-role"] = role
        compile_all(saved(tmp_path, content), tmp_path / role)


def test_compiled_files_are_written_whole(tmp_path: Path) -> None:
    """What is written for a long title is what is listed."""
    files = compile_schema(saved(tmp_path, document(OBJECT, title=LONG)), Diagnostics()).files
    write(tmp_path / "c", files)
    assert {path.name for path in (tmp_path / "c").iterdir()} == set(files)
