"""A document of AsyncAPI 2 is the same protocol as what AsyncAPI's own converter makes of it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
import yaml

from mqbind.diagnostics import Diagnostics
from mqbind.load import load
from mqbind.model.address import Parameter
from mqbind.model.constraints import Shared
from mqbind.model.protocol import Operation, Protocol
from mqbind.model.types import Named
from mqbind.pipeline import compile_schema
from tests.corpus.random_version_2 import random_version_2
from tests.support.scale import LONG

CORPUS = Path(__file__).parent
CONVERT = CORPUS.parent / "protocols" / "asyncapi_parser" / "convert.mjs"
DOCUMENTS = sorted(CORPUS.glob("version_2_*.yaml"))
RANDOM = 300 if LONG else 40

NAMES = frozenset(("key", "name", "hint", "given", "location"))
"""Fields that hold names in C and places. The converter chooses other names where a document gives
none."""

OF_SCHEMAS = frozenset(("pattern", "max_length", "storage"))
"""What the schema of a parameter says, and the converter leaves out."""


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Path]]:
    """Each document of version 2 by its name, and what the converter makes of it."""
    old = tmp_path_factory.mktemp("version_2")
    new = tmp_path_factory.mktemp("version_3")
    documents = {each.stem: yaml.safe_load(each.read_text()) for each in DOCUMENTS}
    documents |= {f"random_{seed}": random_version_2(seed) for seed in range(RANDOM)}
    pairs = {name: (old / f"{name}.json", new / f"{name}.json") for name in documents}
    for name, document in documents.items():
        for file in pairs[name]:
            file.write_text(json.dumps(whole_numbers(document)))
    for folder in (old, new):
        copytree(CORPUS / "files", folder / "files")
    converted = [str(file) for _, file in pairs.values()]
    subprocess.run(["node", CONVERT, "3.0.0", *converted], check=True, capture_output=True)
    for _, file in pairs.values():
        give_roles(file)
    return pairs


def whole_numbers(value: Any) -> Any:
    """With 1e20 as the integer that the converter, being JavaScript, writes for it."""
    match value:
        case float() if value.is_integer() and abs(value) < 1e21:
            return int(value)
        case dict():
            return {key: whole_numbers(inner) for key, inner in value.items()}
        case list():
            return [whole_numbers(inner) for inner in value]
        case _:
            return value


def give_roles(file: Path) -> None:
    """In version 2, it is clients that publish and subscribe."""
    document = json.loads(file.read_text())
    own = document["info"].setdefault("x-mqbind-role", "server")
    document["info"].setdefault("x-mqbind-peer-role", "client" if own != "client" else "server")
    file.write_text(json.dumps(document))


@pytest.mark.parametrize(
    "name", [*(each.stem for each in DOCUMENTS), *(f"random_{seed}" for seed in range(RANDOM))]
)
def test_the_protocol_is_that_of_the_converted_document(
    both: Mapping[str, tuple[Path, Path]], name: str
) -> None:
    old, new = (described(loaded(file)) for file in both[name])
    assert old
    assert old == new


@pytest.mark.parametrize("name", ["version_2_lights", "version_2_gateway"])
def test_code_is_that_of_the_converted_document_if_all_names_are_given(
    both: Mapping[str, tuple[Path, Path]], name: str
) -> None:
    old, new = (compile_schema(file, Diagnostics()).files for file in both[name])
    assert old == new


def loaded(file: Path) -> Protocol:
    diagnostics = Diagnostics()
    protocol = load(file, diagnostics)
    assert protocol is not None, "\n".join(map(str, diagnostics))
    return protocol


def described(protocol: Protocol) -> list[Any]:
    """Who sends what to which topic, without names, as plain data."""
    describer = Describer(protocol=protocol)
    operations = [
        describer.value(
            {
                "operation": operation,
                "topic": protocol.channels[operation.channel],
                "messages": [protocol.messages[key] for key in operation.messages],
            }
        )
        for operation in protocol.operations
    ]
    return [*sorted(operations, key=str), describer.value(protocol.connection)]


@dataclass(frozen=True, kw_only=True)
class Describer:
    """Turns parts of a model into plain data. A definition is written out wherever it is used, but
    not inside itself."""

    protocol: Protocol
    around: list[str] = field(default_factory=list)

    def value(self, value: Any) -> Any:
        match value:
            case Named(key=key):
                return self._definition(key, self.protocol.definitions[key])
            case Shared(key=key):
                return self._definition(key, self.protocol.constraints[key])
            case Mapping():
                return {key: self.value(inner) for key, inner in value.items()}
            case list() | tuple():
                return [self.value(inner) for inner in value]
            case _ if is_dataclass(value):
                return {"": type(value).__name__, **self._fields(value)}
            case _:
                return str(value)

    def _fields(self, value: Any) -> dict[str, Any]:
        without = NAMES | OF_SCHEMAS if isinstance(value, Parameter) else NAMES
        if isinstance(value, Operation):
            without |= {"channel", "messages"}
        return {
            each.name: self.value(getattr(value, each.name))
            for each in fields(value)
            if each.name not in without
        }

    def _definition(self, key: str, value: Any) -> Any:
        if key in self.around:
            return len(self.around) - self.around.index(key)
        self.around.append(key)
        found = self.value(value)
        self.around.pop()
        return found
