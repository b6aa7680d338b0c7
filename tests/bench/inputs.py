"""Generated inputs of the benchmark's programs: C, and files of payloads."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from mqbind.diagnostics import Diagnostics
from mqbind.emit.write import write
from mqbind.pipeline import compile_schema, read
from mqbind.plan.build import build_plan
from mqbind.plan.nodes.files import MessageFile
from tests.bench.payloads import HERE, ROOT, Subject, peer_name
from tests.support.documents import document

SCHEMAS = sorted((ROOT / "schema").glob("*.yaml"))
QUICKTYPE = HERE / "quicktype" / "node_modules" / ".bin" / "quicktype"
NANOPB = "protoc-gen-nanopb"
NANOPB_PROTOS = ("/usr/lib/python3/dist-packages/proto", "/usr/include")
"""Where Debian keeps nanopb.proto and what that one imports."""

_ROUTES = """\
asyncapi: 3.0.0
defaultContentType: application/octet-stream
info:
  title: Routes
  version: 1.0.0
  x-mqbind-prefix: routes
  x-mqbind-role: platform
channels:
@CHANNELS@
operations:
@OPERATIONS@
"""
_CHANNEL = """\
  kind{i:02}:
    address: fleet/{{device}}/kind{i:02}/{{id}}
    parameters: {{device: {{}}, id: {{}}}}
    messages:
      Kind{i:02}: {{contentType: application/octet-stream}}
"""
_OPERATION = """\
  receiveKind{i:02}:
    action: receive
    channel: {{$ref: '#/channels/kind{i:02}'}}
"""
KINDS = 32


def write_inputs(folder: Path) -> None:
    """Generate what CMakeLists.txt compiles. What is the same as before keeps its time."""
    folder.mkdir(parents=True, exist_ok=True)
    routes = folder / "routes.yaml"
    _write(routes, _routes())
    schemas = [*SCHEMAS, HERE / "shapes.yaml"]
    _generate(HERE / "shapes.yaml", folder / "shapes")
    _generate(routes, folder / "routes")
    _write(folder / "messages.h", _our_messages(schemas))
    if QUICKTYPE.exists():
        _generate_quicktype(folder)
    if shutil.which(NANOPB):
        _generate_nanopb(folder)


def write_texts(folder: Path, subject: Subject) -> Path:
    """A file of the subject's payloads, as harness.c reads it."""
    path = folder / "texts" / f"{subject.group}.{subject.name}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(b"%d\n%s" % (len(text), text) for text in subject.texts))
    return path


def _write(path: Path, text: str) -> None:
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def _routes() -> str:
    channels = "".join(_CHANNEL.format(i=i) for i in range(KINDS))
    operations = "".join(_OPERATION.format(i=i) for i in range(KINDS))
    return _ROUTES.replace("@CHANNELS@\n", channels).replace("@OPERATIONS@\n", operations)


def _generate(schema: Path, folder: Path) -> None:
    write(folder, compile_schema(schema, Diagnostics()).files, force=True)


def _our_messages(schemas: Iterable[Path]) -> str:
    messages = list(_json_messages(schemas))
    includes = "".join(f'#include "{message.file_stem}.h"\n' for message in messages)
    return includes + _table(f"MESSAGE({each.c_name}, {each.c_type})" for each in messages)


def _table(rows: Iterable[str]) -> str:
    return "\n#define MESSAGES \\\n" + "".join(f"    {row} \\\n" for row in rows) + "\n"


def _json_messages(schemas: Iterable[Path]) -> Iterator[MessageFile]:
    for schema in schemas:
        diagnostics = Diagnostics()
        plan = build_plan(read(schema, diagnostics), diagnostics)
        yield from (message for message in plan.messages if message.is_typed)


def _generate_quicktype(folder: Path) -> None:
    """One header of all messages, and the list of those that it made a struct of."""
    schemas = folder / "quicktype"
    schemas.mkdir(exist_ok=True)
    for schema in SCHEMAS:
        for message, definition in document(schema)["components"]["messages"].items():
            if "contentType" in definition:
                continue
            payload = {"$ref": f"#/components/messages/{message}/payload"}
            whole = {**payload, "components": document(schema)["components"]}
            _write(schemas / f"{peer_name(schema.stem, message)}.json", json.dumps(whole))
    header = folder / "quicktype_all.h"
    sources = sorted(schemas.glob("*.json"))
    newest = max(path.stat().st_mtime for path in (*sources, QUICKTYPE))
    if not header.exists() or header.stat().st_mtime < newest:
        options = ("--quiet", "--lang", "cjson", "--src-lang", "schema", "--out", str(header))
        _run(str(QUICKTYPE), *options, *map(str, sources))
    text = header.read_text()
    made = [each.stem for each in sources if f"struct {each.stem} * cJSON_Parse" in text]
    _write(folder / "quicktype_messages.h", _table(f"MESSAGE({name})" for name in made))


def _generate_nanopb(folder: Path) -> None:
    source = HERE / "peers" / "messages.proto"
    paths = (f"-I{path}" for path in (source.parent, *NANOPB_PROTOS))
    _run("protoc", *paths, f"--nanopb_out={folder}", str(source))


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{command[0]} failed:\n{done.stdout}{done.stderr}")
