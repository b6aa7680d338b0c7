"""Ambiguous topics: which other addresses match them first, which values a level with several
parameters cannot represent, and which messages come back to their sender."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from mqbind.diagnostics import Diagnostics
from mqbind.model.address import Level
from mqbind.model.overlaps import overlaps
from mqbind.model.protocol import Channel, Operation, Protocol
from mqbind.plan.sides.address_levels import ends, meet, specificity
from mqbind.rules import Rule

_LISTED = 8
PAIRS_MAX = 20_000
"""Pairs of addresses of a document that may overlap."""


@dataclass(frozen=True, kw_only=True)
class Rivals:
    """For each role the channels that it receives, by key, and for each of them those that are
    tried before and may match the same topic (`received`), and those on which the role sends what
    it may match itself (`echoes`)."""

    received: Mapping[str, Mapping[str, Sequence[Channel]]]
    echoes: Mapping[str, Mapping[str, Sequence[Channel]]]

    def of(self, sender: str, channel: Channel) -> tuple[Channel, ...]:
        """The channels that may match what `sender` sends on `channel` before its intended receiver
        does."""
        found: dict[str, Channel] = {}
        for role, channels in self.received.items():
            if role != sender:
                found |= {rival.key: rival for rival in channels.get(channel.key, ())}
        return tuple(found.values())


def find_rivals(protocol: Protocol, diagnostics: Diagnostics) -> Rivals:
    """Find them, and warn about ambiguous topics."""
    search = _Search(diagnostics=diagnostics)
    channels = _received(protocol)
    received = {role: search.rivals(role, found) for role, found in channels.items()}
    sent = _sent(protocol)
    echoes = {
        role: search.echoes(role, found, sent.get(role, ())) for role, found in channels.items()
    }
    for channel in protocol.channels.values():
        _report_values(channel, diagnostics)
    return Rivals(received=received, echoes=echoes)


@dataclass(kw_only=True)
class _Search:
    """Compares pairs of addresses, whose number is limited."""

    diagnostics: Diagnostics
    pairs: int = 0
    divided: dict[str, tuple[str, tuple[Level, ...]]] = field(default_factory=dict)

    def rivals(self, role: str, channels: Sequence[Channel]) -> Mapping[str, Sequence[Channel]]:
        """For each channel that the role receives, those tried before it."""
        found: dict[str, list[Channel]] = {channel.key: [] for channel in channels}
        rank = {
            channel.key: place for place, channel in enumerate(sorted(channels, key=specificity))
        }
        ordinary = [channel for channel in channels if not channel.dynamic]
        groups = _Groups()
        for pair in overlaps(ordinary):
            if not self._goes_on(role, pair[1]):
                break
            first, later = sorted(pair, key=lambda channel: rank[channel.key])
            if self._may_take(first, later):
                found[later.key].append(first)
                groups.join(*pair)
        for group in groups.all(ordinary):
            _report_overlaps(group, role, self.diagnostics)
        for channel in channels:
            if channel.dynamic and all(self._goes_on(role, channel) for _ in ordinary):
                found[channel.key] += ordinary
            found[channel.key].sort(key=lambda rival: rank[rival.key])
        return found

    def echoes(
        self, role: str, received: Sequence[Channel], sent: Sequence[Channel]
    ) -> Mapping[str, Sequence[Channel]]:
        """For each channel that the role receives, those that it sends on and that may match it."""
        places = {channel.key: place for place, channel in enumerate(sent) if not channel.dynamic}
        found = {each.key: [each] if each.key in places else [] for each in received}
        every = {each.key: each for each in (*received, *sent) if not each.dynamic}
        if not places or self.pairs >= PAIRS_MAX:
            return found
        for one, other in overlaps(every.values()):
            for mine, theirs in ((one, other), (other, one)):
                if mine.key not in found or theirs.key not in places:
                    continue
                if not self._goes_on(role, theirs):
                    return found
                if self._may_take(mine, theirs):
                    found[mine.key].append(theirs)
        for channels in found.values():
            channels.sort(key=lambda channel: places[channel.key])
        return found

    def _goes_on(self, role: str, channel: Channel) -> bool:
        self.pairs += 1
        if self.pairs == PAIRS_MAX:
            self.diagnostics.error(
                Rule.TOO_MANY_OVERLAPS,
                channel.location,
                f"more than {PAIRS_MAX} pairs of addresses may overlap for `{role}`",
                "give them different literal levels, or list the parameters' values in `enum`",
            )
        return self.pairs < PAIRS_MAX

    def _may_take(self, first: Channel, later: Channel) -> bool:
        """Whether `first` may match what is sent on `later`. A pathname before only one of the
        addresses separates them: it belongs to another server."""
        (head, ours), (their_head, theirs) = self._divided(first), self._divided(later)
        if head != their_head:
            return False
        for place, mine in enumerate(ours):
            if place == len(theirs):
                return False
            if mine.spans or theirs[place].spans:
                return True
            if not meet(mine, theirs[place]):
                return False
        return len(ours) == len(theirs)

    def _divided(self, channel: Channel) -> tuple[str, tuple[Level, ...]]:
        """The address up to its last parameter that is per side, and the levels after it."""
        if channel.key not in self.divided:
            head, rest = channel.address.split_per_side()
            self.divided[channel.key] = (head, rest.levels)
        return self.divided[channel.key]


@dataclass(kw_only=True)
class _Groups:
    """Channels that overlap with each other, directly or by way of others. Each but the first of a
    group names one before it."""

    leaders: dict[str, str] = field(default_factory=dict)

    def join(self, one: Channel, other: Channel) -> None:
        self.leaders[self._leader(one.key)] = self._leader(other.key)

    def all(self, channels: Sequence[Channel]) -> list[list[Channel]]:
        """The groups, each in the order of the channels."""
        found: dict[str, list[Channel]] = {}
        for channel in channels:
            if channel.key in self.leaders:
                found.setdefault(self._leader(channel.key), []).append(channel)
        return list(found.values())

    def _leader(self, key: str) -> str:
        while (above := self.leaders.setdefault(key, key)) != key:
            self.leaders[key] = key = self.leaders[above]
        return key


def _received(protocol: Protocol) -> Mapping[str, Sequence[Channel]]:
    return _by_role(protocol, lambda operation: operation.receiver)


def _sent(protocol: Protocol) -> Mapping[str, Sequence[Channel]]:
    return _by_role(protocol, lambda operation: operation.sender)


def _by_role(
    protocol: Protocol, role: Callable[[Operation], str]
) -> Mapping[str, Sequence[Channel]]:
    found: dict[str, dict[str, Channel]] = {}
    for operation in protocol.operations:
        if operation.messages:
            channel = protocol.channels[operation.channel]
            found.setdefault(role(operation), {})[channel.key] = channel
    return {role: list(channels.values()) for role, channels in found.items()}


# ---- Warnings ----


def _report_overlaps(group: Sequence[Channel], role: str, diagnostics: Diagnostics) -> None:
    """Once for addresses that overlap with each other, at the last of them."""
    names = [f"`{channel.address}`" for channel in group]
    more = len(names) - _LISTED
    listed = names[:_LISTED] if more > 0 else names[:-1]
    last = f"{more} more addresses" if more > 0 else names[-1]
    matches = "both" if len(names) == 2 else "more than one"
    diagnostics.warning(
        Rule.OVERLAPPING_ADDRESSES,
        group[-1].location,
        f"{', '.join(listed)} and {last} overlap for `{role}`: a topic can match {matches}",
        "the literal level takes precedence over the parameter, and sending such a topic on the "
        "other address fails; rename a level, or exclude the literal from the parameter's values "
        "with `enum` or `x-mqbind-pattern`",
    )


def _report_values(channel: Channel, diagnostics: Diagnostics) -> None:
    for parameter, text in ends(channel, typed=True).items():
        diagnostics.warning(
            Rule.AMBIGUOUS_PARAMETER_VALUE,
            channel.location,
            f"values of `{parameter}` may contain `{text}`, which ends it in `{channel.address}`",
            "sending such a value fails; exclude it with an `x-mqbind-pattern` of the parameter "
            f"such as `{_without(text)}`, or list the values in `enum`",
        )


def _without(text: str) -> str:
    """A pattern of values without the first character of the text."""
    first = f"\\{text[0]}" if text[0] in "\\]^-" else text[0]
    return f"^[^{first}]+$"
