"""Comments: text from the document, made safe for C and wrapped."""

from __future__ import annotations

import hashlib
import json
import re
import textwrap
from collections.abc import Sequence
from decimal import Decimal

from mqbind.model.mqtt_properties import Property, carried
from mqbind.model.protocol import Message, Operation, Protocol
from mqbind.model.types import (
    Choice,
    Constrained,
    Default,
    Integer,
    Map,
    Member,
    Named,
    Nullable,
    Number,
    Struct,
    Text,
    Type,
    Union,
    bare,
)
from mqbind.plan.symbols.table import SymbolTable
from mqbind.plan.text import constraint_rules, rules

WIDTH = 90

_BRIEF = 60

_NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w])")
_QUOTED = re.compile(r'"[^"]*"|`[^`]*`')

_PATTERN_SHOWN = 200
"""Characters of a pattern that a comment shows for an integer."""

_LABEL = len("Example  ")

_PROPERTIES = {
    Property.RESPONSE_TOPIC: "response topic",
    Property.CORRELATION_DATA: "correlation data",
}


def paragraphs(*texts: str | None) -> tuple[str, ...]:
    """Comment lines of the given strings, separated by empty lines."""
    lines: list[str] = []
    for text in texts:
        for block in _blocks(text):
            lines += ["", *block] if lines else block
    return tuple(lines)


def _blocks(text: str | None) -> list[list[str]]:
    if not text:
        return []
    blocks = (" ".join(block.split()) for block in _safe(text).strip().split("\n\n"))
    return [_wrapped(block) for block in blocks if block]


def _wrapped(line: str) -> list[str]:
    return [line] if len(line) <= WIDTH else textwrap.wrap(line, WIDTH, break_on_hyphens=False)


def _safe(text: str) -> str:
    """Remove everything that ends or opens a comment, continues a line or is a trigraph."""
    if not text.isprintable():
        text = "".join(char if char.isprintable() or char == "\n" else " " for char in text)
    return text.replace("*/", "* /").replace("/*", "/ *").replace("\\", "\\ ").replace("??", "? ?")


def comment_text(text: str) -> str:
    """The string on one line, safe inside a comment."""
    return " ".join(_safe(text).split())


def brief(text: str) -> str:
    """The start of a string, for a comment after code."""
    line = comment_text(text)
    return line if len(line) <= _BRIEF else f"{line[:_BRIEF]}..."


def labelled(label: str, text: str) -> list[str]:
    """ "Topic a/b", with further lines aligned with the text of the first."""
    return textwrap.wrap(
        _safe(text),
        WIDTH,
        initial_indent=f"{label:<{_LABEL}}",
        subsequent_indent=" " * _LABEL,
        break_on_hyphens=False,
    )


def _labelled_json(label: str, text: str) -> list[str]:
    """Like `labelled`, but broken after commas, or anywhere in parts longer than a line."""
    lines = [""]
    for piece in re.findall(r"[^,]*,?", _safe(text)):
        if lines[-1] and len(lines[-1]) + len(piece) > WIDTH - _LABEL:
            lines.append("")
        lines[-1] += piece
        while len(lines[-1]) > WIDTH - _LABEL:
            lines[-1:] = [lines[-1][: WIDTH - _LABEL], lines[-1][WIDTH - _LABEL :]]
    margins = [f"{label:<{_LABEL}}"] + [" " * _LABEL] * len(lines)
    return [f"{margin}{line}" for margin, line in zip(margins, lines, strict=False)]


def sentence(text: str) -> str:
    """The string with a full stop."""
    stripped = text.strip()
    return stripped if not stripped or stripped[-1] in ".!?:" else f"{stripped}."


