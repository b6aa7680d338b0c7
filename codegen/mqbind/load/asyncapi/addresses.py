"""Checks that an address can be a topic of MQTT."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import zip_longest

from mqbind.diagnostics import Diagnostics, Location
from mqbind.model.address import Address, Parameter

_BYTES_MAX = 65535
_PARAMETERS_MAX = 16
_PARAMETER = re.compile(r"\{([^{}/]+)\}")
_CONTROL = re.compile("[\x01-\x1f\x7f-\x9f]")


def check_address(address: str, location: Location, diagnostics: Diagnostics) -> bool:
    """Report what MQTT forbids in a topic, and parameters without text between them."""
    found = [*_topic_faults(address), *_parameter_faults(address)]
    for message, remedy in found:
        diagnostics.error(location, message, remedy)
    if not found and re.search(r"[{}]", _PARAMETER.sub("", address)):
        diagnostics.warning(
            location,
            f"a brace in `{address}` encloses no parameter and is part of the topic",
            "write `{name}` for a parameter",
        )
    return not found


def parameters_of(address: str) -> list[str]:
    """The names in braces, in their order."""
    return _PARAMETER.findall(address)


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


def _topic_faults(address: str) -> list[tuple[str, str]]:
    faults = []
    if not address:
        return [("an address must not be empty", "write the topic, such as `devices/{id}/state`")]
    if "#" in address:
        faults.append(
            (
                "`#` cannot stand in an address",
                "write `{rest}`, and `x-mqbind-multi-level: true` in its entry under `parameters`",
            )
        )
    if "+" in address:
        faults.append(
            ("`+` cannot stand in an address", "write `{name}` and declare it under `parameters`")
        )
    if "\0" in address:
        faults.append(("an address must not hold U+0000", "remove it"))
    if _CONTROL.search(address):
        faults.append(("an address must not hold control characters", "remove them"))
    start = address.split("/")[0]
    if start == "$share":
        faults.append(
            ("`$share` cannot start an address", "write the topic without `$share` and the group")
        )
    elif start.startswith("$") and parameters_of(start):
        faults.append(
            (
                "a first level that begins with `$` cannot hold a parameter",
                "write the level out: no wildcard matches it, and `$share` starts no topic",
            )
        )
    if len(address.encode()) > _BYTES_MAX:
        faults.append((f"an address must not exceed {_BYTES_MAX} bytes", "shorten it"))
    return faults


def _parameter_faults(address: str) -> list[tuple[str, str]]:
    faults = []
    if "{}" in address:
        faults.append(("a parameter has no name", "write it between the braces"))
    elif "{}{}" in _PARAMETER.sub("{}", address):
        faults.append(
            (
                "nothing keeps two parameters of the address apart",
                "write something between them, or make them one parameter",
            )
        )
    if len(parameters_of(address)) > _PARAMETERS_MAX:
        faults.append(
            (
                f"an address must not have more than {_PARAMETERS_MAX} parameters",
                "join some of them",
            )
        )
    return faults
