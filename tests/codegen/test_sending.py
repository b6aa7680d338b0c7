"""What an application may get wrong when it fills a message: encode and validate refuse it, and
read nothing that is not there."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.support import cases
from tests.support.compiler import UNOPTIMIZED, compile_c, runtime_library
from tests.support.waiting import DEADLINE_S

MAIN = """\
#include <stdio.h>
#include <string.h>

#include "@HEADER@.h"

int main(void)
{
    static char buf[1 << 16];
    static struct @HEADER@ message;
    struct mqb_error error;
    size_t len = 0;

    @HEADER@_init(&message);
    @FILL@
    if (@HEADER@_validate(&message, &error) == MQB_OK &&
        @HEADER@_encode(&message, buf, sizeof buf, &len, &error) == MQB_OK)
        printf("%.*s", (int)len, buf);
    else
        printf("%s: %s", error.path, error.rule);
    return 0;
}
"""

NAME = 'message.name.len = 1; memcpy(message.name.data, "n", 2);'

SETTERS = """\
static const char long_name[33] = "x";
const struct mqb_str too_long = {long_name, sizeof long_name};

message.is_null.note = true;
if (inline_device_name_set(&message.name, too_long) ||
    inline_device_set_code(&message, too_long) || message.has.code ||
    !mqb_str_equal((struct mqb_str){message.code.data, message.code.len}, MQB_STR("AB")) ||
    inline_device_set_note(&message, too_long) || message.has.note || !message.is_null.note ||
    !inline_device_name_set(&message.name, MQB_STR("lamp")) ||
    !inline_device_set_code(&message, MQB_STR("XY")) ||
    !inline_device_set_note(&message, (struct mqb_str){NULL, 0})) {
    return 1;
}
"""

LINKS = """\
static struct trees_link other = {.name = {"b", 1}};
message.name = MQB_STR("a");
other.next = &message;
other.has.next = true;
message.next = &other;
message.has.next = true;
"""

FOLDERS = """\
static struct trees_folder_folders_entry entries[2] = {{.key = {"a", 1}}, {.key = {"b", 1}}};
message.folders.entries = entries;
message.folders.count = 2;
message.has.folders = true;
"""


METERS = """\
const struct branches_meters_others_entry entries[] = {{{@NAME@}, 1.5}, {{"y", 1}, 2}};
message.id = MQB_STR("a");
message.others = (struct branches_meters_others){entries, 2};
"""

ZONE = """\
const struct mqb_map_entry entries[] = {{{@NAME@}, {"true", 4}}};
message.zone_type = BRANCHES_ZONE_ZONE_TYPE_ACTION;
message.others = (struct mqb_map){entries, 1};
"""

INVOICE = """\
const struct maps_meters_entry entries[] = {{{"in", 2}, 1}, {{"x", 1}, 2}, {{@NAME@}, 3}};
message.entries = entries;
message.count = 3;
"""

ANY_ROOM = """\
for (size_t room = 0; room < 64; room++) {
    if (@HEADER@_encode(&message, buf, room, &len, &error) != MQB_ERR_VALUE ||
        error.offset != @OFFSET@ || len != 0)
        return 1;
    printf("%s: %s;", error.path, error.rule);
}
"""

FRAMES = """\
const struct mqb_map_entry entries[] = {
    {{"none", 4}, {"1", 1}}, {{"c", 1}, {"2", 1}}, {{"q\\"é", 4}, {"3", 1}},
    {{"a", 1}, {"{}", 2}}, {{"a", 1}, {"5", 1}}};
const struct mqb_map items[] = {{&entries[2], 2}, {@ENTRIES@}};
message.items = items;
message.count = 2;
"""

FIXES = """\
const struct objects_fixes_item items[] = {
    {.id = 7}, {.id = 8, .has.point = true, .is_null.point = @NULL@, .has.cell = @CELL@}};
message.items = items;
message.count = 2;
"""

APART = "must not have"
TWICE = "must not appear twice"
SPEED = '"maximumSpeed", 12'


@pytest.mark.parametrize(
    ("message", "fill", "printed"),
    [
        ("branches_meters", METERS.replace("@NAME@", '"x", 1'), '{"id":"a","x":1.5,"y":2.0}'),
        ("branches_meters", METERS.replace("@NAME@", '"y", 1'), f"/y: {TWICE}"),
        ("branches_meters", METERS.replace("@NAME@", '"id", 2'), f"/id: {TWICE}"),
        ("branches_meters", METERS.replace("@NAME@", '"unit", 4'), f"/unit: {TWICE}"),
        (
            "branches_zone",
            ZONE.replace("@NAME@", SPEED),
            '{"zoneType":"ACTION","maximumSpeed":true}',
        ),
        (
            "branches_zone",
            ZONE.replace("@NAME@", SPEED) + "branches_zone_set_maximum_speed(&message, 1);",
            f"/maximumSpeed: {TWICE}",
        ),
        ("branches_zone", ZONE.replace("@NAME@", '"zoneType", 8'), f"/zoneType: {TWICE}"),
        ("maps_meters", INVOICE.replace("@NAME@", '"Out", 3'), '{"in":1,"x":2,"Out":3}'),
        ("maps_meters", INVOICE.replace("@NAME@", '"in", 2'), f"/in: {TWICE}"),
        ("maps_meters", INVOICE.replace("@NAME@", '"out", 3'), f": {APART} in and out"),
        (
            "maps_meters",
            INVOICE.replace("@NAME@", '"out", 3') + ANY_ROOM.replace("@OFFSET@", "0"),
            f": {APART} in and out;" * 64 + f": {APART} in and out",
        ),
        (
            "maps_frames",
            FRAMES.replace("@ENTRIES@", "&entries[1], 2"),
            '[{"q\\"é":3,"a":{}},{"c":2,"q\\"é":3}]',
        ),
        ("maps_frames", FRAMES.replace("@ENTRIES@", "&entries[1], 3"), f'/1: {APART} a, q"é and c'),
        ("maps_frames", FRAMES.replace("@ENTRIES@", "entries, 1"), f"/1: {APART} none"),
        ("maps_frames", FRAMES.replace("@ENTRIES@", "&entries[1], 4"), f"/1/a: {TWICE}"),
        (
            "maps_frames",
            FRAMES.replace("@ENTRIES@", "entries, 1") + ANY_ROOM.replace("@OFFSET@", "20"),
            f"/1: {APART} none;" * 64 + f"/1: {APART} none",
        ),
        (
            "objects_fixes",
            FIXES.replace("@NULL@", "true").replace("@CELL@", "false"),
            '[{"id":7},{"id":8,"point":null}]',
        ),
        (
            "objects_fixes",
            FIXES.replace("@NULL@", "false").replace("@CELL@", "true"),
            f"/1: {APART} cell, id and point",
        ),
        (
            "objects_fixes",
            FIXES.replace("@NULL@", "true").replace("@CELL@", "true")
            + ANY_ROOM.replace("@OFFSET@", "10"),
            f"/1: {APART} cell, id and point;" * 64 + f"/1: {APART} cell, id and point",
        ),
        ("inline_device", NAME, '{"name":"n"}'),
        ("inline_device", "message.name.len = 33;", "/name: must have 1 to 8 characters"),
        (
            "inline_device",
            NAME + "message.has.tags = true; message.tags.count = 3;",
            "/tags: must have at most 2 items",
        ),
        (
            "inline_device",
            NAME + "message.has.points = true; message.points.count = (size_t)-1;",
            "/points: must have at most 3 items",
        ),
        (
            "inline_device",
            NAME + "message.has.note = true; message.is_null.note = true; message.note.len = 99;",
            '{"name":"n","note":null}',
        ),
        ("inline_device", SETTERS, '{"name":"lamp","code":"XY","note":""}'),
        (
            "trees_chain",
            LINKS + "other.has.next = false; other.next = NULL;",
            '{"name":"a","next":{"name":"b"}}',
        ),
        ("trees_chain", LINKS + "other.next = NULL;", "/next/next: must not be NULL"),
        ("trees_chain", LINKS, "/next" * 32 + ": must nest at most 32 levels"),
        ("trees_folder", FOLDERS, '{"folders":{"a":{},"b":{}}}'),
        (
            "trees_folder",
            FOLDERS + 'entries[1].key = MQB_STR("a");',
            "/folders/a: must not appear twice",
        ),
        (
            "trees_folder",
            FOLDERS + "entries[1].value = message;",
            "/folders/b" * 16 + ": must nest at most 32 levels",
        ),
    ],
)  # fmt: skip
def test_sending(tmp_path: Path, message: str, fill: str, printed: str) -> None:
    folder = cases.generate(message.partition("_")[0], tmp_path / "generated")
    names = {"trees_chain": "trees_link"}
    text = MAIN.replace("@FILL@", fill).replace("@HEADER@", message)
    text = text.replace(
        f"struct {message} message", f"struct {names.get(message, message)} message"
    )
    (tmp_path / "main.c").write_text(text)
    sources = [*folder.glob(f"{message}.c"), *folder.glob("*_types.c")]
    program = tmp_path / "program"
    sources = [tmp_path / "main.c", *sources, runtime_library()]
    compile_c("gcc", sources, program, *UNOPTIMIZED, f"-I{folder}")
    done = subprocess.run([program], capture_output=True, text=True, check=True, timeout=DEADLINE_S)
    shown = printed if len(printed.partition(":")[0]) < 96 else printed.partition(":")[2]
    assert done.stdout.endswith(shown)
