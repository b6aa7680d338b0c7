"""Manners of the command line: one sentence for what is wrong, an exit code, no traceback."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.consumers.installation import MQBIND
from tests.support.waiting import DEADLINE_S
from tests.tools.conftest import Mqbind

ROOT = Path(__file__).parents[2]
FOLOTOY = ROOT / "schema" / "folotoy.yaml"
COMMANDS = ("generate", "check", "inspect", "replay")


@pytest.mark.parametrize(
    ("arguments", "reported"),
    [
        ((), "Missing command"),
        (("frobnicate",), "No such command 'frobnicate'"),
        (("--frobnicate",), "No such option"),
        (("check",), "Missing argument 'SCHEMA...'"),
        (("check", FOLOTOY, "--format", "xml"), "Invalid value for '--format'"),
        (("check", FOLOTOY, "--map", "x"), "`x` is not URI=FOLDER"),
        (("generate", FOLOTOY, "-o", "x", "--operations", "dance"), "no operation `dance`"),
        (("generate", FOLOTOY, "-o", ROOT / "LICENSE"), "is a file"),
        (("replay", FOLOTOY, "--role", "robot"), "has no role `robot`; known: application"),
        (("replay", FOLOTOY, "--view", "both"), "'both' is not one of"),
    ],
)
def test_a_bad_command_line_gets_one_sentence(
    mqbind: Mqbind, arguments: tuple[str | Path, ...], reported: str
) -> None:
    done = mqbind(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert reported in done.stderr
    assert done.stderr.startswith("mqbind: ")
    assert done.stderr.endswith("--help`\n")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("what", ["nothing", "folder", "secret", "binary", "text"])
def test_what_is_no_document_gets_one_sentence(
    mqbind: Mqbind, tmp_path: Path, command: str, what: str
) -> None:
    file = tmp_path / what
    if what == "folder":
        file.mkdir()
    elif what == "secret":
        # For root, who may read anything, a name that does not exist.
        file.symlink_to("/proc/self/mem" if os.geteuid() else file)
    elif what == "binary":
        file.write_bytes(bytes(range(256)))
    elif what == "text":
        file.write_text("Hello.\n")
    output = ("-o", tmp_path / "out") if command == "generate" else ()
    done = mqbind(command, file, *output)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"{file}:")
    assert ": error: " in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("option", ["-o", "--depfile"])
def test_what_cannot_be_written_gets_one_sentence(mqbind: Mqbind, option: str) -> None:
    output = () if option == "-o" else ("-o", "/dev/null/out", "--list-files")
    done = mqbind("generate", FOLOTOY, *output, option, "/dev/null/x")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "mqbind: /dev/null/x: Not a directory\n"


def test_a_full_disk_gets_one_sentence() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([MQBIND, "inspect", FOLOTOY], stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 2
    assert done.stderr == b"mqbind: input or output: No space left on device\n"


@pytest.mark.parametrize("command", ["inspect", "check --format json"])
def test_who_stops_reading_ends_it(command: str) -> None:
    name, *options = command.split()
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([MQBIND, name, FOLOTOY, *options], stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")


def test_ctrl_c_while_it_is_imported(tmp_path: Path) -> None:
    (tmp_path / "yaml.py").write_text("import time\nprint('here', flush=True)\ntime.sleep(60)\n")
    process = subprocess.Popen(
        [MQBIND, "check", str(FOLOTOY)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )
    assert process.stdout
    assert process.stdout.readline() == b"here\n"
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=DEADLINE_S)
    assert (process.returncode, stderr) == (-signal.SIGINT, b"")


@pytest.mark.parametrize("arguments", [("--help",), ("check", "--help"), ("explain", "MQB101")])
def test_a_full_disk_gets_one_sentence_for_help(arguments: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([MQBIND, *arguments], stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 2
    assert done.stderr == b"mqbind: input or output: No space left on device\n"


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("command", [*COMMANDS, "check --format json", "explain", "--help"])
def test_closed_streams_are_not_missed(tmp_path: Path, closed: str, command: str) -> None:
    """A daemon may start it without any of them; what it writes then goes nowhere else."""
    what = {"explain": ["MQB101"], "--help": []}.get(command, [str(FOLOTOY)])
    what += ["-o", str(tmp_path / "out")] if command == "generate" else []
    script = f'exec "$0" "$@" {closed}'
    words = [str(MQBIND), *command.split(), *what]
    done = subprocess.run(
        ["sh", "-c", script, *words], input="", capture_output=True, text=True, timeout=DEADLINE_S
    )
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    if command == "generate":
        assert (tmp_path / "out" / "folotoy_toy.h").read_text().endswith("#endif\n")


def test_names_that_are_not_utf8(mqbind: Mqbind, tmp_path: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/sch\xf6n"))
    folder.mkdir()
    schema = folder / os.fsdecode(b"\xff.yaml")
    schema.write_bytes(FOLOTOY.read_bytes())
    done = mqbind("generate", schema, "-o", folder / "out", "--depfile", tmp_path / "rule.d")
    assert (done.returncode, done.stderr) == (0, "")
    assert "sch\\udcf6n/out: 26 files" in done.stdout
    assert b"sch\xf6n/\xff.yaml" in (tmp_path / "rule.d").read_bytes()
    for command in (["check"], ["inspect"], ["check", "--format", "json"], ["replay"]):
        done = mqbind(*command, schema)
        assert (done.returncode, "Traceback" in done.stderr) == (0, False)
    schema.write_text(FOLOTOY.read_text().replace("minimum:", "minimun:"))
    reported = mqbind("check", "--format", "sarif", schema)
    assert "sch%F6n/%FF.yaml" in reported.stdout


def test_words_of_a_document_steer_no_terminal(mqbind: Mqbind, tmp_path: Path) -> None:
    """JSON can hold every character, and a terminal obeys some."""
    schema = tmp_path / "lamp.json"
    schema.write_text(
        '{"asyncapi": "3.0.0", "info": {"title": "La\\u001b[31mmp\\n", "version": "1\\u0007"},'
        '"chan\\u001bnels": {}, "channels": {}, "operations": {}}'
    )
    reported = mqbind("check", schema)
    assert "\\x1b" in reported.stderr
    assert reported.stderr.replace("\n", "").isprintable()
    schema.write_text(schema.read_text().replace('"chan\\u001bnels": {}, ', ""))
    reported = mqbind("inspect", schema)
    assert reported.stdout.startswith("La\\x1b[31mmp\\n 1\\x07\n")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_says_what_it_does(mqbind: Mqbind, command: str) -> None:
    done = mqbind(command, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"Usage: mqbind {command} [OPTIONS] SCHEMA")
    whole = mqbind("--help")
    assert f"  {command} " in whole.stdout
    assert "Exit codes: 0 success; 1 the document has errors" in " ".join(whole.stdout.split())
