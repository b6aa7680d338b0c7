"""`--operations` leaves out what a program does not need: files, names, and bytes."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from mqbind.diagnostics import Diagnostics
from mqbind.emit.write import write
from mqbind.pipeline import compile_schema
from mqbind.plan.build import View
from mqbind.tools.engines import runtime_options
from tests.support.compiler import ROOT, STRICT, compile_each, link
from tests.support.documents import document

FOLOTOY = ROOT / "schema" / "folotoy.yaml"
OPERATIONS = sorted(document(FOLOTOY)["operations"])
SCHEMAS = sorted(FOLOTOY.parent.glob("*.yaml"))
EVENTS = {"voice_generated", "recording_transcribed"}
OTHERS = {"i_want_play", "update_common_config", "command_ack", "load_roles_config"}
SMALL = ("gcc", "-std=c11", *STRICT, "-Os", "-ffunction-sections", "-fdata-sections")

LISTENER = """\
#include "folotoy_application.h"

static enum mqb_status on_voice_generated(
    struct folotoy_application *application,
    struct mqb_str sn,
    const struct folotoy_voice_generated *message)
{
    (void)application;
    (void)sn;
    (void)message;
    return MQB_OK;
}

static const struct folotoy_application_handlers handlers = {
    .voice_generated = on_voice_generated,
};

int main(void)
{
    static struct mqb_client client;
    static struct folotoy_application application = {.client = &client, .handlers = &handlers};
    const struct mqb_publish message = {.topic = MQB_STR("a"), .payload = MQB_STR("{}")};
    const struct mqb_client_config config = {.on_error = NULL};

    mqb_client_init(&client, &config);
    folotoy_application_bind(&application);
    return mqb_client_receive(&client, &message) != MQB_ERR_NO_ROUTE;
}
"""


def generate(folder: Path, operations: Sequence[str], view: View = View.OWN) -> str:
    """Write the C of the operations; the whole of it, as one text."""
    files = compile_schema(FOLOTOY, Diagnostics(), view=view, operations=operations).files
    write(folder, files)
    return "\n".join(files.values())


def linked_size(folder: Path) -> int:
    """Bytes of code and data of the listener; the linker has dropped what nobody refers to."""
    (folder / "main.c").write_text(LISTENER)
    program = folder / "program"
    sources = sorted(folder.glob("*.c"))
    link(SMALL, "jsmn", ["-Wl,--gc-sections", "-I", folder, *sources], program)
    subprocess.run((program,), check=True)
    size = subprocess.run(("size", program), check=True, capture_output=True, text=True)
    text, data = map(int, size.stdout.splitlines()[1].split()[:2])
    return text + data


def test_a_program_for_one_operation_is_smaller(tmp_path: Path) -> None:
    everything, events = tmp_path / "everything", tmp_path / "events"
    assert all(name in generate(everything, ()) for name in EVENTS | OTHERS)
    text = generate(events, ["receiveEvent"])
    assert all(name in text for name in EVENTS)
    assert not [name for name in OTHERS if name in text]
    saved = linked_size(everything) - linked_size(events)
    print(f"receiveEvent alone saves {saved} bytes")
    assert saved > 1000


@pytest.mark.parametrize("operation", OPERATIONS)
def test_any_operation_compiles_alone(operation: str, tmp_path: Path) -> None:
    generate(tmp_path, [operation], View.BOTH)
    includes = (*runtime_options(), "-I", str(tmp_path))
    assert compile_each([*SMALL, *includes], sorted(tmp_path.glob("*.c")), tmp_path)


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda path: path.stem)
def test_any_operation_can_be_left_out(schema: Path) -> None:
    """The others may share types with it, and need none of its messages."""
    operations = sorted(document(schema)["operations"])
    for left_out in operations:
        others = [each for each in operations if each != left_out]
        files = compile_schema(schema, Diagnostics(), view=View.BOTH, operations=others).files
        assert f"{schema.stem}.cmake" in files
