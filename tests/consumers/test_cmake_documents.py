"""mqbind_add_protocol() with overlays and maps, and what it prints of a document with mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.consumers.installation import MQBIND, attempt, configure_command, run

PROJECT = """\
cmake_minimum_required(VERSION 3.20)
project(documents LANGUAGES C)
find_package(mqbind REQUIRED COMPONENTS runtime)
mqbind_add_protocol(TARGET lamp SCHEMA lamp.yaml {arguments})
"""
LAMP = """\
asyncapi: 3.0.0
info: {title: Lamp, version: 1.0.0}
channels:
  state:
    address: lamp/state
    messages: {State: {payload: {$ref: 'https://schemas.example/v1/state.json'}}}
operations:
  state: {action: send, channel: {$ref: '#/channels/state'}}
"""
STATE = '{"type": "object", "properties": {"on": {"type": "boolean"}}}'
OVERLAY = """\
overlay: 1.0.0
info: {title: O, version: 1.0.0}
actions: [{target: $.info, update: {x-mqbind-prefix: PREFIX}}]
"""
OPTIONS = "OVERLAYS first.yaml second.yaml MAPS https://schemas.example/v1=copies"


def project(folder: Path, prefix: Path, arguments: str) -> tuple[Path, list[str]]:
    """The folder of a project, and the command that configures it."""
    source = folder / "a source"
    (source / "copies").mkdir(parents=True)
    (source / "CMakeLists.txt").write_text(PROJECT.format(arguments=arguments))
    (source / "lamp.yaml").write_text(LAMP)
    (source / "copies" / "state.json").write_text(STATE)
    (source / "first.yaml").write_text(OVERLAY.replace("PREFIX", "first"))
    (source / "second.yaml").write_text(OVERLAY.replace("PREFIX", "second"))
    where = (f"-DCMAKE_PREFIX_PATH={prefix}", f"-DMQBIND_EXECUTABLE={MQBIND}")
    return source, configure_command(source, folder / "build", "-GNinja", *where)


def headers(folder: Path) -> set[str]:
    return {each.name for each in (folder / "build/lamp.mqbind/generated").glob("*_state.h")}


def test_overlays_and_maps_are_applied_and_watched(tmp_path: Path, prefix: Path) -> None:
    source, configure = project(tmp_path, prefix, OPTIONS)
    run(*configure)
    run("cmake", "--build", tmp_path / "build")
    assert headers(tmp_path) == {"second_state.h"}
    (source / "second.yaml").write_text(OVERLAY.replace("PREFIX", "changed"))
    (source / "copies" / "state.json").write_text(STATE.replace("on", "lit"))
    run("cmake", "--build", tmp_path / "build")
    assert headers(tmp_path) == {"changed_state.h"}
    header = tmp_path / "build/lamp.mqbind/generated/changed_state.h"
    assert "bool lit;" in header.read_text()


@pytest.mark.parametrize(
    "value", ["https://schemas.example", "=copies", "https://schemas.example="]
)
def test_a_map_has_two_sides(tmp_path: Path, prefix: Path, value: str) -> None:
    _, configure = project(tmp_path, prefix, f"MAPS {value}")
    done = attempt(*configure)
    assert done.returncode != 0
    said = " ".join(done.stderr.split())
    assert f'MAPS has "{value}", which is not URI=FOLDER' in said


def test_each_diagnostic_is_on_one_line(tmp_path: Path, prefix: Path) -> None:
    source, configure = project(tmp_path, prefix, OPTIONS)
    words = "a description; with [brackets] and ${variables} and \\\\ " * 8
    lamp = LAMP.replace("address: lamp/state", f"address: 'lamp/#'\n    adress: '{words}'")
    (source / "lamp.yaml").write_text(lamp)
    done = attempt(*configure)
    assert done.returncode != 0
    options = ("--map", f"https://schemas.example/v1={source / 'copies'}")
    checked = attempt(MQBIND, "check", source / "lamp.yaml", *options)
    diagnostics = checked.stderr.splitlines()
    assert len(diagnostics) == 2
    lines = [line.strip() for line in done.stderr.splitlines()]
    assert [line for line in lines if "[MQB" in line] == diagnostics
