"""What mqbind_add_protocol() refuses while CMake configures: each in one clear sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.consumers.installation import DOOR, MQBIND, attempt, configure_command
from tests.support.compiler import ROOT

PROJECT = """\
cmake_minimum_required(VERSION 3.20)
project(mistakes LANGUAGES {languages})
find_package(mqbind REQUIRED COMPONENTS runtime)
include(calls.cmake)
"""
DOOR_YAML = DOOR / "door.yaml"
WARNED_YAML = ROOT / "tests" / "errors" / "required_but_undefined.yaml"
TWO_IN_ONE = f"""\
mqbind_add_protocol(TARGET one SCHEMA "{DOOR_YAML}" OUTPUT_DIR generated VIEW own)
mqbind_add_protocol(TARGET two SCHEMA "{DOOR_YAML}" OUTPUT_DIR a/../generated VIEW peer)
"""
CALLS = {
    f'TARGET t SCHEMA "{DOOR_YAML}" OPERATIONS': "OPERATIONS has no value",
    f'TARGET t OPERATIONS SCHEMA "{DOOR_YAML}"': "OPERATIONS has no value",
    f'TARGET t SCHEMA "{DOOR_YAML}" OPERATIONS ""': "OPERATIONS has no value",
    f'TARGET t SCHEMA "{DOOR_YAML}" OPERATIONS "" ""': "OPERATIONS has no value",
    f'TARGET t SCHEMA "{DOOR_YAML}" VIEW': "VIEW has no value",
    f'TARGET t VIEW SCHEMA "{DOOR_YAML}"': "VIEW has no value",
    f'TARGET t SCHEMA "{DOOR_YAML}" VIEW "${{none}}"': "VIEW has no value",
    f'TARGET t SCHEMA "{DOOR_YAML}" SERVER': "SERVER has no value",
    f'TARGET t SCHEMA "{DOOR_YAML}" ROOT ""': "ROOT has no value",
    f'TARGET t SCHEMA "{DOOR_YAML}" OUTPUT_DIR ""': "OUTPUT_DIR has no value",
    f'TARGET SCHEMA "{DOOR_YAML}"': "TARGET has no value",
    "TARGET t SCHEMA": "SCHEMA has no value",
    "TARGET t": "TARGET and SCHEMA are required",
    f'TARGET t SCHEMA "{DOOR_YAML}" OPERATION state': "unknown argument OPERATION",
    f'TARGET mqbind::runtime SCHEMA "{DOOR_YAML}"': 'there is already a target "mqbind::runtime"',
    f'TARGET t SCHEMA "{DOOR_YAML}" VIEW all': "'all' is not one of",
    f'TARGET t SCHEMA "{DOOR_YAML}" PROFILE quick': 'PROFILE is "quick", must be balanced or speed',
    f'TARGET t SCHEMA "{DOOR_YAML}" OPERATIONS dance': "no operation `dance`",
    f'TARGET t SCHEMA "{WARNED_YAML}" STRICT': "error: `levl` is required, but not defined",
}


class Project:
    """A project whose calls differ from test to test."""

    def __init__(self, folder: Path, prefix: Path, languages: str) -> None:
        self._source, self._prefix = folder / "source", prefix
        self._build = folder / "build"
        self._source.mkdir()
        (self._source / "CMakeLists.txt").write_text(PROJECT.format(languages=languages))

    def configured(self, calls: str, *options: str, mqbind: Path = MQBIND) -> tuple[int, str]:
        """The status, and what CMake says, without its line breaks."""
        (self._source / "calls.cmake").write_text(calls)
        where = (f"-DCMAKE_PREFIX_PATH={self._prefix}", f"-DMQBIND_EXECUTABLE={mqbind}")
        command = configure_command(self._source, self._build, "-GNinja", *where, *options)
        done = attempt(*command)
        return done.returncode, " ".join(done.stderr.split())

    def refused(self, calls: str, mqbind: Path = MQBIND) -> str:
        """The sentence, which is the only one."""
        status, said = self.configured(calls, mqbind=mqbind)
        assert status != 0
        assert said.count("CMake Error") == 1, said
        return said


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, prefix: Path) -> Project:
    return Project(tmp_path_factory.mktemp("mistakes"), prefix, "C")


def protocol(arguments: str) -> str:
    return f"mqbind_add_protocol({arguments})\n"


@pytest.mark.parametrize("arguments", CALLS)
def test_a_mistake_in_the_call(project: Project, arguments: str) -> None:
    assert CALLS[arguments] in project.refused(protocol(arguments))


def test_two_targets_with_one_folder(project: Project) -> None:
    said = project.refused(TWO_IN_ONE)
    assert '"one" and "two" have the same OUTPUT_DIR' in said
    status, said = project.configured(TWO_IN_ONE.replace("a/../generated", "other"))
    assert (status, said) == (0, "")


def test_the_same_target_twice(project: Project) -> None:
    call = protocol(f'TARGET one SCHEMA "{DOOR_YAML}"')
    assert 'there is already a target "one"' in project.refused(call + call)


def test_a_project_in_cpp_only(tmp_path: Path, prefix: Path) -> None:
    project = Project(tmp_path, prefix, "CXX")
    call = protocol(f'TARGET door SCHEMA "{DOOR_YAML}"')
    assert "add C to the LANGUAGES of its project()" in project.refused(call)
    status, said = project.configured(f"enable_language(C)\n{call}")
    assert (status, said) == (0, "")


# ---- The command ----


def script(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(0o755)
    return path


CALL = protocol(f'TARGET door SCHEMA "{DOOR_YAML}"')
BROKEN = {
    "gone": (None, "no such file or directory"),
    "a file": ("not executable", "Permission denied"),
    "other interpreter": ("#!/nowhere/python\n", "no such file or directory"),
    "no module": (
        "#!/bin/sh\necho Traceback >&2\necho ModuleNotFoundError: no yaml >&2\nexit 1\n",
        "ModuleNotFoundError: no yaml",
    ),
    "silent": ("#!/bin/sh\nexit 3\n", 'printed "" and ended with status 3'),
    "another program": ("#!/bin/sh\necho hello\n", 'printed "hello" and ended with status 0'),
    "killed": ("#!/bin/sh\nkill -9 $$\n", "killed"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_command_that_does_not_run(project: Project, tmp_path: Path, what: str) -> None:
    text, reason = BROKEN[what]
    mqbind = tmp_path / "mqbind"
    if text is not None:
        script(mqbind, text)
    if what == "a file":
        mqbind.chmod(0o644)
    said = project.refused(CALL, mqbind)
    assert f"{mqbind} does not run: " in said
    assert reason.lower() in said.lower()


def other(folder: Path, change: str) -> Path:
    """The command, of which sed changes what it prints."""
    text = f'#!/bin/sh\nout=$("{MQBIND}" "$@") || exit\nprintf "%s\\n" "$out" | sed \'{change}\'\n'
    return script(folder / "mqbind", text)


def test_another_version_is_reported(project: Project, tmp_path: Path) -> None:
    """It may fit nevertheless."""
    mqbind = other(tmp_path, 's/"version": .*/"version": "0.0.9",/')
    status, said = project.configured(CALL + CALL.replace("door ", "gate "), mqbind=mqbind)
    assert status == 0
    assert said.count("CMake Warning") == 1
    assert f"{mqbind} is mqbind 0.0.9, but the runtime is of mqbind 0.1.0" in said


def test_another_version_that_lacks_an_option(project: Project, tmp_path: Path) -> None:
    text = (
        '#!/bin/sh\n[ "$1" = --version ] && echo mqbind 0.0.9 && exit\necho No option >&2\nexit 2\n'
    )
    said = project.refused(CALL, script(tmp_path / "mqbind", text))
    assert "is mqbind 0.0.9, but the runtime is of mqbind 0.1.0" in said
    assert "No option" in said


def test_code_for_another_runtime_is_refused(project: Project, tmp_path: Path) -> None:
    said = project.refused(CALL, other(tmp_path, 's/"abi": .*/"abi": 999,/'))
    assert "its ABI is 999" in said
    assert "Install the same version of both" in said


def test_a_missing_command(tmp_path: Path, prefix: Path) -> None:
    project = Project(tmp_path, prefix, "C")
    nowhere = "set(CMAKE_FIND_USE_SYSTEM_ENVIRONMENT_PATH OFF)\n"
    said = project.refused(nowhere + CALL, Path("MQBIND_EXECUTABLE-NOTFOUND"))
    assert "The command mqbind is missing. Install it with pip" in said
