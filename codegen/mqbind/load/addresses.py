"""What an address must be to be a topic of MQTT."""

from __future__ import annotations

import re

from mqbind.diagnostics import Diagnostics, Location

_BYTES_MAX = 65535
_PARAMETER = re.compile(r"\{([^{}]*)\}")
_NAME = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_CONTROL = re.compile("[\x01-\x1f\x7f-\x9f]")


def check_address(address: str, location: Location, diagnostics: Diagnostics) -> bool:
    """Report what MQTT forbids in a topic, and parameters that are no whole level."""
    found = [*_topic_faults(address), *_parameter_faults(address)]
    for message, remedy in found:
        diagnostics.error(location, message, remedy)
    return not found


def parameters_of(address: str) -> list[str]:
    """The names in braces, in their order."""
    return _PARAMETER.findall(address)


def _topic_faults(address: str) -> list[tuple[str, str]]:
    faults = []
    if not address:
        return [("an address must not be empty", "write the topic, such as `devices/{id}/state`")]
    if "#" in address:
        faults.append(("`#` cannot stand in an address", "write each level, or `{name}` for one"))
    if "+" in address:
        faults.append(
            ("`+` cannot stand in an address", "write `{name}` and declare it under `parameters`")
        )
    if "\0" in address:
        faults.append(("an address must not hold U+0000", "remove it"))
    if _CONTROL.search(address):
        faults.append(("an address must not hold control characters", "remove them"))
    if address.split("/")[0] == "$share":
        faults.append(
            ("`$share` cannot start an address", "write the topic without `$share` and the group")
        )
    if len(address.encode()) > _BYTES_MAX:
        faults.append((f"an address must not exceed {_BYTES_MAX} bytes", "shorten it"))
    return faults


def _parameter_faults(address: str) -> list[tuple[str, str]]:
    faults = []
    for level in address.split("/"):
        name = _PARAMETER.fullmatch(level)
        if name is None and ("{" in level or "}" in level):
            faults.append(
                (f"a parameter must be a whole level, unlike `{level}`", "write `/{name}/`")
            )
        elif name is not None and not _NAME.fullmatch(name[1]):
            faults.append(
                (
                    f"`{name[1]}` cannot name a parameter",
                    "use letters, digits, `_` and `-`",
                )
            )
    names = parameters_of(address)
    for name_ in sorted({name_ for name_ in names if names.count(name_) > 1}):
        faults.append((f"parameter `{name_}` stands twice in the address", "rename one of them"))
    return faults
