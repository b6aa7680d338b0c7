"""What a document costs grows with its size, and not faster."""

from __future__ import annotations

import time
from pathlib import Path

from mqbind.diagnostics import Diagnostics
from mqbind.pipeline import compile_schema

HEAD = "asyncapi: 3.0.0\ninfo: {title: T, version: 1.0.0}\n"
CHANNEL = "  c{0}: {{address: 'a/{{p}}/b{0}', parameters: {{p: {{}}}}, messages: {{m: {1}}}}}\n"
OPERATION = "  o{0}: {{action: send, channel: {{$ref: '#/channels/c{0}'}}}}\n"
SMALL, GROWTH, TOLERANCE = 200, 8, 2.5


def seconds(folder: Path, count: int) -> float:
    """Of the processor, for so many channels with messages of their own."""
    message = "{payload: {type: object, properties: {p: {type: integer}}}}"
    channels = "".join(CHANNEL.format(number, message) for number in range(count))
    operations = "".join(OPERATION.format(number) for number in range(count))
    schema = folder / f"{count}.yaml"
    schema.write_text(f"{HEAD}channels:\n{channels}operations:\n{operations}")
    diagnostics = Diagnostics()
    started = time.process_time()
    compile_schema(schema, diagnostics)
    taken = time.process_time() - started
    assert not list(diagnostics)
    return taken


def test_time_grows_with_the_document(tmp_path: Path) -> None:
    seconds(tmp_path, 1)  # whatever is done once
    small = min(seconds(tmp_path, SMALL) for _ in range(3))
    assert seconds(tmp_path, SMALL * GROWTH) < small * GROWTH * TOLERANCE
