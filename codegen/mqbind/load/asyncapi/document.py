"""From an AsyncAPI document to a `Protocol`. AsyncAPI's terms are not used after this stage."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from mqbind.diagnostics import Diagnostics, GivenUp, Location, Severity
from mqbind.load.asyncapi.c_prefix import prefix_of
from mqbind.load.asyncapi.channels import Channels
from mqbind.load.asyncapi.messages import Messages
from mqbind.load.asyncapi.operations import Operations, Roles
from mqbind.load.asyncapi.servers import Servers
from mqbind.load.asyncapi.sound_part import sound_part
from mqbind.load.asyncapi.version_2 import in_version_3
from mqbind.load.document import object_specs, object_specs_2
from mqbind.load.document.files import Files
from mqbind.load.document.nodes import Node, ObjectNode, ScalarNode
from mqbind.load.document.object_fields import check_fields
from mqbind.load.document.options import Options
from mqbind.load.document.references import References
from mqbind.load.document.rewriting import with_entries
from mqbind.load.jsonschema.context import Context
from mqbind.load.jsonschema.reader import SchemaReader
from mqbind.model.protocol import Protocol
from mqbind.rules import Rule

_VERSION = re.compile(r"(3\.[01]|2\.[0-6])\.\d+(-\w+)?", re.ASCII)


def load(
    path: Path | str, diagnostics: Diagnostics, options: Options | None = None
) -> Protocol | None:
    """Read the document at `path` and what it refers to; None after an error."""
    read = _read(path, diagnostics, options or Options())
    return None if read.errors else read.protocol


def load_sound(
    path: Path | str, diagnostics: Diagnostics, options: Options | None = None
) -> Protocol | None:
    """The same, but after errors the part without them, for the stages that find others; None if
    no part is certain to be right."""
    read = _read(path, diagnostics, options or Options())
    if read.protocol is None or not read.errors:
        return read.protocol
    return sound_part(read.protocol, read.trees, read.references.items(), read.errors)


@dataclass(frozen=True, kw_only=True)
class _Reading:
    """A protocol as far as it can be read, what it was read from, and where the errors are."""

    protocol: Protocol | None
    trees: tuple[Node, ...]
    references: Mapping[Node, Node | None]
    errors: frozenset[Location]


def _read(path: Path | str, diagnostics: Diagnostics, options: Options) -> _Reading:
    found = Diagnostics()
    library = Files(path, found, options)
    references = References(library, found)
    protocol = None
    with suppress(GivenUp):
        root = library.open_first()
        if root is not None and (document := _document(root, found)) is not None:
            references.enter(document)
            context = Context(references=references, diagnostics=found)
            protocol = _protocol(document, library, options, context)
    with suppress(GivenUp):
        _pass_on(found, diagnostics)
    diagnostics.add_work(found)
    return _Reading(
        protocol=protocol,
        trees=library.trees,
        references=references.followed(),
        errors=frozenset(each.location for each in found if each.severity is Severity.ERROR),
    )


def _pass_on(found: Diagnostics, diagnostics: Diagnostics) -> None:
    for each in found:
        add = diagnostics.error if each.severity is Severity.ERROR else diagnostics.warning
        add(each.rule, each.location, each.message, each.remedy)


def _document(root: Node, diagnostics: Diagnostics) -> ObjectNode | None:
    """The root, if it is a document of a supported version."""
    if not isinstance(root, ObjectNode) or "asyncapi" not in root:
        diagnostics.error(
            Rule.NOT_ASYNCAPI,
            root.location,
            "not an AsyncAPI document",
            "start it with `asyncapi: 3.0.0`",
        )
        return None
    value = root.get("asyncapi")
    version = str(value.value) if isinstance(value, ScalarNode) else ""
    if _VERSION.fullmatch(version):
        spec = object_specs_2.DOCUMENT if version.startswith("2") else object_specs.DOCUMENT
        return check_fields(root, spec, diagnostics)
    old = version.startswith("1.")
    diagnostics.error(
        Rule.UNSUPPORTED_VERSION,
        root.location if value is None else value.location,
        f"AsyncAPI {version} is not supported" if version else "`asyncapi` must be a version",
        "convert the document to version 3 with `@asyncapi/converter`"
        if old
        else "write `asyncapi: 3.0.0` or `asyncapi: 3.1.0`",
    )
    return None


def _protocol(document: ObjectNode, library: Files, options: Options, context: Context) -> Protocol:
    if (document.text("asyncapi") or "").startswith("2"):
        document = in_version_3(document, context)
    info = _info(document, context)
    _check_components(document, context)
    schemas = SchemaReader(context)
    messages = Messages(schemas, document.text("defaultContentType"), context)
    servers = Servers(document, context, options.server)
    channels = Channels(document, servers, messages, context)
    roles = Roles(
        own=info.text("x-mqbind-role") or "client",
        peer=info.text("x-mqbind-peer-role") or "server",
    )
    operations = Operations(
        channels=channels, messages=messages, roles=roles, context=context
    ).read(document)
    definitions, constraints = schemas.finish(lambda: library.trees)
    protocol = Protocol(
        prefix=prefix_of(info, document, context.diagnostics),
        source=document.document.name,
        title=info.text("title") or "",
        version=info.text("version") or "",
        description=info.text("description"),
        role=roles.own,
        channels=channels.found,
        messages=messages.found,
        operations=operations,
        definitions=definitions,
        location=document.location,
        files=library.paths,
        constraints=constraints,
        connection=servers.connection,
    )
    messages.check_headers(protocol)
    return protocol


def _info(document: ObjectNode, context: Context) -> ObjectNode:
    value = document.get("info")
    info = None if value is None else context.object(value, object_specs.INFO)
    if info is None:
        return with_entries(document, {})
    for key, spec in (("contact", object_specs.CONTACT), ("license", object_specs.LICENSE)):
        part = info.get(key)
        if isinstance(part, ObjectNode):
            check_fields(part, spec, context.diagnostics)
    return info


def _check_components(document: ObjectNode, context: Context) -> None:
    components = document.get("components")
    if components is not None:
        context.object(components, object_specs.COMPONENTS)
