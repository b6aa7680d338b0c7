"""What one side sends reaches the right handler of the other with the same values, or is refused;
and it is refused only if it would not."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from mqbind.diagnostics import Diagnostics
from mqbind.emit.write import write
from mqbind.pipeline import plan_schema, render_plan
from mqbind.plan.nodes.sides import Handler, Sender, SideFile
from mqbind.plan.nodes.topics import AddressCode, ParameterCode
from tests.support.compiler import ROOT, UNOPTIMIZED, compile_c, runtime_library
from tests.support.scale import LONG
from tests.topics.nets import Net
from tests.topics.reading import Address, Receiver

HERE = Path(__file__).parent
NETS, SENDS = (100, 5000) if LONG else (24, 2200)
HUBS = 6
OK, REFUSED = 0, 3


@dataclass(frozen=True, kw_only=True)
class Outcome:
    status: int
    arrivals: tuple[tuple[int, int, tuple[bytes, ...]], ...]
    """Which hub, at which address, with which values."""


# ---- The C of the sides ----


def bridge(
    hub: SideFile, leaf: SideFile, numbers: Mapping[tuple[str, bool], int], plant: str
) -> str:
    """What tests/topics/arrivals.c calls, for two generated sides."""
    handlers = [handler for route in hub.routes for handler in route.handlers]
    senders = [sender for sender in leaf.senders if _key(sender.message.address) in numbers]
    lines = [
        f'#include "{hub.file_stem}.h"\n#include "{leaf.file_stem}.h"\n#include "arrivals.h"\n',
        "#include <mqbind/detail/side.h>\n",
        f"static struct {hub.c_name} hubs[{HUBS}];\n",
        *(_handler(hub, handler, numbers) for handler in handlers),
        f"static const struct {hub.c_name}_handlers handlers = {{",
        *(
            f"    .{handler.message.name} = on_{numbers[_key(handler.message.address)]},"
            for handler in handlers
        ),
        "};\n",
        "enum mqb_status bind_hub(size_t hub, const struct mqb_str *values)\n{",
        f"    struct {hub.c_name} *side = &hubs[hub];",
        "    side->client = &hub_client;\n    side->handlers = &handlers;",
        *(f"    side->{each.field.c_name} = values[{n}];" for n, each in enumerate(hub.values)),
        f"    return {hub.c_name}_bind(side);\n}}\n",
        "enum mqb_status send_on(size_t address, const struct mqb_str *values)\n{",
        f"    static struct {leaf.c_name} leaf = {{.client = &leaf_client}};",
        "    (void)values;",
        *([f'    leaf.plant = MQB_STR("{plant}");'] if plant else []),
        "    switch (address) {",
        *(_sender(sender, numbers[_key(sender.message.address)]) for sender in senders),
        "    }\n    return MQB_ERR_HANDLER;\n}",
    ]
    return "\n".join(lines) + "\n"


def _handler(hub: SideFile, handler: Handler, numbers: Mapping[tuple[str, bool], int]) -> str:
    address = handler.message.address
    arguments = address.arguments
    takes = [f"struct {hub.c_name} *side"]
    takes += [f"{each.c_type} v{place}" for place, each in enumerate(arguments)]
    takes.append(f"const {handler.message.c_type} *message")
    number = numbers[_key(address)]
    # What is told at run time is no value that was sent.
    count = 0 if _key(address)[1] else len(arguments)
    texts = [_text_of(each, place) for place, each in enumerate(arguments)]
    buffers = [f"    char t{place}[MQB_NUMBER_BYTES];" for place in range(len(arguments))]
    return "\n".join(
        [
            f"static enum mqb_status on_{number}({', '.join(takes)})\n{{",
            *buffers,
            f"    const struct mqb_str values[] = {{{', '.join([*texts, '{NULL, 0}'])}}};",
            *(f"    (void)t{place};" for place in range(len(arguments))),
            "    (void)message;",
            f"    return arrived((size_t)(side - hubs), {number}, values, {count});\n}}\n",
        ]
    )


def _key(address: AddressCode) -> tuple[str, bool]:
    """How it is spelled, and whether it is told."""
    return "{}".join(address.texts), any(
        each.bound and not each.per_side for each in address.parameters
    )


def _text_of(parameter: ParameterCode, place: int) -> str:
    if not parameter.variable:
        return f"v{place}"
    return parameter.level.replace(f"{parameter.name}_text", f"t{place}").replace(
        f"({parameter.name},", f"(v{place},"
    )


def _sender(sender: Sender, number: int) -> str:
    values = [
        f"integer_of(values[{place}])" if each.variable else f"values[{place}]"
        for place, each in enumerate(sender.message.address.arguments)
    ]
    call = ", ".join(["&leaf", *values, f"&(const {sender.message.c_type}){{1}}"])
    return f"    case {number}:\n        return {sender.function.name}({call});"


def build(net: Net, folder: Path) -> tuple[Path, list[str]]:
    """The program of a net, and the names of the values that a hub is bound to."""
    schema = folder / "net.yaml"
    schema.write_text(
        yaml.safe_dump(net.document(), allow_unicode=True, sort_keys=False), encoding="utf-8"
    )
    plan = plan_schema(schema, Diagnostics()).plan
    write(folder, render_plan(plan))
    hub, leaf = (next(s for s in plan.sides if s.role == role) for role in ("hub", "leaf"))
    numbers = {(net.shape(each), each.dynamic): each.number for each in net.addresses}
    (folder / "bridge.c").write_text(bridge(hub, leaf, numbers, net.plant), encoding="utf-8")
    program = folder / "arrivals"
    sources = [HERE / "arrivals.c", *sorted(folder.glob("*.c")), runtime_library()]
    options = (*UNOPTIMIZED, "-I", str(HERE), "-I", str(ROOT / "runtime"))
    compile_c("gcc", sources, program, *options)
    return program, [each.name.strip('"') for each in hub.values]


# ---- What they do ----


def run(program: Path, commands: Sequence[str]) -> list[list[str]]:
    text = "".join(f"{command}\n" for command in commands)
    done = subprocess.run([program], input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answers = [line.split("\t") for line in done.stdout.splitlines()]
    assert len(answers) == len(commands)
    return answers


def command(word: str, number: int, values: Sequence[bytes]) -> str:
    return "\t".join([word, str(number), *(value.hex() for value in values)])


def outcome(answer: Sequence[str]) -> Outcome:
    *arrivals, status = answer[1:]
    found = []
    for arrival in arrivals:
        hub, address, values = arrival.split(":")
        texts = tuple(bytes.fromhex(value) for value in values.split(",")) if values else ()
        found.append((int(hub), int(address), texts))
    return Outcome(status=int(status), arrivals=tuple(sorted(found)))


def expected(
    receiver: Receiver,
    hubs: Mapping[int, Mapping[str, bytes]],
    address: Address,
    values: Sequence[bytes],
) -> Outcome:
    if not receiver.arrives(address, values):
        return Outcome(status=REFUSED, arrivals=())
    topic = address.fill(values)
    found = [
        (hub, arrival.address, arrival.values)
        for hub, wanted in hubs.items()
        if (arrival := receiver.arrival(topic, wanted)) is not None
    ]
    return Outcome(status=OK, arrivals=tuple(sorted(found)))


def hubs_of(net: Net, names: Sequence[str]) -> Iterator[dict[str, bytes]]:
    for hub in range(HUBS):
        wanted = net.wanted([name for name in names if name != "plant"]) if hub else {}
        yield {**wanted, "plant": net.plant.encode()}


@pytest.mark.parametrize("seed", range(NETS))
def test_what_is_sent_arrives_as_it_was_sent_or_is_refused(seed: int, tmp_path: Path) -> None:
    net = Net(seed)
    program, names = build(net, tmp_path)
    receiver = Receiver(net.addresses)
    hubs = list(hubs_of(net, names))
    sends = [
        (address, net.values(address)) for address in net.random.choices(net.addresses, k=SENDS)
    ]
    commands = [
        command("bind", number, [wanted.get(name, b"") for name in names])
        for number, wanted in enumerate(hubs)
    ]
    commands += [command("send", address.number, values) for address, values in sends]
    answers = run(program, commands)

    bound = {}
    for number, (wanted, answer) in enumerate(zip(hubs, answers, strict=False)):
        takes = receiver.takes(wanted)
        assert int(answer[0]) == (OK if takes else REFUSED), (net.addresses, wanted)
        if takes:
            bound[number] = wanted
    arrived = 0
    for (address, values), answer in zip(sends, answers[HUBS:], strict=True):
        found = outcome(answer)
        arrived += bool(found.arrivals)
        assert found == expected(receiver, bound, address, values), (address, values, bound)
    assert arrived > SENDS // 50
