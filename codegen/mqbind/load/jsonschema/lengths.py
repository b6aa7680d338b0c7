"""Lengths of strings and arrays: their range, and whether values are stored inline."""

from __future__ import annotations

from mqbind.load.jsonschema import bounds
from mqbind.load.jsonschema.context import Context
from mqbind.load.jsonschema.coverage import Coverage
from mqbind.load.jsonschema.merged import MergedSchema
from mqbind.rules import Rule

_STORAGE = "x-mqbind-storage"


class Lengths:
    """Reads the keywords that limit a length."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def range(
        self, merged: MergedSchema, least: str, most: str
    ) -> tuple[int, int | None, Coverage]:
        """The minimum and maximum count, and the keywords that they cover, such as `type`."""
        low, high = bounds.counts(merged.parts, least, most)
        known = Coverage(merged.all("type", least, most))
        if high is None or low <= high:
            return low, high, known
        assertion = merged.first(least)
        assert assertion is not None
        self._context.diagnostics.warning(
            Rule.EMPTY_RANGE,
            assertion.entry.location,
            f"`{least}` {low} is greater than `{most}` {high}",
            "swap or fix them",
        )
        return 0, None, Coverage(merged.all("type"))

    def is_inline(self, merged: MergedSchema, most: str, high: int | None) -> bool:
        if merged.own(_STORAGE) is None:
            return False
        if high is None:
            self._context.diagnostics.error(
                Rule.STORAGE_WITHOUT_LIMIT,
                merged.location_of(_STORAGE),
                f"`{_STORAGE}: inline` requires `{most}`",
                f"add `{most}`, which sets the size of the C array; or remove `{_STORAGE}`",
            )
        return high is not None
