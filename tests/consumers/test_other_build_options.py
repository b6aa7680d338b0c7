"""An application or generated code with other limits than the library gets an error, no crash."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from mqbind.tools.engines import runtime_options
from tests.support.compiler import ROOT, compile_c, runtime_library

GENERATED = ROOT / "generated" / "folotoy"
APPLICATION = """\
#include <mqbind/loopback.h>
#include <mqbind/mqbind.h>

#include <stdio.h>

#include "folotoy_application.h"

int main(void)
{
    static char memory[1000];
    static char send_buffer[1000];
    static struct mqb_call calls[4];
    static struct mqb_client client;
    static struct mqb_loopback broker;
    static const struct folotoy_application_handlers handlers;
    static struct folotoy_application side = {.client = &client, .handlers = &handlers};
    const struct mqb_client_config config = {
        .scratch = memory,
        .scratch_bytes = sizeof memory,
        .send_buffer = send_buffer,
        .send_buffer_bytes = sizeof send_buffer,
        .calls = calls,
        .call_count = 4,
        .seed = "any, as there is no call",
        .seed_bytes = MQB_SEED_BYTES,
    };

    printf("init: %s\\n", mqb_status_text(mqb_client_init(&client, &config)));
    printf("bind: %s\\n", mqb_status_text(folotoy_application_bind(&side)));
    printf("loopback: %s\\n", mqb_status_text(mqb_loopback_init(&broker, memory, 100)));
    return 0;
}
"""
OTHER = "the library was built with different limits"
LIMITS = (
    "-DMQB_DEPTH_MAX=16",
    "-DMQB_PATH_BYTES=64",
    "-DMQB_EXCERPT_BYTES=48",
    "-DMQB_CALL_KEY_BYTES=64",
)


SIDE = GENERATED / "folotoy_application.c"


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """What is compiled with the library's own limits."""
    folder = tmp_path_factory.mktemp("objects")
    sources = [*GENERATED.glob("*.c"), ROOT / "runtime" / "transport" / "loopback.c"]
    sources.remove(SIDE)
    objects = [folder / f"{source.stem}.o" for source in sources]
    for source, compiled in zip(sources, objects, strict=True):
        compile_c("gcc", [source], compiled, "-c", *runtime_options())
    return [*objects, runtime_library()]


def reported(
    folder: Path, others: list[Path], *, application: str = "", generated: str = ""
) -> dict[str, str]:
    """What a program says whose parts are compiled with these options."""
    main = folder / "main.c"
    main.write_text(APPLICATION)
    main_object, side_object = folder / "main.o", folder / "side.o"
    compile_c("gcc", [main], main_object, "-c", "-I", str(GENERATED), *application.split())
    compile_c("gcc", [SIDE], side_object, "-c", *generated.split())
    compile_c("gcc", [main_object, side_object, *others], folder / "program")
    done = subprocess.run([folder / "program"], capture_output=True, text=True, check=True)
    return dict(line.split(": ", 1) for line in done.stdout.splitlines())


def test_the_same_limits_fit(tmp_path: Path, others: list[Path]) -> None:
    assert reported(tmp_path, others) == {"init": "ok", "bind": "ok", "loopback": "ok"}


@pytest.mark.parametrize("limit", (*LIMITS, "-DMQB_PARSER_DIRECT"))
def test_an_application_has_other_limits(limit: str, tmp_path: Path, others: list[Path]) -> None:
    assert reported(tmp_path, others, application=limit)["init"] == OTHER


@pytest.mark.parametrize("limit", LIMITS)
def test_generated_code_has_other_limits(limit: str, tmp_path: Path, others: list[Path]) -> None:
    found = reported(tmp_path, others, generated=limit)
    assert found == {"init": "ok", "bind": OTHER, "loopback": "ok"}


def test_a_loopback_has_other_limits(tmp_path: Path, others: list[Path]) -> None:
    limit = "-DMQB_LOOPBACK_FILTER_BYTES=2048"
    found = reported(tmp_path, others, application=limit)
    assert found == {"init": "ok", "bind": "ok", "loopback": OTHER}
