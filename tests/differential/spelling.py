"""JSON values as text, spelled now this way and now that."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Number:
    """A number with its spelling."""

    text: str


def spell(value: Any, generator: random.Random) -> str:
    """Mostly as everybody writes it; sometimes with blanks, escapes, fractions, members twice."""
    return _Speller(generator).spell(value)


class _Speller:
    def __init__(self, generator: random.Random) -> None:
        self._generator = generator
        self._blank = generator.choice(("", "", "", "", " ", "\n\t"))
        self._odd = generator.random() < 0.25
        """Whether this text is spelled oddly here and there."""

    def spell(self, value: Any) -> str:
        match value:
            case dict():
                return self._object(value)
            case list():
                items = f"{self._blank},".join(self._blank + self.spell(item) for item in value)
                return f"[{items}{self._blank}]"
            case str():
                return self._string(value)
            case Number():
                return value.text
            case int() if not isinstance(value, bool) and self._is_time():
                return self._integer(value)
            case _:
                return json.dumps(value, allow_nan=False)

    def _is_time(self) -> bool:
        return self._odd and self._generator.random() < 0.2

    def _object(self, value: dict[str, Any]) -> str:
        members = [(self._string(name), self.spell(item)) for name, item in value.items()]
        if members and self._odd and self._generator.random() < 0.03:
            members.append(self._generator.choice(members))
        blank = self._blank
        text = ",".join(f"{blank}{name}{blank}:{blank}{item}" for name, item in members)
        return f"{{{text}{blank}}}"

    def _string(self, text: str) -> str:
        if not self._is_time():
            return json.dumps(text, ensure_ascii=self._odd)
        # Every code unit as an escape.
        units = text.encode("utf-16-be").hex()
        return '"' + "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4)) + '"'

    def _integer(self, value: int) -> str:
        spellings = (f"{value}.0", f"{value}e0", f"{value}.000", f"{value}0e-1" if value else "-0")
        return self._generator.choice(spellings)
