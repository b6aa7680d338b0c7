"""YAML and JSON text as nodes.

It only uses the events of libyaml: no recursion, a bound on depth and on values repeated by
aliases, and each key and value keeps its line and column.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NoReturn

import yaml

from mqbind.diagnostics import Diagnostics, Location
from mqbind.load.document.nodes import (
    ArrayNode,
    Document,
    Entry,
    Node,
    ObjectNode,
    ScalarNode,
    Value,
    escape,
)
from mqbind.load.document.yaml_scalars import BadScalarError, resolve
from mqbind.rules import Rule

_NESTING_MAX = 100
_REPEATED_MAX = 200_000
_POINTERS_MAX = 50_000_000
_EVENTS, _EVENT_WORK, _SLOW_EVENT_WORK = 1000, 5, 100
_TEXT_TAGS = ("!", "tag:yaml.org,2002:str")
_UNPRINTABLE = re.compile(
    "[^\x09\x0a\x0d\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)
_SURROGATES = re.compile(
    r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})"
)
_LONG_KEY = re.compile(r'"(?:[^"\\]|\\.){1000,}+"\s*:')
_SYNTAX = (
    "fix it here or on the lines above; a string that contains `: `, ` #` or quotes must be quoted"
)

_Loader = yaml.CBaseLoader if yaml.__with_libyaml__ else yaml.BaseLoader


class _JsonLoader(yaml.BaseLoader):
    """Accepts keys of any length, as JSON does. YAML searches for the colon within 1,024 characters
    from the start of a key; this scanner searches from its end."""

    def fetch_flow_scalar(self, style: str) -> None:
        super().fetch_flow_scalar(style)
        key = self.possible_simple_keys.get(self.flow_level)
        if key is not None:
            key.index = self.index


class _StopError(Exception):
    """The rest of the file cannot be read; the reason has been reported."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Anchored:
    """A value repeated by aliases: the number of values in it, and their depth."""

    node: Node
    weight: int
    height: int


@dataclass(kw_only=True, slots=True)
class _Open:
    """A list or object that is not complete yet. `key` is still without its value."""

    pointer: str
    location: Location
    anchor: str | None
    entries: dict[str, Entry] | None = None
    items: list[Node] = field(default_factory=list)
    key: str | None = None
    key_location: Location | None = None
    weight: int = 1
    height: int = 0

    def next_pointer(self) -> str:
        step = len(self.items) if self.entries is None else escape(self.key or "")
        return f"{self.pointer}/{step}"


def parse(text: str, document: Document, diagnostics: Diagnostics) -> Node | None:
    """The tree of a file's text, or None after a syntax error."""
    builder = _Builder(document, diagnostics)
    if unprintable := _UNPRINTABLE.search(text):
        builder.unprintable(text, unprintable.start())
        return None
    if not document.path.endswith(".json"):
        return builder.build(text, _Loader)
    text = _SURROGATES.sub(_join_surrogates, text)
    # The loader for long keys is slow.
    if not _LONG_KEY.search(text):
        return builder.build(text, _Loader)
    return builder.build(text, _JsonLoader, _SLOW_EVENT_WORK)


def _join_surrogates(found: re.Match[str]) -> str:
    """JSON writes a character beyond U+FFFF as two escapes, YAML as one."""
    high, low = int(found[2], 16), int(found[3], 16)
    return f"{found[1]}\\U{0x10000 + (high - 0xD800) * 0x400 + low - 0xDC00:08x}"


