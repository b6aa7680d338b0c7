"""A list, a map or an inline string whose schema has a name is one C type, wherever it is used."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from mqbind.diagnostics import Diagnostics, Failed
from mqbind.model.constraints import UniqueItems
from mqbind.model.protocol import Protocol
from mqbind.model.types import (
    Array,
    Boolean,
    Constrained,
    Json,
    Map,
    Named,
    NamedContainer,
    Nullable,
    Text,
    Type,
)
from mqbind.pipeline import compile_schema
from tests.codegen.loading import HEAD, document, struct
from tests.support import cases
from tests.support.compiler import UNOPTIMIZED, compile_c, runtime_library
from tests.support.waiting import DEADLINE_S

STRING = "type: string, maxLength: 4, x-mqbind-storage: inline"
OPERATION = "operations: {o: {action: send, channel: {$ref: '#/channels/c'}}}\n"
KEY = "t.yaml#/components/schemas/S"
REF = "{$ref: '#/components/schemas/S'}"

PROGRAM = """\
#include <stdio.h>
#include <string.h>

#include "named_order.h"
#include "named_report.h"

int main(void)
{
    static struct named_report report;
    static struct named_order order;
    const struct mqb_str no_nul = {"B2C3", 2};
    const struct mqb_str too_long = MQB_STR("123456789012345678901234567890123");
    struct named_tags tags = {.count = 1};
    struct mqb_error error;
    char buf[256];
    size_t len = 0;

    named_report_init(&report);
    named_order_init(&order);
    if (!named_device_sn_set(&order.sn, no_nul) || strcmp(order.sn.data, "B2") != 0 ||
        !named_label_set(&tags.items[0], MQB_STR("t"))) {
        return 1;
    }
    named_order_set_tags(&order, &tags);
    report.sn = order.sn;
    report.tags = order.tags;
    report.has.tags = order.has.tags;
    report.is_null.old = true;
    if (named_report_set_old(&report, too_long) || report.has.old || !report.is_null.old ||
        report.old.len != 0 || named_report_set_room(&report, too_long) || report.has.room ||
        strcmp(report.room.data, "HALL") != 0) {
        return 2;
    }
    if (!named_report_set_old(&report, MQB_STR("A1")) ||
        named_report_encode(&report, buf, sizeof buf, &len, &error) != MQB_OK) {
        return 3;
    }
    printf("%.*s", (int)len, buf);
    return 0;
}
"""


def components(schemas: str) -> str:
    return f"components: {{schemas: {{{schemas}}}}}\n"


def member(folder: Path, schema: str, schemas: str) -> tuple[Type, Protocol]:
    """The type of a member with this schema."""
    payload = f"type: object\nproperties: {{m: {schema}}}"
    found, protocol = struct(folder, payload, components(schemas))
    return found.members[0].type, protocol


def header(folder: Path, properties: str, schemas: str) -> tuple[str, list[str]]:
    """The header of a message with these members, and what is reported."""
    file = folder / "t.yaml"
    payload = f"type: object\nproperties: {{{properties}}}"
    file.write_text(HEAD + document(payload, components(schemas)) + OPERATION)
    diagnostics = Diagnostics()
    try:
        text = compile_schema(file, diagnostics).files["t_top.h"]
    except Failed:
        text = ""
    return text, [each.message for each in diagnostics]


def declared(text: str) -> list[str]:
    """The structs that a header declares."""
    return re.findall(r"^struct (\w+) \{$", text, re.MULTILINE)


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (STRING, Text(max_length=4, inline=True)),
        ("type: array, items: {type: boolean}", Array(item=Boolean())),
        (
            "type: array, items: {type: boolean}, maxItems: 2, x-mqbind-storage: inline",
            Array(item=Boolean(), max_items=2, inline=True),
        ),
        ("type: object, additionalProperties: {type: boolean}", Map(value=Boolean())),
        (
            "type: array, items: {type: boolean}, uniqueItems: true",
            Constrained(type=Array(item=Boolean()), constraint=UniqueItems()),
        ),
        (f"allOf: [{{{STRING}}}]", Text(max_length=4, inline=True)),
    ],
    ids=["string", "list", "inline list", "map", "constrained", "wrapped"],
)
def test_it_is_a_definition(tmp_path: Path, schema: str, expected: Type) -> None:
    its, protocol = member(tmp_path, REF, f"S: {{{schema}, description: Words.}}")
    assert its == Named(key=KEY)
    named = protocol.definitions[KEY]
    assert isinstance(named, NamedContainer)
    assert (named.type, named.hint, named.description) == (expected, "S", "Words.")


@pytest.mark.parametrize(
    ("member_schema", "schemas"),
    [
        (f"{{description: Other words., allOf: [{REF}]}}", f"S: {{{STRING}}}"),
        ("{$ref: '#/components/schemas/T'}", f"S: {{{STRING}}}, T: {REF}"),
        ("{$ref: '#/components/schemas/T'}", f"S: {{{STRING}}}, T: {{allOf: [{REF}]}}"),
    ],
    ids=["words", "reference", "wrapper"],
)
def test_another_name_for_it_is_the_same(tmp_path: Path, member_schema: str, schemas: str) -> None:
    assert member(tmp_path, member_schema, schemas)[0] == Named(key=KEY)


@pytest.mark.parametrize(
    ("member_schema", "schemas"),
    [
        ("{type: string, maxLength: 4, x-mqbind-storage: inline}", ""),
        (f"{{allOf: [{REF}], maxLength: 4}}", "S: {type: string, x-mqbind-storage: inline}"),
        (f"{{allOf: [{REF}], x-mqbind-storage: inline}}", "S: {type: string, maxLength: 4}"),
        (
            "{$ref: '#/components/schemas/S/properties/a'}",
            f"S: {{type: object, properties: {{a: {{{STRING}}}}}}}",
        ),
    ],
    ids=["in place", "another rule", "another storage", "a member elsewhere"],
)
def test_others_are_named_after_the_member(
    tmp_path: Path, member_schema: str, schemas: str
) -> None:
    found, protocol = member(tmp_path, member_schema, schemas)
    assert found == Text(max_length=4, inline=True)
    assert len(protocol.definitions) == 1
    assert declared(header(tmp_path, f"m: {member_schema}", schemas)[0]) == ["t_top_m", "t_top"]


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ("type: string, maxLength: 4", Text(max_length=4)),
        ("type: object", Map()),
        ("type: boolean", Boolean()),
    ],
)
def test_what_has_no_struct_in_c_has_no_definition(
    tmp_path: Path, schema: str, expected: Type
) -> None:
    assert member(tmp_path, REF, f"S: {{{schema}}}")[0] == expected


def test_null_is_beside_it(tmp_path: Path) -> None:
    nullable = STRING.replace("string", "[string, 'null']")
    expected = Nullable(type=Named(key=KEY))
    assert member(tmp_path, REF, f"S: {{{nullable}}}")[0] == expected
    either = f"{{oneOf: [{REF}, {{type: 'null'}}]}}"
    assert member(tmp_path, either, f"S: {{{STRING}}}")[0] == expected


@pytest.mark.parametrize(
    ("other", "item"),
    [
        (REF, Named(key=KEY)),
        (f"{{{STRING}}}", Text(max_length=4, inline=True)),
        ("{type: string}", Text()),
        ("{type: boolean}", Json()),
    ],
    ids=["itself", "an equal one", "another string", "no string"],
)
def test_a_list_of_it_and_of_others(tmp_path: Path, other: str, item: Type) -> None:
    pair = f"{{type: array, items: [{REF}, {other}], additionalItems: false, maxItems: 2}}"
    its, _ = member(tmp_path, pair, f"S: {{{STRING}}}")
    its = its.type if isinstance(its, Constrained) else its
    assert isinstance(its, Array)
    assert its.item == item


def test_a_file_is_named_too(tmp_path: Path) -> None:
    (tmp_path / "serial.yaml").write_text(f"{{{STRING}}}")
    properties = "a: {$ref: serial.yaml}, b: {$ref: serial.yaml}"
    assert declared(header(tmp_path, properties, "")[0]) == ["t_serial", "t_top"]


def test_a_schema_beside_its_format_is_named(tmp_path: Path) -> None:
    wrapped = f"{{schemaFormat: 'application/schema+json;version=draft-07', schema: {{{STRING}}}}}"
    text, _ = header(tmp_path, f"a: {REF}, b: {REF}", f"S: {wrapped}")
    assert declared(text) == ["t_s", "t_top"]


def test_equal_rules_make_no_equal_types(tmp_path: Path) -> None:
    properties = f"a: {REF}, b: {{$ref: '#/components/schemas/R'}}, c: {REF}"
    text, findings = header(tmp_path, properties, f"S: {{{STRING}}}, R: {{{STRING}}}")
    assert declared(text) == ["t_s", "t_r", "t_top"]
    assert findings == []


def test_the_author_may_name_it(tmp_path: Path) -> None:
    text, findings = header(tmp_path, f"a: {REF}", f"S: {{{STRING}, x-mqbind-name: serial}}")
    assert declared(text) == ["t_serial", "t_top"]
    assert findings == []


def test_a_later_one_of_the_same_name_gets_a_number(tmp_path: Path) -> None:
    properties = f"a: {REF}, b: {{$ref: '#/components/schemas/s'}}"
    text, findings = header(tmp_path, properties, f"S: {{{STRING}}}, s: {{{STRING}}}")
    assert declared(text) == ["t_s", "t_s_2", "t_top"]
    assert findings == []


def test_two_that_the_author_names_alike_are_an_error(tmp_path: Path) -> None:
    named = f"{{{STRING}, x-mqbind-name: serial}}"
    properties = f"a: {REF}, b: {{$ref: '#/components/schemas/R'}}"
    _, [found] = header(tmp_path, properties, f"S: {named}, R: {named}")
    assert "would both be `serial` in C, as types and functions" in found


def test_its_comment_is_that_of_the_schema(tmp_path: Path) -> None:
    words = "description: Serial number., pattern: '^[A-Z]*$', not: {const: A}"
    text, _ = header(tmp_path, f"a: {REF}", f"S: {{{STRING}, {words}}}")
    about = "Serial number. A string that ends in NUL, at most 4 characters. Matches ^[A-Z]*$."
    comment, _, _ = text.partition("struct t_s {")
    words = " ".join(comment.rpartition("/**")[2].replace("\n *", " ").strip("/* \n").split())
    assert words == f'{about} Must not be "A".'
    assert text.count("Serial number.") == 1


def test_no_message_declares_a_shared_type(tmp_path: Path) -> None:
    folder = cases.generate("named", tmp_path)
    files = sorted(folder.glob("*.h"))
    names = [name for file in files for name in declared(file.read_text())]
    assert len(names) == len(set(names))
    assert declared((folder / "named_order.h").read_text()) == ["named_order"]
    assert declared((folder / "named_report.h").read_text()) == [
        "named_remark",
        "named_target",
        "named_report_short",
        "named_report_nick",
        "named_report_seen",
        "named_report",
    ]


def test_values_go_from_one_message_into_another(tmp_path: Path) -> None:
    folder = cases.generate("named", tmp_path / "generated")
    (tmp_path / "main.c").write_text(PROGRAM)
    sources = [folder / f"named_{name}.c" for name in ("order", "report", "types")]
    program = tmp_path / "program"
    sources = [tmp_path / "main.c", *sources, runtime_library()]
    compile_c("gcc", sources, program, *UNOPTIMIZED, f"-I{folder}")
    done = subprocess.run([program], capture_output=True, text=True, check=True, timeout=DEADLINE_S)
    assert done.stdout == '{"sn":"B2","old":"A1","tags":["t"]}'
