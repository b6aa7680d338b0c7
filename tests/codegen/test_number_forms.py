"""A union of an integer and a number keeps its form in transit: the notation tells which it is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.codegen.loading import HEAD, document
from tests.support.codec import Codec

OPERATION = "operations: {o: {action: receive, channel: {$ref: '#/channels/c'}}}\n"
SCHEMA = """
type: object
properties:
  small: {anyOf: [{type: integer, maximum: 5}, {type: number, maximum: 100}, {type: string}]}
  first: {anyOf: [{type: number, maximum: 100}, {type: integer, maximum: 5}, {type: string}]}
"""


@pytest.fixture(scope="module")
def codec(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Codec]:
    folder = tmp_path_factory.mktemp("forms")
    schema = folder / "t.yaml"
    schema.write_text(HEAD + document(SCHEMA) + OPERATION)
    built = Codec(schema, folder)
    yield built
    built.close()


@pytest.mark.parametrize("member", ["small", "first"])
@pytest.mark.parametrize(
    ("number", "sent"),
    [
        ("2", "2"),
        ("2.0", "2.0"),
        ("2e0", "2.0"),
        ("2.5", "2.5"),
        ("6", "6.0"),
        ("6.0", "6.0"),
        ("-7.25e1", "-72.5"),
    ],
)
def test_a_number_keeps_its_form(codec: Codec, member: str, number: str, sent: str) -> None:
    for text in (number, sent):
        assert codec.judge("t_top", f'{{"{member}":{text}}}').text == f'{{"{member}":{sent}}}'


@pytest.mark.parametrize("member", ["small", "first"])
def test_what_no_form_accepts_is_refused(codec: Codec, member: str) -> None:
    for number in ("101", "101.0"):
        verdict = codec.judge("t_top", f'{{"{member}":{number}}}')
        assert (verdict.status, verdict.path) == ("VALUE", f"/{member}")