class _Builder:
    """Builds the tree from parser events."""

    def __init__(self, document: Document, diagnostics: Diagnostics) -> None:
        self._document = document
        self._diagnostics = diagnostics
        self._open: list[_Open] = []
        self._anchors: dict[str, _Anchored | None] = {}
        self._repeated = 0
        self._events = 0
        self._event_work = _EVENT_WORK
        self._pointers = 0
        self._root: Node | None = None
        self._documents = 0

    def build(
        self,
        text: str,
        loader: type[yaml.BaseLoader | yaml.CBaseLoader],
        event_work: int = _EVENT_WORK,
    ) -> Node | None:
        self._event_work = event_work
        try:
            for event in yaml.parse(text, Loader=loader):
                self.take(event)
        except _StopError:
            return None
        except yaml.MarkedYAMLError as error:
            self.syntax_error(error, text)
            return None
        return self.finish()

    def take(self, event: yaml.Event) -> None:
        self._events += 1
        if self._events % _EVENTS == 0:
            self._diagnostics.spend(_EVENTS * self._event_work, self._location(event))
        match event:
            case yaml.ScalarEvent():
                self._take_scalar(event)
            case yaml.MappingStartEvent():
                self._enter(event, entries={})
            case yaml.SequenceStartEvent():
                self._enter(event, entries=None)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._leave()
            case yaml.AliasEvent():
                self._repeat(event)
            case yaml.DocumentStartEvent():
                self._start(event)
            case _:
                pass

    def finish(self) -> Node | None:
        if self._root is None:
            self._diagnostics.error(
                Rule.EMPTY_FILE, self._at(0, 0), "the file is empty", "write a document into it"
            )
        return self._root

    def unprintable(self, text: str, offset: int) -> None:
        line = text.count("\n", 0, offset)
        column = offset - (text.rfind("\n", 0, offset) + 1)
        self._diagnostics.error(
            Rule.FORBIDDEN_CHARACTER,
            self._at(line, column),
            f"U+{ord(text[offset]):04X} is not allowed in a YAML or JSON file",
            "remove it, or write it as an escape sequence in a quoted string",
        )

    def syntax_error(self, error: yaml.MarkedYAMLError, text: str) -> None:
        mark = error.problem_mark or error.context_mark
        location = self._at(mark.line, mark.column) if mark else self._at(0, 0)
        if mark and text[mark.index : mark.index + 1] == "\t":
            self._diagnostics.error(
                Rule.INVALID_SYNTAX,
                location,
                "not valid YAML: a tab where a value begins",
                "indent with spaces",
            )
            return
        context = f" {error.context}" if error.context else ""
        self._diagnostics.error(
            Rule.INVALID_SYNTAX, location, f"not valid YAML: {error.problem}{context}", _SYNTAX
        )

    def _start(self, event: yaml.DocumentStartEvent) -> None:
        self._documents += 1
        if self._documents > 1:
            self._stop(
                Rule.MULTIPLE_DOCUMENTS,
                event,
                "the file contains a second document",
                "keep one document per file",
            )

    def _take_scalar(self, event: yaml.ScalarEvent) -> None:
        if self._wants_key():
            self._take_key(event)
            return
        node = ScalarNode(
            document=self._document,
            pointer=self._pointer(event),
            location=self._location(event),
            value=self._value(event),
        )
        if event.anchor:
            self._anchors[event.anchor] = _Anchored(node=node, weight=1, height=0)
        self._put(node, 1, 0)

    def _take_key(self, event: yaml.ScalarEvent) -> None:
        top = self._open[-1]
        assert top.entries is not None
        if event.value == "<<" and not event.style:
            self._stop(
                Rule.MERGE_KEY,
                event,
                "merge keys (`<<`) are not part of YAML 1.2",
                "spell out the members, or use `$ref`, `allOf` or `traits`",
            )
        if event.value in top.entries:
            first = top.entries[event.value].location
            self._diagnostics.error(
                Rule.DUPLICATE_KEY,
                self._location(event),
                f"duplicate key `{event.value}`",
                f"keep one of them; the first is on line {first.line}",
            )
        top.key = event.value
        top.key_location = self._location(event)
        if event.anchor:
            self._stop(
                Rule.INVALID_KEY, event, "a key must not have an anchor", "put it on a value"
            )

    def _value(self, event: yaml.ScalarEvent) -> Value:
        text: str = event.value
        if event.tag is not None and event.tag not in _TEXT_TAGS:
            self._refuse_tag(event, event.tag)
        if event.tag is not None or event.style:
            return text
        try:
            return resolve(text)
        except BadScalarError as bad:
            self._diagnostics.error(
                bad.rule,
                self._location(event),
                str(bad),
                "quote it if it is a string; otherwise remove it",
            )
            return None

    def _enter(self, event: yaml.CollectionStartEvent, entries: dict[str, Entry] | None) -> None:
        if self._wants_key():
            self._stop(
                Rule.INVALID_KEY,
                event,
                "a key must be a string",
                "quote it; `{` and `[` start an object or a list",
            )
        if event.tag is not None and not event.tag.startswith("tag:yaml.org,2002:"):
            self._refuse_tag(event, event.tag)
        self._check_nesting(event, 1)
        opened = _Open(
            pointer=self._pointer(event),
            location=self._location(event),
            anchor=event.anchor,
            entries=entries,
        )
        if event.anchor:
            self._anchors[event.anchor] = None
        self._open.append(opened)

    def _leave(self) -> None:
        done = self._open.pop()
        node: Node
        if done.entries is None:
            node = ArrayNode(
                document=self._document,
                pointer=done.pointer,
                location=done.location,
                items=tuple(done.items),
            )
        else:
            node = ObjectNode(
                document=self._document,
                pointer=done.pointer,
                location=done.location,
                entries=done.entries,
            )
        height = done.height + 1
        if done.anchor:
            self._anchors[done.anchor] = _Anchored(node=node, weight=done.weight, height=height)
        self._put(node, done.weight, height)

    def _repeat(self, event: yaml.AliasEvent) -> None:
        if self._wants_key():
            self._stop(
                Rule.INVALID_KEY, event, "a key must not be an alias", "write the key itself"
            )
        if event.anchor not in self._anchors:
            self._stop(
                Rule.UNDEFINED_ALIAS,
                event,
                f"undefined anchor `&{event.anchor}`",
                "define the anchor before using it",
            )
        target = self._anchors[event.anchor]
        if target is None:
            self._stop(
                Rule.RECURSIVE_ALIAS,
                event,
                f"`*{event.anchor}` is recursive",
                "use `$ref` for recursion",
            )
        self._check_nesting(event, target.height)
        self._repeated += target.weight
        if self._repeated > _REPEATED_MAX:
            self._stop(
                Rule.TOO_MANY_ALIASES,
                event,
                f"aliases repeat more than {_REPEATED_MAX} values",
                "use fewer aliases of aliases, or `$ref`",
            )
        self._put(target.node, target.weight, target.height)

    def _check_nesting(self, event: yaml.Event, height: int) -> None:
        if len(self._open) + height > _NESTING_MAX:
            self._stop(
                Rule.NESTED_TOO_DEEPLY,
                event,
                f"nested more than {_NESTING_MAX} levels deep",
                "move inner parts to `components` and refer to them with `$ref`",
            )

    def _put(self, node: Node, weight: int, height: int) -> None:
        if not self._open:
            self._root = node
            return
        top = self._open[-1]
        top.weight += weight
        top.height = max(top.height, height)
        if top.entries is None:
            top.items.append(node)
            return
        assert top.key is not None and top.key_location is not None
        top.entries[top.key] = Entry(location=top.key_location, value=node)
        top.key = None

    def _wants_key(self) -> bool:
        if not self._open:
            return False
        return self._open[-1].entries is not None and self._open[-1].key is None

    def _pointer(self, event: yaml.Event) -> str:
        pointer = self._open[-1].next_pointer() if self._open else ""
        self._pointers += len(pointer)
        if self._pointers > _POINTERS_MAX:
            self._stop(
                Rule.DOCUMENT_TOO_LARGE,
                event,
                "too large: long keys contain too many values",
                "shorten the keys, or move what is under them to `components`",
            )
        return pointer

    def _location(self, event: yaml.Event) -> Location:
        assert event.start_mark is not None
        return self._at(event.start_mark.line, event.start_mark.column)

    def _at(self, line: int, column: int) -> Location:
        return Location(file=self._document.path, line=line + 1, column=column + 1)

    def _refuse_tag(self, event: yaml.Event, tag: str) -> NoReturn:
        self._stop(
            Rule.UNSUPPORTED_TAG, event, f"YAML tag `{tag}` is not supported", "remove the tag"
        )

    def _stop(self, rule: Rule, event: yaml.Event, message: str, remedy: str) -> NoReturn:
        self._diagnostics.error(rule, self._location(event), message, remedy)
        raise _StopError
