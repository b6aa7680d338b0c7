"""Generated headers compile on every platform whose macros we know: all of them are defined here,
to nonsense, before each header is included."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from mqbind.diagnostics import Diagnostics
from mqbind.emit.write import write
from mqbind.pipeline import compile_schema
from mqbind.plan.symbols import identifiers
from tests.support.compiler import ROOT, STRICT

LIST = ROOT / "codegen" / "mqbind" / "plan" / "symbols" / "reserved_names.toml"
CORPUS = sorted(Path(__file__).parent.glob("*.yaml"))
PROTOCOLS = sorted((ROOT / "schema").glob("*.yaml"))
STANDARD = ("stdbool.h", "stddef.h", "stdint.h", "string.h")
"""What the runtime's headers include; on a platform they work beside its macros."""


def listed(*kinds: str) -> list[str]:
    groups = tomllib.loads(LIST.read_text())["names"]
    return [word for group in groups if group["kind"] in kinds for word in group["words"].split()]


def every() -> list[str]:
    return listed("keyword", "used", "macro")


def document(title: str) -> dict[str, Any]:
    """Whatever becomes a name is called like something in the list."""
    words = every()
    schema = {
        "type": "object",
        "required": words[::2],
        "properties": {word: {"type": "integer"} for word in words},
    }
    forms = {
        "oneOf": [
            {"title": word, "type": "object", "properties": {f"{word}_own": {}}, "required": [word]}
            for word in words[::7]
        ]
    }
    some = words[::9]
    return {
        "asyncapi": "3.0.0",
        "info": {"title": title, "version": "1"},
        "channels": {
            **{
                word: {
                    "address": f"{number}/{{{word}}}",
                    "parameters": {word: {}},
                    "messages": {word: {"payload": {"type": "object", "properties": {word: {}}}}},
                }
                for number, word in enumerate(some)
            },
            "all": {
                "address": "all",
                "messages": {
                    "fields": {"payload": schema},
                    "forms": {"payload": forms},
                    "choice": {"payload": {"type": "string", "enum": words}},
                },
            },
        },
        "operations": {
            word: {"action": action, "channel": {"$ref": f"#/channels/{word}"}}
            for number, word in enumerate([*some, "all"])
            for action in (("send", "receive")[number % 2],)
        },
    }


def compile_headers(folder: Path) -> None:
    """C and C++ of all headers of a folder behind all macros."""
    headers = [path.name for path in sorted(folder.glob("*.h"))]
    assert headers
    text = "".join(f"#include <{name}>\n" for name in STANDARD)
    text += "".join(f"#undef {word}\n#define {word} @ nonsense @\n" for word in listed("macro"))
    text += "".join(f'#include "{name}"\n' for name in headers)
    for compiler, standard, ending in (
        ("gcc", "-std=c11", "c"),
        ("clang", "-std=c11", "c"),
        ("g++", "-std=c++11", "cc"),
        ("clang++", "-std=c++20", "cc"),
    ):
        file = folder / f"behind_macros.{ending}"
        file.write_text(text)
        command = [compiler, standard, *STRICT, "-fsyntax-only", "-I", str(ROOT / "include")]
        done = subprocess.run([*command, str(file)], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[:3000]


@pytest.mark.parametrize("schema", [*PROTOCOLS, *CORPUS], ids=lambda path: path.stem)
def test_headers_compile_behind_all_macros(schema: Path, tmp_path: Path) -> None:
    write(tmp_path, compile_schema(schema, Diagnostics()).files)
    compile_headers(tmp_path)


@pytest.mark.parametrize("title", ["A title", "uint8", "int least8"])
def test_a_document_of_reserved_names_compiles(title: str, tmp_path: Path) -> None:
    source = tmp_path / "names.json"
    source.write_text(json.dumps(document(title)))
    diagnostics = Diagnostics()
    folder = tmp_path / "generated"
    write(folder, compile_schema(source, diagnostics).files)
    assert not [each for each in diagnostics if each.severity == "error"]
    compile_headers(folder)
    sources = map(str, sorted(folder.glob("*.c")))
    command = ["gcc", "-std=c11", *STRICT, "-fsyntax-only", "-I", str(ROOT / "include")]
    done = subprocess.run([*command, *sources], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[:3000]


def test_no_name_is_a_reserved_one() -> None:
    reserved = set(every())
    assert not [word for word in reserved if identifiers.identifier(word) in reserved]


def test_the_list_names_each_once_and_has_a_known_kind() -> None:
    groups = tomllib.loads(LIST.read_text())["names"]
    assert {group["kind"] for group in groups} == {"keyword", "used", "macro"}
    assert all(group["platform"] for group in groups)
    assert len(every()) == len(set(every()))
    assert all(re.fullmatch(r"[A-Za-z_]\w*", word) for word in every())