def json_text(value: object) -> str:
    """Compact JSON of plain data."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_json_number)


def payload_text(message: Message, value: object) -> str:
    """A value as the payload of a message that is not bytes."""
    if message.spells is not None and isinstance(value, str):
        return value
    return json_text(value)


def _json_number(value: object) -> int | float:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"{value!r} is not JSON")


def member_comment(
    member: Member,
    c_name: str,
    symbols: SymbolTable,
    *,
    boxed: bool = False,
    is_filled: bool = True,
) -> tuple[str, ...]:
    """Description, range, unit and default of a field; its JSON name if that differs in C."""
    first = member.description or member.title or ""
    parts = [sentence(first), *_member_notes(member, symbols)]
    if member.default is not None:
        unused = "" if is_filled else ", which is not valid and not used"
        parts.append(f"Default {_default(member, member.default, symbols)}{unused}.")
    if boxed:
        parts.append("Points into caller memory.")
    if member.deprecated:
        parts.append("Deprecated.")
    if c_name.replace("_", "") != member.json_name.replace("_", "").lower():
        parts.append(f'"{member.json_name}" in JSON.')
    return paragraphs(" ".join(part for part in parts if part))


def _member_notes(member: Member, symbols: SymbolTable) -> list[str]:
    notes = []
    bounds = value_range(bare(member.type), symbols)
    if bounds and not _says(member.description or member.title or "", bounds):
        notes.append(sentence(bounds[0].upper() + bounds[1:]))
    notes += _rules(member.type)
    if member.unit:
        notes.append(f"Unit: {member.unit}.")
    return notes


def _says(description: str, bounds: str) -> bool:
    """True if a description has all numbers of a range already, other than in quotes."""
    wanted = set(_NUMBER.findall(bounds))
    return bool(wanted) and wanted <= set(_NUMBER.findall(_QUOTED.sub("", description)))


def _rules(kind: Type) -> list[str]:
    """Whether a value may be null, and its constraints."""
    match kind:
        case Nullable(type=inner):
            return [*_rules(inner), "May be null."]
        case Constrained(type=inner, constraint=constraint):
            return [*_rules(inner), *constraint_rules.sentences(constraint)]
        case Map():
            return rules.apart(kind)
        case _:
            return []


def type_comment(description: str, kind: Struct | Union) -> tuple[str, ...]:
    """The description of a struct or a union, and its constraints."""
    demands = rules.apart(kind) if isinstance(kind, Struct) else []
    if kind.constraint is not None:
        demands += constraint_rules.sentences(kind.constraint)
    return paragraphs(sentence(description), " ".join(demands))


def payload_comment(message: Message, own: Sequence[str]) -> tuple[str, ...]:
    """The description of the struct of a payload: that of its message, then the struct's `own`
    lines, each text once."""
    first = sentence(message.about) or f"Payload of {message.name or 'a message without a name'}."
    texts = [first, message.description, "\n".join(own)]
    distinct = {_key(text): text for text in reversed(texts) if text}
    return paragraphs(*reversed(distinct.values()))


def _key(text: str) -> str:
    return " ".join(text.split()).rstrip(".").lower()


def _default(member: Member, default: Default, symbols: SymbolTable) -> str:
    if isinstance(bare(member.type), Named) and (constant := symbols.default_constant(member)):
        return constant
    return json_text(default.value)


def value_range(kind: Type, symbols: SymbolTable) -> str | None:
    """The rule of a type in words, unless its C type shows it."""
    match kind:
        case Integer() if any(
            span.low is not None or span.high is not None for span in kind.intervals
        ):
            return rules.integer_range(kind)
        case Integer(pattern=pattern) if pattern and len(pattern.regex) <= _PATTERN_SHOWN:
            return f"string that matches {pattern.regex}"
        case Number(low=low, high=high):
            return rules.number_range(low, high)
        case Text(pattern=pattern):
            matching = f"matches {pattern.regex}" if pattern else None
            return ", ".join(filter(None, (rules.text_lengths(kind), matching))) or None
        case Named(key=key) if isinstance(choice := symbols.definition(key), Choice):
            return None if len(choice.values) > 1 else rules.choice_spellings([choice])
        case _:
            return None


def message_heading(
    protocol: Protocol, message: Message, file: str, *, has_struct: bool
) -> tuple[str, ...]:
    """The comment at the top of a message's header: topics and an example. The description of the
    message is there as well, unless it is at its struct (`has_struct`)."""
    title = sentence(message.about or message.name) or "A message without a name."
    lines = list(paragraphs(f"{file} - {title[0].lower() + title[1:]}", message.description))
    if has_struct and message.name:
        lines = list(paragraphs(f"{file} - the message {message.name}."))
    lines += ["", *banner(protocol)]
    notes = [
        line
        for operation in protocol.carriers[message.key]
        for line in _journey(protocol, operation, message)
    ]
    notes += [line for text in _constants(protocol, message) for line in labelled("Always", text)]
    for example in message.examples:
        notes += _labelled_json("Example", payload_text(message, example.value))
    return (*lines, *([""] if notes else []), *notes)


def banner(protocol: Protocol) -> list[str]:
    """Two lines at the top of every file. The first one names the document: `emit.banner` uses it
    to identify files that may be replaced."""
    return [
        f'Generated by mqbind from {comment_text(protocol.source)}, "{_label(protocol.title)}".',
        "Do not edit: change the schema, then generate again.",
    ]


def _label(title: str) -> str:
    """The title, safe in quotes and in comments of any kind; a long one is reduced to its start and
    a hash."""
    text = re.sub("-(?=-)", "- ", comment_text(title)).replace('"', "'")
    if len(text) <= _BRIEF:
        return text
    return f"{text[:_BRIEF]}... {hashlib.sha256(text.encode()).hexdigest()[:8]}"


def delivery(operation: Operation) -> str:
    """QoS and retain flag of an operation."""
    others = [str(each) for each in operation.qos_choice if each != operation.qos]
    qos = rules.either([f"QoS {operation.qos}", *others])
    return f"{qos}, retained" if operation.retain else qos


def _journey(protocol: Protocol, operation: Operation, message: Message) -> list[str]:
    channel = protocol.channels[operation.channel]
    where = "dynamic address" if channel.dynamic else str(channel.address)
    way = f"from {operation.sender} to {operation.receiver}"
    lines = labelled("Topic", f"{where}, {way}, {delivery(operation)}")
    properties = [_PROPERTIES[each] for each in carried(protocol, operation, message)]
    if properties:
        lines += labelled("MQTT 5 properties", " and ".join(properties))
    if operation.reply and operation.reply.messages:
        answers = rules.either([protocol.messages[key].name for key in operation.reply.messages])
        reply = protocol.channels[operation.reply.channel]
        topic = f"the topic in {operation.reply.location or 'the request'}"
        if Property.RESPONSE_TOPIC in carried(protocol, operation, message):
            topic = "the response topic"
        lines += labelled("Reply", f"{answers}, on {topic if reply.dynamic else reply.address}")
    return lines


def _constants(protocol: Protocol, message: Message) -> list[str]:
    """The members of a payload with a constant value, as JSON: they have no field in C."""
    if not isinstance(message.payload, Named):
        return []
    struct = protocol.definitions[message.payload.key]
    members = struct.members if isinstance(struct, Struct) else ()
    return [
        f"{json_text(member.json_name)}:{json_text(choice.values[0].spellings[0])}"
        for member in members
        if isinstance(member.type, Named)
        and isinstance(choice := protocol.definitions[member.type.key], Choice)
        and len(choice.values) == 1
        and not member.has_flag
    ]


def source_heading(protocol: Protocol, file: str) -> tuple[str, ...]:
    """The head of a source: what it is for is said in its header."""
    return (file, "", *banner(protocol))


def types_heading(protocol: Protocol, file: str) -> tuple[str, ...]:
    """The comment at the top of the header with the shared types."""
    lines = paragraphs(f"{file} - {protocol.title}: types that several messages use.")
    return (*lines, "", *banner(protocol))
