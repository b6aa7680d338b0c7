"""What a document costs grows with its size, and not faster. `make bench` takes the time."""

from __future__ import annotations

from pathlib import Path

from mqbind.diagnostics import Diagnostics
from mqbind.pipeline import compile_schema
from tests.bench import generator
from tests.support.steps import calls

HEAD = "asyncapi: 3.0.0\ninfo: {title: T, version: 1.0.0}\n"
CHANNEL = "  c{0}: {{address: 'a/{{p}}/b{0}', parameters: {{p: {{}}}}, messages: {{m: {1}}}}}\n"
OPERATION = "  o{0}: {{action: send, channel: {{$ref: '#/channels/c{0}'}}}}\n"
SMALL, GROWTH, TOLERANCE = 100, 8, 1.1
CALLS_PER_LINE = 800


def document(count: int) -> str:
    """So many channels with messages of their own."""
    message = "{payload: {type: object, properties: {p: {type: integer}}}}"
    channels = "".join(CHANNEL.format(number, message) for number in range(count))
    operations = "".join(OPERATION.format(number) for number in range(count))
    return f"{HEAD}channels:\n{channels}operations:\n{operations}"


def calls_to_compile(folder: Path, text: str) -> int:
    schema = folder / "schema.yaml"
    schema.write_text(text)
    diagnostics = Diagnostics()
    count = calls(lambda: compile_schema(schema, diagnostics))
    assert not list(diagnostics)
    return count


def test_work_grows_with_the_document(tmp_path: Path) -> None:
    calls_to_compile(tmp_path, document(1))  # whatever is done once
    small = calls_to_compile(tmp_path, document(SMALL))
    large = calls_to_compile(tmp_path, document(SMALL * GROWTH))
    assert large < small * GROWTH * TOLERANCE


def test_a_document_of_2800_lines_takes_little_work(tmp_path: Path) -> None:
    text = generator.document()
    lines = text.count("\n")
    assert lines >= generator.LINES
    count = calls_to_compile(tmp_path, text)
    assert count < CALLS_PER_LINE * lines
