"""Addresses of channels: literal text and the parameters in it, in levels."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Self, TypeAlias

from mqbind.diagnostics import Location
from mqbind.model.constraints import Pattern


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A variable part of an address: a level or a part of one.

    `multi_level`: it spans one or more levels; it ends the address, or is `per_side`. `per_side`:
    it has one value for all that a side sends and receives, `default` if the side says nothing.
    """

    name: str
    location: Location
    description: str | None = None
    examples: tuple[str, ...] = ()
    pattern: Pattern | None = None
    max_length: int | None = None
    enum: tuple[str, ...] = ()
    storage: str | None = None
    default: str | None = None
    multi_level: bool = False
    per_side: bool = False

    @property
    def spans(self) -> bool:
        """It takes as many levels as are left."""
        return self.multi_level and not self.per_side


Segment: TypeAlias = str | Parameter


@dataclass(frozen=True, kw_only=True)
class Level:
    """A level between two slashes: literals, and a parameter between each two of them."""

    texts: tuple[str, ...]
    parameters: tuple[Parameter, ...]

    @property
    def is_parameter(self) -> bool:
        """One parameter is the whole level."""
        return self.texts == ("", "")

    @property
    def spans(self) -> bool:
        return any(parameter.spans for parameter in self.parameters)

    def spelled(self, value: Callable[[Parameter], str]) -> str:
        """The level with the value of each parameter in its place."""
        first, *others = self.texts
        pairs = zip(self.parameters, others, strict=True)
        return first + "".join(value(parameter) + text for parameter, text in pairs)


@dataclass(frozen=True)
class Address:
    """Literal text, of which no two pieces are neighbours, and parameters."""

    segments: tuple[Segment, ...]

    @classmethod
    def of(cls, segments: Iterable[Segment]) -> Self:
        """The address of these segments, neighbouring pieces of text joined."""
        found: list[Segment] = []
        for segment in segments:
            last = found[-1] if found else None
            if isinstance(segment, str) and isinstance(last, str):
                found[-1] = last + segment
            elif segment != "":
                found.append(segment)
        return cls(tuple(found))

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        return tuple(each for each in self.segments if isinstance(each, Parameter))

    @cached_property
    def per_side(self) -> tuple[str, ...]:
        """The names of the parameters that are per side."""
        return tuple(parameter.name for parameter in self.parameters if parameter.per_side)

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The text before, between and behind the parameters."""
        found = [""]
        for segment in self.segments:
            if isinstance(segment, str):
                found[-1] = segment
            else:
                found.append("")
        return tuple(found)

    @cached_property
    def levels(self) -> tuple[Level, ...]:
        found: list[tuple[list[str], list[Parameter]]] = [([""], [])]
        for segment in self.segments:
            texts, parameters = found[-1]
            if isinstance(segment, Parameter):
                parameters.append(segment)
                texts.append("")
                continue
            first, *others = segment.split("/")
            texts[-1] = first
            found += [([text], []) for text in others]
        return tuple(
            Level(texts=tuple(texts), parameters=tuple(parameters)) for texts, parameters in found
        )

    @cached_property
    def shape(self) -> str:
        """The address with "{}" for each parameter."""
        return self.spelled(lambda _: "{}")

    def __str__(self) -> str:
        """The address with "{name}" for each parameter."""
        return self.spelled(lambda parameter: f"{{{parameter.name}}}")

    def spelled(self, value: Callable[[Parameter], str]) -> str:
        """The address with the value of each parameter in its place."""
        return "".join(
            segment if isinstance(segment, str) else value(segment) for segment in self.segments
        )

    def split_per_side(self) -> tuple[str, Address]:
        """The text up to the last parameter that is per side, and the address behind it."""
        ends = [
            place
            for place, segment in enumerate(self.segments, start=1)
            if isinstance(segment, Parameter) and segment.per_side
        ]
        end = max(ends, default=0)
        return str(Address(self.segments[:end])), Address(self.segments[end:])

    def with_parameters(self, parameters: Iterable[Parameter]) -> Address:
        """The same text with other parameters."""
        rest = iter(parameters)
        return Address(
            tuple(each if isinstance(each, str) else next(rest) for each in self.segments)
        )
