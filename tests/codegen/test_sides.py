"""The generated files of sides state each fact once; the README has an example that compiles."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mqbind.diagnostics import Diagnostics
from mqbind.emit.write import write
from mqbind.pipeline import compile_schema
from tests.support.compiler import ROOT, compile_c

SCHEMAS = [*sorted(ROOT.glob("schema/*.yaml")), ROOT / "tests/cases/servers/schema.yaml"]
PROTOCOLS = sorted(path.parent for path in ROOT.glob("generated/*/README.md"))
_PARAMETER = re.compile(r"struct mqb_parameter \w+(?:\[\])? = (\{.*?\});", re.DOTALL)
_ADDRESS = re.compile(r"struct mqb_address \w+ = \{\s*\.text = (\".*?\"),")


@pytest.mark.parametrize("folder", PROTOCOLS, ids=lambda folder: folder.name)
def test_each_parameter_and_each_address_is_one_table(folder: Path) -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.c")))
    for table, sign in ((_PARAMETER, "struct mqb_parameter "), (_ADDRESS, "struct mqb_address ")):
        tables = table.findall(code)
        assert tables, table
        assert len(tables) == len(set(tables)) == len(re.findall(rf"{sign}\w+(?:\[\])? =", code))


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
@pytest.mark.parametrize(
    "schema", SCHEMAS, ids=lambda schema: f"{schema.parent.name}-{schema.stem}"
)
def test_the_example_of_the_readme_compiles(schema: Path, compiler: str, tmp_path: Path) -> None:
    write(tmp_path, compile_schema(schema, Diagnostics()).files)
    [code] = re.findall(r"```c\n(.*?)```", (tmp_path / "README.md").read_text(), re.DOTALL)
    for call in ("_bind(&", "_init(&message)", "_send_"):
        assert call in code
    (tmp_path / "example.c").write_text(code)
    compile_c(compiler, [tmp_path / "example.c"], tmp_path / "object", "-c", "-I", str(tmp_path))


@pytest.mark.parametrize("folder", PROTOCOLS, ids=lambda folder: folder.name)
def test_qos_and_retain_are_in_the_headers_and_in_the_table(folder: Path) -> None:
    rows = re.findall(r"^\| `.*", (folder / "README.md").read_text(), re.MULTILINE)
    assert rows
    assert all(re.search(r"\| QoS [012]( or [012])?(, retained)? \|", row) for row in rows)
    for header in folder.glob("*.h"):
        text = " ".join(header.read_text().replace(" * ", " ").split())
        if "_handlers {" in text:
            functions = len(re.findall(r"\(\*\w+\)\(", text)) + len(
                re.findall(r"_send_\w+\(", text)
            )
            assert (
                len(re.findall(r"\(QoS [012](?: or [012])?(?:, retained)?\)", text))
                >= functions
                > 0
            )
        for topic in re.findall(r"(?<= Topic ).*?(?= Topic |\*/)", text):
            assert re.search(r", from \w+ to \w+, QoS [012]", topic), header.name
