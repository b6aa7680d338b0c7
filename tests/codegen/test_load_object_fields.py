"""The keywords that we know are those of AsyncAPI's own schemas, version by version."""

from __future__ import annotations

import functools
import json
from typing import Any

import pytest

from mqbind.load.document import object_specs, object_specs_2
from mqbind.load.document.object_specs import ObjectSpec
from tests.support.compiler import ROOT

SCHEMAS = ROOT / "tests/protocols/asyncapi_parser/node_modules/@asyncapi/specs/schemas"
VERSIONS = ("3.0.0", "3.1.0")
VERSION_2 = "2.6.0"
"""It has what all earlier ones have."""
OBJECTS = {
    "": object_specs.DOCUMENT,
    "contact": object_specs.CONTACT,
    "license": object_specs.LICENSE,
    "tag": object_specs.TAG,
    "externalDocs": object_specs.EXTERNAL_DOCS,
    "server": object_specs.SERVER,
    "serverVariable": object_specs.SERVER_VARIABLE,
    "channel": object_specs.CHANNEL,
    "parameter": object_specs.PARAMETER,
    "operation": object_specs.OPERATION,
    "operationTrait": object_specs.OPERATION_TRAIT,
    "operationReply": object_specs.REPLY,
    "operationReplyAddress": object_specs.REPLY_ADDRESS,
    "messageObject": object_specs.MESSAGE,
    "messageTrait": object_specs.MESSAGE_TRAIT,
    "messageExampleObject": object_specs.MESSAGE_EXAMPLE,
    "correlationId": object_specs.CORRELATION_ID,
    "components": object_specs.COMPONENTS,
}
OBJECTS_2 = {
    "": object_specs_2.DOCUMENT,
    "server": object_specs_2.SERVER,
    "channelItem": object_specs_2.CHANNEL,
    "operation": object_specs_2.OPERATION,
    "operationTrait": object_specs_2.OPERATION_TRAIT,
    "messageTrait": object_specs_2.MESSAGE_TRAIT,
    "components": object_specs_2.COMPONENTS,
}
BINDINGS = {
    "server": object_specs.MQTT_SERVER,
    "operation": object_specs.MQTT_OPERATION,
    "message": object_specs.MQTT_MESSAGE,
}
SECURITY = (
    *("userPassword", "apiKey", "X509", "symmetricEncryption", "asymmetricEncryption"),
    *("NonBearerHTTPSecurityScheme", "BearerHTTPSecurityScheme", "APIKeyHTTPSecurityScheme"),
    *("oauth2Flows", "openIdConnect", "SaslPlainSecurityScheme"),
)


@functools.cache
def meta_schema(version: str) -> Any:
    return json.loads((SCHEMAS / f"{version}.json").read_text())


def definition(version: str, name: str) -> Any:
    whole = meta_schema(version)
    return whole["definitions"][f"http://asyncapi.com/definitions/{version}/{name}.json"]


def assert_same(shape: ObjectSpec, schema: Any) -> None:
    assert set(shape.fields) == set(schema["properties"])
    assert set(shape.required) == set(schema.get("required", ())) - {"asyncapi"}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", OBJECTS)
def test_keywords_are_those_of_the_specification(version: str, name: str) -> None:
    assert_same(OBJECTS[name], definition(version, name) if name else meta_schema(version))


@pytest.mark.parametrize("name", OBJECTS_2)
def test_keywords_of_version_2_are_those_of_the_specification(name: str) -> None:
    schema = definition(VERSION_2, name) if name else meta_schema(VERSION_2)
    properties = {key: each for key, each in schema["properties"].items() if key != "$ref"}
    assert_same(OBJECTS_2[name], {**schema, "properties": properties})


def test_messages_of_version_2_are_those_of_the_specification() -> None:
    several, one = definition(VERSION_2, "message")["oneOf"][1]["oneOf"]
    assert_same(object_specs_2.MESSAGES, several)
    assert_same(object_specs_2.MESSAGE, one)


@pytest.mark.parametrize("version", VERSIONS)
def test_info_is_that_of_the_specification(version: str) -> None:
    assert_same(object_specs.INFO, definition(version, "info")["allOf"][0])


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", BINDINGS)
def test_mqtt_bindings_are_those_of_the_specification(version: str, kind: str) -> None:
    definitions = meta_schema(version)["definitions"]
    assert_same(BINDINGS[kind], definitions[f"http://asyncapi.com/bindings/mqtt/0.2.0/{kind}.json"])


@pytest.mark.parametrize("version", VERSIONS)
def test_security_schemes_have_no_other_keywords(version: str) -> None:
    named: set[str] = set()
    for scheme in SECURITY:
        named |= set(definition(version, scheme)["properties"])
    assert set(object_specs.SECURITY_SCHEME.fields) == named
