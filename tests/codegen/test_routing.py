"""The compiled router takes what a plain look at every route of every binding takes."""

from __future__ import annotations

import random
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from mqbind.diagnostics import Diagnostics
from mqbind.emit.write import write
from mqbind.pipeline import compile_schema
from mqbind.plan.text.literals import string
from tests.support.compiler import ROOT, UNOPTIMIZED, compile_c, runtime_library

HERE = Path(__file__).parent
TEXTS = ("a", "b", "ab", "a-b", "-", "x-", "1", "", "\u4e2d", "aaaaaaaaaaaa")
LEVELS = ("a", "ab", "\u4e2d", "{}", "{}", "{}", "{}", "a{}", "{}b", "a-{}", "{}-{}", "x{}-{}b", "")
SPANNING = ("a/b", "b", "a-b/-", "x-/1/ab")
BINDINGS = 60
TOPICS = 1500


class Net:
    """Random addresses that one side receives on, and what fits them more or less."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.names = [f"p{number}" for number in range(self.random.choice((3, 5, 50)))]
        self.prefix = self.random.choice(("", "", "site/{plant}", "{plant}-{line}/s"))
        count = self.random.choice((4, 12, 40))
        self.addresses = sorted({self._address() for _ in range(count)})

    def _address(self) -> str:
        names = self.random.sample(self.names, len(self.names))
        levels = [self._level(names) for _ in range(self.random.randint(1, 3))]
        if self.random.random() < 0.2:
            levels.append("{rest}")
        return "/".join(levels) if any(levels) else "/"

    def _level(self, names: list[str]) -> str:
        shape = self.random.choice(LEVELS)
        while "{}" in shape:
            shape = shape.replace("{}", f"{{{names.pop()}}}" if names else "a", 1)
        return shape

    def document(self) -> str:
        server = {"host": "localhost", "protocol": "mqtt", "pathname": f"/{self.prefix}"}
        channels = {}
        for number, address in enumerate(self.addresses):
            used = re.findall(r"\{(\w+)\}", address)
            channels[f"c{number}"] = {
                "address": address,
                "parameters": {name: self._parameter(name) for name in used},
                "messages": {"m": {"payload": {"type": "integer"}}},
            }
        document = {
            "asyncapi": "3.0.0",
            "info": {
                "title": "Net",
                "version": "1",
                "x-mqbind-role": "hub",
                "x-mqbind-peer-role": "leaf",
            },
            "servers": {"main": server} if self.prefix else {},
            "channels": channels,
            "operations": {
                f"take{key}": {"action": "receive", "channel": {"$ref": f"#/channels/{key}"}}
                for key in channels
            },
        }
        return str(yaml.safe_dump(document, allow_unicode=True, sort_keys=False))

    def _parameter(self, name: str) -> dict[str, object]:
        if name == "rest":
            return {"x-mqbind-multi-level": True}
        rules: tuple[dict[str, object], ...] = (
            {},
            {},
            {"x-mqbind-max-length": 2},
            {"x-mqbind-pattern": "^[a-b]+$"},
        )
        return self.random.choice(rules)

    def values(self, fields: list[str]) -> list[str]:
        """Values for a binding; those per side are mostly alike."""
        chance = self.random.choice((0.0, 0.3, 1.0))
        return [self._value(name, chance) for name in fields]

    def _value(self, name: str, chance: float) -> str:
        if name in ("plant", "line"):
            return self.random.choice(("a", "a", "b/a"))
        if self.random.random() >= chance:
            return ""
        return self.random.choice(SPANNING if name == "rest" else TEXTS)

    def topic(self) -> str:
        prefix = f"{self.prefix}/" if self.prefix else ""
        text = prefix + self.random.choice(self.addresses)
        text = re.sub(r"\{plant\}|\{line\}", lambda _: self._value("plant", 1), text)
        text = text.replace("{rest}", self.random.choice(SPANNING))
        text = re.sub(r"\{\w+\}", lambda _: self.random.choice(TEXTS), text)
        if self.random.random() < 0.2:
            place = self.random.randrange(len(text) + 1)
            cut = place + self.random.randint(0, 2)
            text = text[:place] + self.random.choice(("a", "/", "-", "")) + text[cut:]
        return text

    def commands(self, fields: list[str]) -> str:
        lines = []
        for number in range(TOPICS):
            binding = self.random.randrange(BINDINGS)
            if number % 5 == 0:
                lines += [f"unbind\t{binding}"]
                lines += ["\t".join(("bind", str(binding), *self.values(fields)))]
            lines.append(f"topic\t{self.topic()}")
        return "\n".join(lines) + "\n"


def side_fields(folder: Path) -> list[str]:
    """The values of a binding of the side, in their order."""
    header = (folder / "net_hub.h").read_text()
    fields = re.search(r"struct net_hub \{(.*?)const char \*group", header, re.DOTALL)
    assert fields
    return re.findall(r"struct mqb_str (\w+);", fields[1])


@pytest.mark.parametrize("seed", range(6))
def test_router_takes_what_a_plain_look_takes(seed: int, tmp_path: Path) -> None:
    net = Net(seed)
    schema = tmp_path / "net.yaml"
    schema.write_text(net.document(), encoding="utf-8")
    diagnostics = Diagnostics()
    write(tmp_path, compile_schema(schema, diagnostics).files)
    sources = sorted(set(tmp_path.glob("net_*.c")) - {tmp_path / "net_hub.c"})
    program = tmp_path / "routing"
    compile_c(
        "gcc",
        [HERE / "routing.c", *sources, runtime_library()],
        program,
        *(*UNOPTIMIZED, "-I", str(tmp_path), "-I", str(ROOT / "runtime")),
        f"-DSIDE_SOURCE={string(str(tmp_path / 'net_hub.c'))}",
        "-DROUTER=net_hub_router",
    )
    commands = net.commands(side_fields(tmp_path))
    for buckets in ("0", "16"):
        done = subprocess.run(
            [program, buckets], input=commands, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, (done.stdout, done.stderr, net.addresses)
        assert int(done.stdout) > TOPICS * BINDINGS
