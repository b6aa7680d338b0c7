"""Each way of using mqbind from a project outside this tree."""

import os
import sys
from pathlib import Path

import pytest

from tests.consumers.installation import (
    DOOR_SAYS,
    MQBIND,
    ROOT,
    Door,
    attempt,
    build_and_install,
    configure_command,
    run,
)
from tests.support.compiler import STRICT
from tests.support.renew_locks import LOCKS

GENERATORS = ("Ninja", "Unix Makefiles")
WORKER_SAYS = "paho transport: idle\n"


@pytest.mark.parametrize("generator", GENERATORS)
def test_find_package(door: Door, prefix: Path, generator: str) -> None:
    """The command mqbind comes from PATH."""
    path = {"PATH": f"{MQBIND.parent}:{os.environ['PATH']}"}
    options = (f"-G{generator}", f"-DCMAKE_PREFIX_PATH={prefix}")
    run(*configure_command(door.source, door.build, *options), environment=path)
    door.make()
    assert door.says() == DOOR_SAYS


def use_paho(door: Door) -> None:
    """Make the program a worker, over the other transport."""
    door.edit("CMakeLists.txt", "runtime mosquitto", "runtime paho")
    door.edit("CMakeLists.txt", "mqbind::mosquitto", "mqbind::paho")
    door.edit("CMakeLists.txt", "main.c", "worker.c")


def test_find_package_with_paho(door: Door, prefix: Path) -> None:
    use_paho(door)
    door.configure(f"-DCMAKE_PREFIX_PATH={prefix}")
    commands = door.make()
    assert str(prefix) in commands
    assert "mosquitto" not in commands
    assert door.says() == WORKER_SAYS


@pytest.mark.parametrize("generator", GENERATORS)
def test_add_subdirectory(door: Door, generator: str) -> None:
    """The command mqbind comes from .venv of the checkout, which the set-up made."""
    options = (f"-G{generator}", f"-DMQBIND_CHECKOUT={ROOT}")
    run(*configure_command(door.source, door.build, *options))
    commands = door.make()
    assert f"{ROOT}/.venv/bin/mqbind" in commands.replace("/codegen/cmake/../..", "")
    assert door.says() == DOOR_SAYS
    assert "-Wconversion" not in commands, "our warnings are forced on the project"


def build_with_pkg_config(
    door: Door, prefix: Path, compiler: str, main: str, package: str = "mqbind-mosquitto"
) -> str:
    """What the program says."""
    run(MQBIND, "generate", door.source / "door.yaml", "-o", door.source, "--view", "own")
    strict = " ".join(STRICT)
    compile_c = f"gcc -std=c11 {strict} $(pkg-config --cflags mqbind) -c door_*.c"
    link = f"{compiler} {strict} $(pkg-config --cflags {package}) {main} door_*.o"
    libraries = f"$(pkg-config --libs {package})"
    search = {"PKG_CONFIG_PATH": str(prefix / "lib/pkgconfig")}
    # By a shell and eval: pkg-config escapes the blank in the path of the prefix.
    script = f'eval "{compile_c}" && eval "{link} -o door {libraries}"'
    run("sh", "-c", script, cwd=door.source, environment=search)
    return run(door.source / "door")


@pytest.mark.parametrize("compiler", ["gcc -std=c11", "clang -std=c11"])
def test_pkg_config(door: Door, prefix: Path, compiler: str) -> None:
    assert build_with_pkg_config(door, prefix, compiler, "main.c") == DOOR_SAYS


@pytest.mark.parametrize("compiler", ["g++ -std=c++11", "clang++ -std=c++11"])
def test_pkg_config_cpp(door: Door, prefix: Path, compiler: str) -> None:
    said = build_with_pkg_config(door, prefix, compiler, "main.cpp")
    assert said == "5 s\n/seconds: is 61, must be 1 to 60 (byte 11)\n"


