"""The command line: what it writes, prints and refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mqbind.cli import main
from tests.support.compiler import compile_c

ROOT = Path(__file__).parents[2]
FOLOTOY = ROOT / "schema" / "folotoy.yaml"


def run(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.fixture
def generated(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    assert run("generate", FOLOTOY, "-o", folder).exit_code == 0
    return folder


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def change(path: Path) -> None:
    path.write_text(f"{path.read_text()}changed\n")


def test_output_is_what_is_committed(generated: Path) -> None:
    committed = ROOT / "generated" / "folotoy"
    assert names(generated) == names(committed)
    for path in generated.iterdir():
        assert path.read_bytes() == (committed / path.name).read_bytes()


def test_unchanged_files_are_not_touched(generated: Path) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in generated.iterdir()}
    change(generated / "folotoy_toy.c")
    result = run("generate", FOLOTOY, "-o", generated)
    assert "1 written, 0 removed" in result.output
    changed = {p.name for p in generated.iterdir() if p.stat().st_mtime_ns != before[p.name]}
    assert changed == {"folotoy_toy.c"}


def test_what_is_no_longer_generated_goes_and_nothing_else(generated: Path) -> None:
    (generated / "mine.c").write_text("/* by hand */\n")
    result = run("generate", FOLOTOY, "-o", generated, "--operations", "sendConfig, ")
    assert "folotoy_i_want_play.h" not in names(generated)
    assert {"mine.c", "folotoy_load_roles_config.h", "folotoy_server.c"} <= names(generated)
    assert " removed" in result.output


def test_check_tells_each_difference_and_writes_nothing(generated: Path) -> None:
    assert run("generate", FOLOTOY, "-o", generated, "--check").exit_code == 0
    (generated / "folotoy_toy.h").unlink()
    change(generated / "folotoy_toy.c")
    old = (generated / "folotoy_toy.c").read_text().replace("folotoy_toy.c", "old.c", 1)
    (generated / "old.c").write_text(old)
    before = names(generated)
    result = run("generate", FOLOTOY, "-o", generated, "--check")
    assert result.exit_code == 1
    assert f"{generated}/folotoy_toy.h is missing" in result.output
    assert f"{generated}/folotoy_toy.c differs" in result.output
    assert f"{generated}/old.c is no longer generated" in result.output
    assert f"run `mqbind generate {FOLOTOY} -o {generated}`" in result.output
    assert names(generated) == before


def test_check_says_when_only_line_ends_differ(generated: Path) -> None:
    """As git for Windows leaves them. They are still ours, so that generating replaces them."""
    converted, changed = generated / "folotoy_toy.c", generated / "folotoy_toy.h"
    for path in generated.iterdir():
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    changed.write_bytes(b"/* */\r\n" + changed.read_bytes())
    result = run("generate", FOLOTOY, "-o", generated, "--check")
    assert result.exit_code == 1
    assert f"{converted} differs only in line ends: it has CRLF instead of LF\n" in result.output
    assert f"{changed} differs\n" in result.output
    assert "with `eol=lf` in .gitattributes" in result.output
    changed.unlink()
    assert run("generate", FOLOTOY, "-o", generated).exit_code == 0
    assert b"\r" not in converted.read_bytes()
    assert run("generate", FOLOTOY, "-o", generated, "--check").output == ""


def test_views_split_the_sides(tmp_path: Path) -> None:
    run("generate", FOLOTOY, "-o", tmp_path / "own", "--view", "own")
    run("generate", FOLOTOY, "-o", tmp_path / "peer", "--view", "peer")
    assert "folotoy_application.h" in names(tmp_path / "own")
    assert not {"folotoy_toy.h", "folotoy_server.h"} & names(tmp_path / "own")
    assert {"folotoy_toy.h", "folotoy_server.h"} <= names(tmp_path / "peer")
    assert "folotoy_application.h" not in names(tmp_path / "peer")


@pytest.mark.parametrize(
    ("arguments", "reported"),
    [
        (["generate", FOLOTOY], "Missing option '-o'"),
        (["generate", "-o", "x"], "Missing argument 'SCHEMA'"),
        (["generate", FOLOTOY, "-o", "x", "--view", "all"], "'all' is not one of"),
        (["generate", FOLOTOY, "-o", "x", "--operations", "dance"], "no operation `dance`"),
        (["generate", FOLOTOY, "-o", "x", "--operations", ""], "names no operation"),
        (["generate", FOLOTOY, "-o", "x", "--operations", " ,"], "names no operation"),
        (["generate", FOLOTOY, "-o", "x", "--check", "--list-files"], "exclude each other"),
        (["generate", FOLOTOY, "-o", ROOT / "LICENSE"], "is a file"),
        (["frobnicate"], "No such command 'frobnicate'"),
        (["check"], "Missing argument 'SCHEMA...'"),
    ],
)
def test_a_bad_command_line_gets_a_sentence(arguments: list[str | Path], reported: str) -> None:
    result = run(*arguments)
    assert result.exit_code != 0
    assert reported in result.output
    assert "Traceback" not in result.output


def test_help_has_a_short_name() -> None:
    assert run("generate", "-h").output == run("generate", "--help").output


def test_a_bad_schema_gets_file_line_column_and_remedy(tmp_path: Path) -> None:
    schema = tmp_path / "bad.yaml"
    schema.write_text("asyncapi: 3.0.0\ninfo: {title: Bad, version: '1'}\nchanels: {}\n")
    for command in (("check", schema), ("generate", schema, "-o", tmp_path / "out")):
        result = run(*command)
        assert result.exit_code == 1
        assert f"{schema}:3:1: error: unknown field `chanels`" in result.output
        assert "did you mean `channels`" in result.output
    assert not (tmp_path / "out").exists()


def test_check_looks_at_every_schema(tmp_path: Path) -> None:
    missing = tmp_path / "missing.yaml"
    result = run("check", missing, FOLOTOY, ROOT / "schema" / "thingspanel.yaml")
    assert result.exit_code == 1
    assert result.output.count("error:") == 1
    assert f"{missing}:1:1: error:" in result.output


def test_two_names_that_their_author_made_one(tmp_path: Path) -> None:
    schema = tmp_path / "clash.yaml"
    schema.write_text(
        "asyncapi: 3.0.0\n"
        "info: {title: Clash, version: '1'}\n"
        "channels:\n"
        "  c:\n"
        "    address: c\n"
        "    messages:\n"
        "      M:\n"
        "        payload:\n"
        "          type: object\n"
        "          properties:\n"
        "            id: {type: integer, x-mqbind-name: msgId}\n"
        "            number: {type: integer, x-mqbind-name: msg_id}\n"
        "operations: {r: {action: receive, channel: {$ref: '#/channels/c'}}}\n"
    )
    result = run("check", schema)
    assert result.exit_code == 1
    assert f"{schema}:12:13: error: `number` and `id`" in result.output
    assert "x-mqbind-name" in result.output


def test_a_role_that_is_called_like_a_message(tmp_path: Path) -> None:
    schema = tmp_path / "clash.yaml"
    schema.write_text(
        "asyncapi: 3.0.0\n"
        "info: {title: Clash, version: '1', x-mqbind-role: device}\n"
        "channels: {c: {address: c, messages: {Device: {payload: {type: object}}}}}\n"
        "operations: {r: {action: receive, channel: {$ref: '#/channels/c'}}}\n"
    )
    assert run("generate", schema, "-o", tmp_path / "out").exit_code == 0
    assert (tmp_path / "out" / "clash_device_2.h").exists()
    assert "struct clash_device {" in (tmp_path / "out" / "clash_device.h").read_text()


NAMES = ("client", "handlers", "group", "user", "binding", "values", "message", "in", "r", "key")


@pytest.mark.parametrize("name", [*NAMES, "status", "request", "on_reply", "timeout_ms", "device"])
def test_a_parameter_may_have_any_name(tmp_path: Path, name: str) -> None:
    schema = tmp_path / "names.yaml"
    schema.write_text(
        "asyncapi: 3.0.0\n"
        "info: {title: Names, version: '1', x-mqbind-role: device}\n"
        "channels:\n"
        f"  ask: {{address: 'ask/{{{name}}}', parameters: {{{name}: {{}}}},\n"
        "    messages: {Ask: {payload: {type: object}}}}\n"
        f"  tell: {{address: 'tell/{{{name}}}', parameters: {{{name}: {{}}}},\n"
        "    messages: {Tell: {payload: {type: object}}}}\n"
        "operations:\n"
        "  ask:\n"
        "    action: send\n"
        "    channel: {$ref: '#/channels/ask'}\n"
        "    reply: {channel: {$ref: '#/channels/tell'}}\n"
        "  tell: {action: receive, channel: {$ref: '#/channels/tell'}}\n"
    )
    assert run("generate", schema, "-o", tmp_path / "out").exit_code == 0
    for source in sorted((tmp_path / "out").glob("*.c")):
        compile_c("gcc", [source], tmp_path / "object.o", "-c", "-I", str(tmp_path / "out"))


def test_a_choice_that_is_used_twice_has_one_reader(tmp_path: Path) -> None:
    schema = tmp_path / "twice.yaml"
    schema.write_text(
        "asyncapi: 3.0.0\n"
        "info: {title: Twice, version: '1'}\n"
        "channels: {c: {address: c, messages: {M: {payload: {$ref: '#/components/schemas/M'}}}}}\n"
        "operations: {r: {action: receive, channel: {$ref: '#/channels/c'}}}\n"
        "components:\n"
        "  schemas:\n"
        "    Gaps: {type: integer, enum: [1, 5, 9]}\n"
        "    M:\n"
        "      type: object\n"
        "      properties:\n"
        "        a: {$ref: '#/components/schemas/Gaps'}\n"
        "        b: {$ref: '#/components/schemas/Gaps'}\n"
    )
    assert run("generate", schema, "-o", tmp_path / "out").exit_code == 0
    source = (tmp_path / "out" / "twice_m.c").read_text()
    assert source.count("static enum twice_gaps read_gaps") == 1
    assert source.count("read_gaps(r)") == 2
