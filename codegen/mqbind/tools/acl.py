"""Rights: which topics each role reads and writes, also in the form of mosquitto's acl_file.

An acl_file has no quotes: topics are written as they are. It lets every client subscribe to
anything, and delivers only what the client may read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Flag, auto

from mqbind.model.address import Level, Parameter
from mqbind.model.protocol import Channel, Protocol


class Access(Flag):
    """What a role may do with a topic."""

    READ = auto()
    WRITE = auto()

    @property
    def word(self) -> str:
        """The word in an acl_file."""
        return {Access.READ: "read", Access.WRITE: "write"}.get(self, "readwrite")


@dataclass(frozen=True, kw_only=True)
class Right:
    """What one role may do with the topics of one filter."""

    access: Access
    filter: str


class NoRights(Exception):
    """The rights cannot be written as an acl_file."""


def rights(
    protocol: Protocol, values: Mapping[str, str] | None = None
) -> Mapping[str, tuple[Right, ...]]:
    """The rights of each role, in the order of the document. `values` are the parameters that do
    not take every value."""
    found: dict[str, dict[str, Access]] = {protocol.role: {}}

    def grant(role: str, channel: Channel, access: Access) -> None:
        its = found.setdefault(role, {})
        topics = _filter(channel, values or {})
        its[topics] = its.get(topics, access) | access

    for operation in protocol.operations:
        channel = protocol.channels[operation.channel]
        grant(operation.sender, channel, Access.WRITE)
        grant(operation.receiver, channel, Access.READ)
        if operation.reply is not None:
            answers = protocol.channels[operation.reply.channel]
            grant(operation.receiver, answers, Access.WRITE)
            grant(operation.sender, answers, Access.READ)
    return {
        role: tuple(Right(access=access, filter=topics) for topics, access in its.items())
        for role, its in found.items()
    }


def may_stand(value: str, parameter: Parameter) -> bool:
    """Whether the parameter can have the value. If it spans levels, it may be a pattern:
    "askers/+/inbox"."""
    levels = value.split("/") if parameter.multi_level else [value]
    patterns = {"+"} if parameter.multi_level else set()
    return all(level in patterns or not set(level) & set("/+#\0") for level in levels)


def _filter(channel: Channel, values: Mapping[str, str]) -> str:
    return "/".join(_level(level, values) for level in channel.address.levels)


def _level(level: Level, values: Mapping[str, str]) -> str:
    """Filters consist of whole levels. A parameter that spans several of them ends an address,
    unless it is per side."""
    for parameter in level.parameters:
        if parameter.name not in values:
            return "#" if parameter.spans else "+"
    return level.spelled(lambda parameter: values[parameter.name])


def acl(role: str, granted: tuple[Right, ...]) -> str:
    """Lines for mosquitto's acl_file. Filters with %u or %c apply to every user, because mosquitto
    inserts the user name or the client id; the others to the user with the role's name."""
    for right in granted:
        if not right.filter.isprintable() or right.filter != right.filter.strip():
            raise NoRights(f"acl_file cannot express the topic {right.filter!r}")
    own = [right for right in granted if not _is_pattern(right.filter)]
    patterns = [right for right in granted if _is_pattern(right.filter)]
    rows = [f"user {role}"] if own else []
    rows += [f"topic {right.access.word} {right.filter}" for right in own]
    rows += [f"pattern {right.access.word} {right.filter}" for right in patterns]
    return "".join(f"{row}\n" for row in rows)


def _is_pattern(topics: str) -> bool:
    return "%u" in topics or "%c" in topics