@pytest.mark.parametrize("compiler", ["gcc -std=c11", "g++ -std=c++11 -xc++"])
def test_pkg_config_with_paho(door: Door, prefix: Path, compiler: str) -> None:
    main = "worker.c -xnone" if "++" in compiler else "worker.c"
    assert build_with_pkg_config(door, prefix, compiler, main, "mqbind-paho") == WORKER_SAYS


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel and the packages that it names: nothing else."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "venv", folder / "venv")
    pip = (folder / "venv" / "bin" / "pip", "install", "--quiet")
    run(*pip, "--require-hashes", "-r", LOCKS / "demo.txt", cwd=folder)
    wheel = (sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation")
    run(*wheel, "--wheel-dir", folder, ROOT, cwd=folder)
    [file] = folder.glob("mqbind-*.whl")
    run(*pip, "--no-index", file, cwd=folder)
    return folder / "venv"


def test_the_command_of_a_wheel(environment: Path, tmp_path: Path, door: Door) -> None:
    mqbind = environment / "bin" / "mqbind"
    assert "generate" in run(mqbind, "--help", cwd=tmp_path)
    schema, ours, theirs = door.source / "door.yaml", tmp_path / "ours", tmp_path / "theirs"
    run(MQBIND, "generate", schema, "-o", ours)
    run(mqbind, "generate", schema, "-o", theirs, cwd=tmp_path)
    assert contents(ours) == contents(theirs)
    cache = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    line = '{"topic":"door/17/unlock","payload":"{\\"seconds\\":5}"}'
    replay = """echo "$0" | "$1" replay "$2" 2>replay.log"""
    said = run("sh", "-c", replay, line, mqbind, schema, cwd=tmp_path, environment=cache)
    assert '"parameters": {"id": "17"}, "value": {"seconds":5}' in said


def test_cmake_finds_a_wheel(environment: Path, door: Door, tmp_path: Path) -> None:
    """Generator and runtime: in the active environment, in a prefix, and in a folder."""
    door.edit("CMakeLists.txt", "find_package(mqbind ", "find_package(mqbind 0.1 ")
    mqbind = environment / "bin" / "mqbind"
    active = {"PATH": f"{mqbind.parent}:{os.environ['PATH']}"}
    run(*configure_command(door.source, door.build, "-GNinja"), environment=active)
    commands = door.make()
    assert f"{mqbind} generate" in commands
    assert str(ROOT) not in commands
    assert door.says() == DOOR_SAYS

    folder = run(mqbind, "--cmake-dir").strip()
    command = (f"-Dmqbind_DIR={folder}", f"-DMQBIND_EXECUTABLE={mqbind}")
    for number, options in enumerate(((f"-DCMAKE_PREFIX_PATH={environment}",), command)):
        build = tmp_path / str(number)
        run(*configure_command(door.source, build, "-GNinja", *options))
        assert f"{mqbind} generate" in (build / "build.ninja").read_text()

    door.edit("CMakeLists.txt", "mqbind 0.1 ", "mqbind 0.2 ")
    refused = attempt("cmake", door.build, environment=active)
    assert 'requested version "0.2"' in " ".join(refused.stderr.split())


def test_cmake_finds_the_paho_transport_of_a_wheel(environment: Path, door: Door) -> None:
    use_paho(door)
    door.configure(f"-DCMAKE_PREFIX_PATH={environment}")
    commands = door.make()
    assert f"{environment}/" in commands
    assert "mosquitto" not in commands
    assert door.says() == WORKER_SAYS


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_without_transports(door: Door, tmp_path: Path) -> None:
    """A build for a microcontroller leaves them out; requesting one is an error."""
    transports = ("-DMQBIND_MOSQUITTO=OFF", "-DMQBIND_PAHO=OFF")
    options = (*transports, "-DMQBIND_LIMITS=MQB_DEPTH_MAX=16;MQB_PATH_BYTES=64")
    prefix = tmp_path / "small"
    build_and_install(tmp_path / "build", prefix, *options)
    assert not [*prefix.rglob("*mosquitto*"), *prefix.rglob("*paho*")]
    search = {"PKG_CONFIG_PATH": str(prefix / "lib/pkgconfig")}
    flags = run("pkg-config", "--cflags", "mqbind", environment=search).split()
    assert "-DMQB_DEPTH_MAX=16" in flags
    assert "-DMQB_PATH_BYTES=64" in flags

    refused = attempt(*door.configure_command(f"-DCMAKE_PREFIX_PATH={prefix}"))
    assert refused.returncode != 0
    assert "MQBIND_MOSQUITTO=OFF" in refused.stderr
    assert "MQBIND_PAHO" not in refused.stderr
    door.edit("CMakeLists.txt", "runtime mosquitto", "runtime paho")
    refused = attempt(*door.configure_command(f"-DCMAKE_PREFIX_PATH={prefix}"))
    assert refused.returncode != 0
    assert "MQBIND_PAHO=OFF" in refused.stderr
    door.edit("CMakeLists.txt", " COMPONENTS runtime paho", "")
    door.edit("CMakeLists.txt", " mqbind::mosquitto", "")
    door.edit("main.c", "#include <mqbind/mosquitto.h>\n", "")
    door.edit("main.c", "mqb_mosquitto_state_text(MQB_MOSQUITTO_IDLE)", '"none"')
    door.configure(f"-DCMAKE_PREFIX_PATH={prefix}")
    assert "-DMQB_DEPTH_MAX=16" in door.make()
    assert door.says() == DOOR_SAYS.replace("idle", "none")


def test_installed_engine_and_profile_are_reported(door: Door, tmp_path: Path) -> None:
    """What is compiled against an installation gets them."""
    prefix = tmp_path / "direct"
    options = ("-DMQBIND_PARSER=direct", "-DMQBIND_PROFILE=speed")
    build_and_install(tmp_path / "build", prefix, *options)
    search = {"PKG_CONFIG_PATH": str(prefix / "lib/pkgconfig")}
    flags = run("pkg-config", "--cflags", "mqbind", environment=search).split()
    assert {"-DMQB_PARSER_DIRECT", "-DMQB_PROFILE_SPEED"} <= set(flags)
    door.configure(f"-DCMAKE_PREFIX_PATH={prefix}")
    commands = door.make()
    assert "-DMQB_PARSER_DIRECT" in commands
    assert "-DMQB_PROFILE_SPEED" in commands
    assert door.says() == DOOR_SAYS


@pytest.mark.parametrize(
    ("options", "refusal"),
    [
        (("-DMQBIND_PARSER=fast",), "must be jsmn or direct"),
        (("-DMQBIND_PROFILE=fast",), "must be balanced or speed"),
        (
            ("-DMQBIND_PROFILE=speed",),
            "MQBIND_PROFILE is speed, which needs -DMQBIND_PARSER=direct",
        ),
    ],
)
def test_unknown_engines_and_profiles_are_refused(
    options: tuple[str, ...], refusal: str, tmp_path: Path
) -> None:
    refused = attempt("cmake", "-S", ROOT, "-B", tmp_path, *options)
    assert refusal in " ".join(refused.stderr.split())


@pytest.mark.parametrize("profile", ["speed", "balanced"])
def test_a_protocol_has_a_profile_of_its_own(door: Door, tmp_path: Path, profile: str) -> None:
    """Beside the runtime's."""
    prefix = tmp_path / "direct"
    build_and_install(
        tmp_path / "build",
        prefix,
        *("-DMQBIND_PARSER=direct", "-DMQBIND_PROFILE=speed")[: 1 + (profile == "balanced")],
    )
    door.edit("CMakeLists.txt", "VIEW own", f"PROFILE {profile} VIEW own")
    door.configure(f"-DCMAKE_PREFIX_PATH={prefix}")
    door.make()
    has_first_pass = "mqb_fast_restart" in run("nm", *door.build.rglob("libdoor*.a"))
    assert has_first_pass == (profile == "speed")
    assert door.says() == DOOR_SAYS


@pytest.mark.parametrize(
    ("missing", "package"),
    [("JSMN_INCLUDE_DIR", "libjsmn-dev"), ("LIBMOSQUITTO_LIBRARY", "libmosquitto-dev")],
)
def test_missing_library_is_named(tmp_path: Path, missing: str, package: str) -> None:
    command = ("cmake", "-S", ROOT, "-B", tmp_path, f"-D{missing}={missing}-NOTFOUND")
    # NOTFOUND makes CMake search again; with an empty root it finds nothing.
    nowhere = (f"-DCMAKE_FIND_ROOT_PATH={tmp_path}", "-DCMAKE_FIND_ROOT_PATH_MODE_INCLUDE=ONLY")
    only = (*nowhere, "-DCMAKE_FIND_ROOT_PATH_MODE_LIBRARY=ONLY")
    given = () if missing == "JSMN_INCLUDE_DIR" else ("-DJSMN_INCLUDE_DIR=/usr/include",)
    refused = attempt(*command, *only, *given)
    assert refused.returncode != 0
    assert f"apt-get install {package}" in " ".join(refused.stderr.split())


def test_refused_schema_stops_the_configuration(door: Door, prefix: Path) -> None:
    door.edit("door.yaml", "minimum: 1\n", "minimum: one\n")
    refused = attempt(*door.configure_command(f"-DCMAKE_PREFIX_PATH={prefix}"))
    assert refused.returncode != 0
    assert "door.yaml:" in refused.stderr
    assert ": error: " in refused.stderr
