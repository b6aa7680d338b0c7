"""Each fuzz target runs over the inputs that are kept and some more, and finds what is wrong."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from mqbind.cli import main
from tests.fuzz.run_fuzz import LONGEST_INPUT, RUNS, read_log
from tests.fuzz.targets import TARGETS, Builder, Change, Sanitizer, Target, corpus_file, read_corpus

MORE_RUNS = 2000
RUNS_TO_FIND = 300_000
TOTAL_RUNS = 30_000_000


@pytest.fixture(scope="module")
def builder(tmp_path_factory: pytest.TempPathFactory) -> Builder:
    return unoptimized(tmp_path_factory.mktemp("fuzz"))


def unoptimized(folder: Path, change: Change | None = None) -> Builder:
    """For the few runs that there are here, compiling takes longer."""
    return Builder(folder=folder, sanitizer=Sanitizer.ADDRESS, optimization="-O0", change=change)


def run(program: Path, runs: int, inputs: Path) -> subprocess.CompletedProcess[str]:
    options = (f"-runs={runs}", f"-max_len={LONGEST_INPUT}", "-seed=1", "-timeout=100")
    return subprocess.run(
        [program, *options, f"-artifact_prefix={program.parent}/", inputs],
        capture_output=True,
        text=True,
        errors="replace",
    )


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_kept_inputs_and_some_more(target: Target, builder: Builder, tmp_path: Path) -> None:
    read_corpus(target, tmp_path / "inputs")
    kept = len(list((tmp_path / "inputs").iterdir()))
    assert kept > 0
    done = run(builder.build(target), kept + MORE_RUNS, tmp_path / "inputs")
    assert done.returncode == 0, done.stderr[-4000:]


def test_log_has_every_target() -> None:
    log = read_log()
    for target in TARGETS:
        assert corpus_file(target).exists()
        executions = [log[target.name, sanitizer].executions for sanitizer in Sanitizer]
        assert min(executions) > 0
        assert sum(executions) >= RUNS
    assert sum(row.executions for row in log.values()) >= TOTAL_RUNS


DEFECTS = {
    "a flag that is not set": (
        "folotoy_update_common_config.c",
        "out->has.volume = true;",
        "out->has.volume = false;",
    ),
    "a value that is sent in place of another": (
        "folotoy_i_want_play.c",
        "mqb_writer_string(w, in->url);",
        "mqb_writer_string(w, in->text);",
    ),
    "a member that is sent though it is absent": (
        "folotoy_i_want_play.c",
        "if (in->has.url) {",
        "if (true) {",
    ),
}


@pytest.mark.parametrize("defect", DEFECTS.values(), ids=DEFECTS)
def test_defects_in_generated_code_are_found(defect: tuple[str, str, str], tmp_path: Path) -> None:
    name, old, new = defect
    [target] = [each for each in TARGETS if each.name == "folotoy_direct"]

    def break_it(sources: Sequence[Path]) -> None:
        [source] = [path for path in sources if path.name == name]
        assert old in source.read_text()
        source.write_text(source.read_text().replace(old, new))

    broken = unoptimized(tmp_path, break_it)
    read_corpus(target, tmp_path / "inputs")
    done = run(broken.build(target), RUNS_TO_FIND, tmp_path / "inputs")
    assert done.returncode != 0
    assert "broken:" in done.stderr


def test_document_of_bytes_is_refused(tmp_path: Path) -> None:
    document = tmp_path / "raw.yaml"
    document.write_text(
        "asyncapi: 3.0.0\n"
        "info: {title: Raw, version: 1.0.0}\n"
        "channels:\n"
        "  a:\n"
        "    address: a\n"
        "    messages: {M: {contentType: application/octet-stream}}\n"
        "operations:\n"
        "  send: {action: send, channel: {$ref: '#/channels/a'}}\n"
    )
    done = CliRunner().invoke(
        main, ["generate", str(document), "-o", str(tmp_path / "out"), "--fuzz"]
    )
    assert done.exit_code == 2
    assert "has no message to fuzz: all are bytes" in done.output
    assert not (tmp_path / "out").exists()
