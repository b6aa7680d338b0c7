"""Checks that an address can be a topic of MQTT."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from mqbind.diagnostics import Diagnostics, Location
from mqbind.model.address import Address, Parameter
from mqbind.rules import Rule

_BYTES_MAX = 65535
_PARAMETERS_MAX = 16
_PARAMETER = re.compile(r"\{([^{}/]+)\}")
_CONTROL = re.compile("[\x01-\x1f\x7f-\x9f]")


def check_address(address: str, location: Location, diagnostics: Diagnostics) -> bool:
    """Report what MQTT forbids in a topic, and parameters without text between them."""
    found = [*_topic_faults(address), *_parameter_faults(address)]
    for fault in found:
        diagnostics.error(fault.rule, location, fault.message, fault.remedy)
    if not found and re.search(r"[{}]", _PARAMETER.sub("", address)):
        diagnostics.warning(
            Rule.STRAY_BRACE,
            location,
            f"a brace in `{address}` does not enclose a parameter and is part of the topic",
            "write `{name}` for a parameter",
        )
    return not found


def parameters_of(address: str) -> list[str]:
    """The names in braces, in their order."""
    return _PARAMETER.findall(address)


def with_parameters(address: str) -> str:
    """The address with a parameter in place of each level that is a wildcard."""
    taken = set(parameters_of(address))
    levels = address.split("/")
    for place, level in enumerate(levels):
        name = f"level{place + 1}"
        if level == "+":
            levels[place] = f"{{{name}_}}" if name in taken else f"{{{name}}}"
    return "/".join(levels)


def words_of(address: str) -> str:
    """The text between the parameters."""
    return " ".join(_PARAMETER.sub("", address).replace("/", " ").split())


def parse(address: str, parameters: Sequence[Parameter]) -> Address:
    """The address; `parameters` are those that its text names, in their order."""
    texts = _PARAMETER.split(address)[::2]
    pairs = zip_longest(texts, parameters, fillvalue="")
    return Address.of(segment for pair in pairs for segment in pair)


def distinct(names: list[str]) -> list[str]:
    """The names; duplicates get a number appended."""
    seen: Counter[str] = Counter()
    found = []
    for name in names:
        seen[name] += 1
        found.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return found


@dataclass(frozen=True, kw_only=True)
class _Fault:
    """Something that is wrong with an address."""

    rule: Rule
    message: str
    remedy: str


def _topic_faults(address: str) -> Iterator[_Fault]:
    if not address:
        yield _Fault(
            rule=Rule.INVALID_ADDRESS,
            message="an address must not be empty",
            remedy="write the topic, such as `devices/{id}/state`",
        )
    yield from _character_faults(address)
    yield from _start_faults(address.split("/")[0])
    if len(address.encode()) > _BYTES_MAX:
        yield _Fault(
            rule=Rule.ADDRESS_TOO_LONG,
            message=f"an address must not exceed {_BYTES_MAX} bytes",
            remedy="shorten it",
        )


def _character_faults(address: str) -> Iterator[_Fault]:
    if "#" in address:
        yield _Fault(
            rule=Rule.WILDCARD_IN_ADDRESS,
            message="`#` is not allowed in an address",
            remedy="write `{rest}`, and `x-mqbind-multi-level: true` in its entry under "
            "`parameters`",
        )
    if "+" in address:
        yield _Fault(
            rule=Rule.WILDCARD_IN_ADDRESS,
            message="`+` in a level is not allowed in an address",
            remedy="write `{name}` and declare it under `parameters`",
        )
    if "\0" in address:
        yield _Fault(
            rule=Rule.INVALID_ADDRESS,
            message="an address must not contain U+0000",
            remedy="remove it",
        )
    if _CONTROL.search(address):
        yield _Fault(
            rule=Rule.INVALID_ADDRESS,
            message="an address must not contain control characters",
            remedy="remove them",
        )


def _start_faults(start: str) -> Iterator[_Fault]:
    if start == "$share":
        yield _Fault(
            rule=Rule.RESERVED_TOPIC,
            message="an address must not start with `$share`",
            remedy="write the topic without `$share` and the group",
        )
    elif start.startswith("$") and parameters_of(start):
        yield _Fault(
            rule=Rule.RESERVED_TOPIC,
            message="a first level that starts with `$` must not contain a parameter",
            remedy="spell the level out: wildcards do not match it, and a topic cannot start with "
            "`$share`",
        )


def _parameter_faults(address: str) -> Iterator[_Fault]:
    if "{}" in address:
        yield _Fault(
            rule=Rule.UNNAMED_PARAMETER,
            message="a parameter has no name",
            remedy="write its name between the braces",
        )
    elif "{}{}" in _PARAMETER.sub("{}", address):
        yield _Fault(
            rule=Rule.ADJACENT_PARAMETERS,
            message="nothing separates two parameters of the address",
            remedy="write something between them, or make them one parameter",
        )
    if len(parameters_of(address)) > _PARAMETERS_MAX:
        yield _Fault(
            rule=Rule.TOO_MANY_PARAMETERS,
            message=f"an address must not have more than {_PARAMETERS_MAX} parameters",
            remedy="combine some of them",
        )
