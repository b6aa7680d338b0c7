"""Schemas of strings."""

from __future__ import annotations

from mqbind.load.jsonschema.constraints import Constraints, pattern_of
from mqbind.load.jsonschema.lengths import Lengths
from mqbind.load.jsonschema.merged import MergedSchema
from mqbind.model.types import Text, Type


class Strings:
    """Reads the schemas of strings."""

    def __init__(self, constraints: Constraints, lengths: Lengths) -> None:
        self._constraints = constraints
        self._lengths = lengths

    def read(self, merged: MergedSchema) -> Type:
        low, high, known = self._lengths.range(merged, "minLength", "maxLength")
        pattern = merged.first("pattern")
        if pattern is not None:
            known.add(pattern)
        its = Text(
            min_length=low,
            max_length=high,
            pattern=None if pattern is None else pattern_of(pattern.value),
            inline=self._lengths.is_inline(merged, "maxLength", high),
        )
        return self._constraints.constrain(its, merged, known)
