"""Shapes of documents that are made to hurt, each of any size.

`SHAPES[name](size)` is a document of about `size` bytes. Some are what somebody might publish, only
much larger; the others are what nobody writes without meaning harm.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

HEAD = "asyncapi: 3.0.0\ninfo: {title: T, version: 1.0.0}\n"
OPERATION = "operations: {o: {action: send, channel: {$ref: '#/channels/c'}}}\n"
ONE = "channels: {c: {address: a, messages: {m: {payload: PAYLOAD}}}}\n"
SCHEMAS = (
    HEAD + ONE.replace("PAYLOAD", "{$ref: '#/components/schemas/S0'}") + OPERATION
) + "components:\n  schemas:\n"

Shape = Callable[[int], str]


def repeated(unit: str, size: int, separator: str = "") -> str:
    """`unit` with "{0}" as a running number and "{1}" as the next, until it is long enough."""
    return separator.join(numbered(unit, size, len(separator)))


def numbered(unit: str, size: int, extra: int = 0) -> Iterator[str]:
    written, number = 0, 0
    while written < size or not number:
        text = unit.replace("{0}", str(number)).replace("{1}", str(number + 1))
        yield text
        written += len(text) + extra
        number += 1


def payload(schema: str) -> str:
    return f"{SCHEMAS}    S0: {schema}\n"


def wide(before: str, unit: str, after: str) -> Shape:
    """One schema with many parts."""
    return lambda size: payload(before + repeated(unit, size, ", ") + after)


def members(unit: str) -> Shape:
    return wide("{type: object, properties: {", unit, "}}")


def chain(link: str, end: str = "{type: integer}") -> Shape:
    """Schemas S0, S1, ... of which each refers to the next where NEXT stands."""
    unit = f"    S{{0}}: {link}\n".replace("NEXT", "{$ref: '#/components/schemas/S{1}'}")

    def make(size: int) -> str:
        links = list(numbered(unit, size))
        return f"{SCHEMAS}{''.join(links)}    S{len(links)}: {end}\n"

    return make


def nested(before: str, middle: str, after: str, depth: int = 40) -> Shape:
    """Schemas in schemas, as deep as a file may be, beside each other until the size is met."""
    return members(f"p{{0}}: {before * depth}{middle}{after * depth}")


def letters(before: str, letter: str, after: str) -> Shape:
    """A schema with one long text."""
    return lambda size: payload(before + letter * (size // len(letter)) + after)


def document(before: str, unit: str, after: str = "", separator: str = "") -> Shape:
    return lambda size: f"{HEAD}{before}{repeated(unit, size, separator)}{after}"


def operations(channel: str, action: str, after: str = "") -> Shape:
    """Channels, and an operation on each."""
    operation = f"  o{{0}}: {{action: {action}, channel: {{$ref: '#/channels/c{{0}}'}}}}\n"

    def make(size: int) -> str:
        count = size // (len(channel) + len(operation))
        channels = "".join(channel.replace("{0}", str(number)) for number in range(count))
        actions = "".join(operation.replace("{0}", str(number)) for number in range(count))
        return f"{HEAD}channels:\n{channels}operations:\n{actions}{after}"

    return make


def parameters(size: int) -> str:
    names = [f"p{number}" for number in range(size // 30)]
    address = "/".join(f"{{{name}}}" for name in names)
    given = ", ".join(f"{name}: {{}}" for name in names)
    channel = (
        f"{{address: '{address}', parameters: {{{given}}}, messages: {{m: {{payload: {{}}}}}}}}"
    )
    return f"{HEAD}channels: {{c: {channel}}}\n{OPERATION}"


CALLED = (
    "{correlationId: {location: '$message.payload#/id'}, "
    "payload: {type: object, required: [id], properties: {id: {type: integer}}}}"
)
CALL = (
    "  o{0}: {action: send, channel: {$ref: '#/channels/c'}, "
    "messages: [{$ref: '#/channels/c/messages/q'}], "
    "reply: {channel: {$ref: '#/channels/c'}, messages: [{$ref: '#/channels/c/messages/r'}]}}\n"
)
CROSSED = "  o{0}: {action: send, channel: {$ref: '#/channels/c'}}\n"


def crossed(size: int) -> str:
    """Operations that all carry all messages of one channel."""
    carried = repeated("m{0}: {payload: {}}", size // 2, ", ")
    channel = f"channels: {{c: {{address: a, messages: {{{carried}}}}}}}\n"
    return f"{HEAD}{channel}operations:\n{repeated(CROSSED, size // 2)}"


def aliases(size: int) -> str:
    """Each level repeats the one before it: many values with little text."""
    rows = [f"x-a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 90)]
    return f"{HEAD}x-a0: &a0 [1, 2, 3, 4]\n{''.join(rows)}x-b: [{'*a0, ' * (size // 5)}]\n"


def inherited(size: int) -> str:
    """Each schema joins all those before it, and each is used."""
    used = "p{0}: {$ref: '#/components/schemas/T{0}'}"
    link = (
        "    T{1}: {type: object, allOf: [{$ref: '#/components/schemas/T{0}'}], "
        "properties: {a{0}: {type: integer}}}\n"
    )
    count = size // (len(link) + len(used))
    links = "".join(numbered(link, count * len(link)))
    first = "    T0: {type: object}\n"
    return payload(
        f"{{type: object, properties: {{{repeated(used, count * len(used), ', ')}}}}}"
    ) + (first + links)


def shared_by_all(size: int) -> str:
    """Many messages, of which each uses all of one large tree."""
    head = "channels: {c: {address: a, messages: {"
    unit = "m{0}: {payload: {$ref: '#/components/schemas/S0'}}"
    tree = repeated("a{0}: {type: object, properties: {b: {not: {const: {0}}}}}", size // 2, ", ")
    return (
        f"{HEAD}{head}{repeated(unit, size // 2, ', ')}}}}}}}\n{OPERATION}"
        f"components: {{schemas: {{S0: {{type: object, properties: {{{tree}}}}}}}}}\n"
    )


def clashing(size: int) -> str:
    """Members of which all have one name in C."""
    count = int((2 * size) ** 0.5)
    names = ", ".join(f"'{'.' * number}': {{}}" for number in range(1, count))
    return payload(f"{{type: object, properties: {{{names}}}}}")


def long_names(size: int) -> str:
    name = "N" + "a" * max(size // 1000, 2)
    inner = f"{{type: object, properties: {{{name}: {{type: array, items: {{}}}}}}}}"
    return members(f"{name}{{0}}: {inner}")(size)


def long_keys(size: int) -> str:
    """The path of each of many values begins with a long key."""
    return f"{HEAD}? x-{'k' * (size // 2)}\n: [{'1,' * (size // 4)}]\n"


def title(size: int) -> str:
    head = HEAD.replace("title: T", f"title: {'T' * size}")
    return f"{head}{ONE.replace('PAYLOAD', '{}')}{OPERATION}"


def example(size: int) -> str:
    values = repeated("3", size, ",")
    message = "{payload: {type: array, items: {multipleOf: 3, type: integer}}, "
    return (
        f"{HEAD}channels: {{c: {{address: a, messages: {{m: {message}"
        f"examples: [{{payload: [{values}]}}]}}}}}}}}\n{OPERATION}"
    )


SHAPES: Mapping[str, Shape] = {
    # ---- what a protocol has ----
    "messages": operations(
        "  c{0}: {address: 'a/{p}/b{0}', parameters: {p: {}}, messages: {m{0}: "
        "{payload: {type: object, properties: {p: {type: integer}}}}}}\n",
        "send",
    ),
    "messages of one channel": document(
        "channels: {c: {address: a, messages: {",
        "m{0}: {payload: {type: object, required: [a{0}], properties: {a{0}: {type: integer}}}}",
        f"}}}}}}\n{OPERATION}",
        ", ",
    ),
    "a message of many channels": operations(
        "  c{0}: {address: 'a/b{0}', messages: {m: {$ref: '#/components/messages/m'}}}\n",
        "receive",
        "components: {messages: {m: {payload: {type: integer}}}}\n",
    ),
    "channels with parameters of their own": operations(
        "  c{0}: {address: 'a{0}/{p{0}}', parameters: {p{0}: {}}, messages: {m: {payload: {}}}}\n",
        "receive",
    ),
    "all operations carry all messages": crossed,
    "messages that share a tree": shared_by_all,
    "calls": document(
        "channels:\n  c: {address: a, messages: {q: {$ref: '#/components/messages/q'}, "
        "r: {$ref: '#/components/messages/r'}}}\n"
        f"components: {{messages: {{q: {CALLED}, r: {CALLED}}}}}\noperations:\n",
        CALL,
    ),
    "roles": document(
        f"{ONE.replace('PAYLOAD', '{}')}operations:\n",
        "  o{0}: {action: send, channel: {$ref: '#/channels/c'}, x-mqbind-peer-role: r{0}}\n",
    ),
    "parameters": parameters,
    "levels": document(
        "channels: {c: {address: '",
        "a/",
        f"a', messages: {{m: {{payload: {{}}}}}}}}}}\n{OPERATION}",
    ),
    "open braces": document(
        "channels: {c: {address: '",
        "{a",
        f"', messages: {{m: {{payload: {{}}}}}}}}}}\n{OPERATION}",
    ),
    "servers": document("servers:\n", "  s{0}: {host: h, protocol: mqtt, pathname: '/a{0}'}\n"),
    "traits": document(
        "channels: {c: {address: a, messages: {m: {payload: {}, traits: [",
        "{description: d{0}}",
        f"]}}}}}}}}\n{OPERATION}",
        ", ",
    ),
    # ---- wide schemas ----
    "members": members("p{0}: {type: integer}"),
    "members with texts": members("p{0}: {type: string, description: words, maxLength: 10}"),
    "members of objects": members("p{0}: {type: object, properties: {a: {type: string}}}"),
    "members of lists": members("p{0}: {type: array, items: {type: string}}"),
    "members of enums": members("p{0}: {enum: [a, b]}"),
    "members of unions": members("p{0}: {oneOf: [{type: string}, {type: integer}]}"),
    "members of patterns": members("p{0}: {type: string, pattern: '^a{0}$'}"),
    "members of constraints": members("p{0}: {not: {const: {0}}}"),
    "members that clash": members("p.{0}: {}, p-{0}: {}, P{0}: {}, 'p {0}': {}"),
    "members that clash in one name": clashing,
    "required members": wide("{type: object, required: [", "p{0}", "]}"),
    "enum of texts": wide("{enum: [", "v{0}", "]}"),
    "enum of numbers": wide("{enum: [", "{0}", "]}"),
    "enum of one number": wide("{enum: [", "0", "]}"),
    "enum of mixtures": wide("{enum: [", "{0}, v{0}, {0}.5, null, [{0}]", "]}"),
    "enum that clashes": wide("{enum: [", "'+', '+ ', ' +', '.{0}'", "]}"),
    "forms": wide(
        "{oneOf: [",
        "{type: object, required: [a{0}], properties: {a{0}: {type: integer}}}",
        "]}",
    ),
    "forms with a discriminator": wide(
        "{oneOf: [",
        "{type: object, required: [a], properties: {a: {const: v{0}}, b{0}: {type: integer}}}",
        "]}",
    ),
    "forms of texts": wide("{oneOf: [", "{type: string, maxLength: {0}}", "]}"),
    "forms of constants": wide("{oneOf: [", "{const: v{0}}", "]}"),
    "parts": wide("{allOf: [", "{type: object, properties: {a{0}: {type: integer}}}", "]}"),
    "parts of one member": wide("{allOf: [", "{properties: {a: {minimum: {0}}}}", "]}"),
    "parts with forms": wide(
        "{type: object, allOf: [", "{oneOf: [{required: [a{0}]}, {required: [b{0}]}]}", "]}"
    ),
    "parts with patterns": wide("{type: string, allOf: [", "{pattern: 'a{0}'}", "]}"),
    "dependencies": wide("{type: object, dependencies: {", "a{0}: [b{0}, c{0}]", "}}"),
    "matching members": wide(
        "{type: object, patternProperties: {", "'a{0}.*b{0}': {type: integer}", "}}"
    ),
    # ---- deep schemas ----
    "nots": nested("{not: ", "{type: string}", "}"),
    "ifs": nested("{if: {minLength: 3}, then: {minLength: 4}, else: ", "{}", "}"),
    "any of any": nested("{anyOf: [{type: string}, ", "{type: integer}", "]}"),
    "one of one": nested("{oneOf: [{type: string}, ", "{type: integer}", "]}"),
    "lists of lists": nested("{type: array, items: ", "{type: integer}", "}"),
    "maps of maps": nested("{type: object, additionalProperties: ", "{type: integer}", "}"),
    "objects of objects": nested("{type: object, properties: {a: ", "{}", "}}"),
    "nullables": nested("{oneOf: [{type: 'null'}, ", "{type: integer}", "]}"),
    # ---- references ----
    "references": chain("NEXT"),
    "diamonds": chain("{type: object, properties: {a: NEXT, b: NEXT}}"),
    "diamonds of parts": chain("{allOf: [NEXT, NEXT]}"),
    "diamonds of forms": chain("{oneOf: [NEXT, NEXT]}"),
    "diamonds of any": chain("{anyOf: [NEXT, NEXT]}"),
    "diamonds of any objects": chain(
        "{anyOf: [NEXT, {type: object, properties: {a: NEXT}}]}", "{type: object}"
    ),
    "diamonds of lists": chain(
        "{oneOf: [{type: array, items: NEXT}, {type: object, additionalProperties: NEXT}]}"
    ),
    "diamonds of nots": chain("{not: {anyOf: [NEXT, NEXT]}}"),
    "chain of parts": chain("{allOf: [NEXT, {type: integer}]}"),
    "chain of members": chain("{type: object, properties: {a: NEXT}}"),
    "chain of inline lists": chain(
        "{type: array, maxItems: 9, x-mqbind-storage: inline, items: NEXT}"
    ),
    "chain of tuples": chain("{type: array, items: [NEXT, NEXT]}"),
    "chain of maps": chain("{type: object, additionalProperties: NEXT}"),
    "chain of nullables": chain("{oneOf: [NEXT, {type: 'null'}]}"),
    "chain of conditions": chain("{type: string, if: NEXT, then: NEXT, else: {minLength: 1}}"),
    "chain of defaults": chain("{type: object, properties: {a: NEXT}, default: {}}"),
    "chain of dependencies": chain("{type: object, dependencies: {a: NEXT, b: NEXT}}"),
    "chain of patterns": chain("{type: object, patternProperties: {a: NEXT, b: NEXT}}"),
    "inherited members": inherited,
    # ---- long words ----
    "a string of capitals": letters("{enum: [b, ", "A", "]}"),
    "a string of humps": letters("{enum: [b, ", "aB", "]}"),
    "a string beyond ASCII": letters("{enum: [b, '", "日", "']}"),
    "a long description": letters("{type: string, description: '", "word*/ ", "'}"),
    "a long number": letters("{type: number, minimum: ", "9", "}"),
    "long exponents": members("p{0}: {type: number, maximum: 1e99999{0}}"),
    "long names": long_names,
    "a long title": title,
    "a long key over many values": long_keys,
    "a pattern of letters": letters("{type: string, pattern: '", "a", "'}"),
    "a pattern of stars": letters("{type: string, pattern: '", "(a*)*", "'}"),
    "a pattern of counts": letters("{type: string, pattern: '", "(a|b){0,99}", "'}"),
    "a pattern of anything": letters("{type: string, pattern: '", ".*a", "'}"),
    "a pattern of groups": letters("{type: string, pattern: '", "(", "'}"),
    # ---- text ----
    "a long example": example,
    "many wrong examples": wide("{type: string, examples: [", "{0}", "]}"),
    "wrong references": document("channels:\n", "  c{0}: {$ref: '#/channels/d{0}'}\n"),
    "wrong keywords": document("channels:\n", "  c{0}: {adress: a}\n"),
    "keys twice": document("", "x-a: 1\n"),
    "aliases": aliases,
    "empty lists": document("x-a: [", "[],", "]\n"),
    "brackets": document("x-a: ", "["),
    "dashes": document("x-a:\n", "- ", "\n"),
    "hashes": document("x-a: ", "#", "b\n"),
    "empty lines": document("", "\n"),
    "a folded text": document("x-a: >\n", "  c\n"),
}


def plain_channels(size: int) -> str:
    """Of an ordinary document without its head, for overlays."""
    channels = repeated("  c{0}: {address: 'a/b{0}', messages: {m: {payload: {}}}}\n", size)
    return f"channels:\n{channels}"


def actions(target: str, change: str = "update: {description: d}") -> Shape:
    unit = f"  - {{target: '{target}', {change}}}\n"
    head = "overlay: 1.0.0\ninfo: {title: T, version: 1.0.0}\nactions:\n"
    return lambda size: f"{head}{repeated(unit, size)}"


def one_action(target: str, update: str) -> Shape:
    return lambda size: actions(
        target.replace("LONG", "a" * size), f"update: {update.replace('LONG', 'a' * size)}"
    )(1)


OVERLAYS: Mapping[str, Shape] = {
    "many actions": actions("$.info"),
    "actions on all channels": actions("$.channels.*"),
    "actions on everything": actions("$..*", "remove: true"),
    "growth": actions("$..[?@.messages]", "update: {x-a: {messages: {}}, x-b: {messages: {}}}"),
    "steps to any depth": actions("$..*..*..*..*..*..nothing"),
    "filters in filters": actions("$..[?$..[?$..[?$..a]]]"),
    "expressions": actions('$..[?search(@.address, "(a*)*(a*)*b")]'),
    "a long target": one_action("$.LONG", "{}"),
    "brackets": lambda size: actions("$" + "[?@" * (size // 3))(1),
    "a large update": one_action("$.channels.*", "{description: LONG}"),
}
