"""A generated library that is installed and exported, and a project that uses it."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.consumers.installation import DOOR, MQBIND, ROOT, configure_command, run
from tests.foreign.machine import EMULATOR, FOREIGN
from tests.support.scale import LONG

LIBRARY = """\
cmake_minimum_required(VERSION 3.20)
project(protocols LANGUAGES C)
include(GNUInstallDirs)
{mqbind}
mqbind_add_protocol(TARGET door_protocol SCHEMA door.yaml)
install(TARGETS door_protocol EXPORT protocols)
install(EXPORT protocols NAMESPACE my:: DESTINATION "${{CMAKE_INSTALL_LIBDIR}}/cmake/protocols"
        FILE protocols-config.cmake)
# Also in a shared library.
add_library(shared SHARED state.c)
target_link_libraries(shared PRIVATE door_protocol)
"""
USER = """\
cmake_minimum_required(VERSION 3.20)
project(user LANGUAGES C)
find_package(mqbind REQUIRED COMPONENTS runtime)
find_package(protocols REQUIRED)
add_executable(user state.c)
target_link_libraries(user PRIVATE my::door_protocol)
"""
STATE = """\
#include <stdio.h>
#include "door_state.h"

int main(void)
{
    const struct door_state state = {.open = true};
    char text[32];
    size_t length;

    (void)door_state_encode(&state, text, sizeof text, &length, NULL);
    return puts(text) < 0;
}
"""
SAYS = '{"open":true}\n'
TOOLCHAIN = f"""\
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_MAKE_PROGRAM {shutil.which("ninja")} CACHE FILEPATH "")
set(CMAKE_SYSTEM_PROCESSOR powerpc)
set(CMAKE_C_COMPILER {shutil.which(FOREIGN)})
set(CMAKE_FIND_ROOT_PATH /usr/powerpc-linux-gnu)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
"""


def install_library(folder: Path, mqbind: str, *options: str, target: str = "") -> Path:
    """The prefix, which was moved; what it was built from is gone. If there is a target, only this
    is built, and the folder of the build returned."""
    source, build = folder / "library", folder / "build"
    shutil.copytree(DOOR, source)
    (source / "CMakeLists.txt").write_text(LIBRARY.format(mqbind=mqbind))
    (source / "state.c").write_text(STATE)
    run(*configure_command(source, build, "-GNinja", "-DCMAKE_UNITY_BUILD=ON", *options))
    assert "door_protocol_unity" not in (build / "build.ninja").read_text()
    assert "mqbind_runtime_unity" not in (build / "build.ninja").read_text()
    run("cmake", "--build", build, *(("--target", target) if target else ()))
    if target:
        return build
    run("cmake", "--install", build, "--prefix", folder / "first place")
    shutil.rmtree(source)
    shutil.rmtree(build)
    return (folder / "first place").rename(folder / "moved")


def build_user(folder: Path, prefixes: list[Path], *options: str) -> Path:
    """The program."""
    source = folder / "user"
    source.mkdir()
    (source / "CMakeLists.txt").write_text(USER)
    (source / "state.c").write_text(STATE)
    path = f"-DCMAKE_PREFIX_PATH={';'.join(map(str, prefixes))}"
    run(*configure_command(source, source / "build", "-GNinja", path, *options))
    run("cmake", "--build", source / "build")
    return source / "build" / "user"


def test_with_an_installed_runtime(tmp_path: Path, prefix: Path) -> None:
    find = "find_package(mqbind REQUIRED COMPONENTS runtime)"
    options = (f"-DCMAKE_PREFIX_PATH={prefix}", f"-DMQBIND_EXECUTABLE={MQBIND}")
    library = install_library(tmp_path, find, *options)
    headers = {path.name for path in (library / "include").iterdir()}
    assert "door_state.h" in headers
    assert run(build_user(tmp_path, [prefix, library])) == SAYS


def test_with_the_runtime_of_a_checkout_for_another_machine(tmp_path: Path) -> None:
    """The runtime is installed as well. The command is found where programs of the other machine
    would not be."""
    toolchain = tmp_path / "toolchain.cmake"
    toolchain.write_text(TOOLCHAIN)
    other = f"-DCMAKE_TOOLCHAIN_FILE={toolchain}"
    runtime = ("-DMQBIND_INSTALL=ON", "-DMQBIND_MOSQUITTO=OFF", "-DMQBIND_PARSER=direct")
    add = f'add_subdirectory("{ROOT}" mqbind)'
    if not LONG:
        # Compiling the runtime takes a while.
        build = install_library(tmp_path, add, other, *runtime, target="door_protocol")
        assert "PowerPC" in run("readelf", "-h", build / "libdoor_protocol.a")
        return
    library = install_library(tmp_path, add, other, *runtime)
    program = build_user(tmp_path, [library], other, "-DCMAKE_EXE_LINKER_FLAGS=-static")
    assert run(EMULATOR, program) == SAYS
