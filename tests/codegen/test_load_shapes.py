"""The keywords that we know are those of AsyncAPI's own schemas, version by version."""

from __future__ import annotations

import functools
import json
from typing import Any

import pytest

from mqbind.load import shapes
from mqbind.load.shapes import Shape
from tests.support.codec import ROOT

SCHEMAS = ROOT / "tests/protocols/asyncapi_parser/node_modules/@asyncapi/specs/schemas"
VERSIONS = ("3.0.0", "3.1.0")
OBJECTS = {
    "": shapes.DOCUMENT,
    "contact": shapes.CONTACT,
    "license": shapes.LICENSE,
    "tag": shapes.TAG,
    "externalDocs": shapes.EXTERNAL_DOCS,
    "server": shapes.SERVER,
    "serverVariable": shapes.SERVER_VARIABLE,
    "channel": shapes.CHANNEL,
    "parameter": shapes.PARAMETER,
    "operation": shapes.OPERATION,
    "operationTrait": shapes.OPERATION_TRAIT,
    "operationReply": shapes.REPLY,
    "operationReplyAddress": shapes.REPLY_ADDRESS,
    "messageObject": shapes.MESSAGE,
    "messageTrait": shapes.MESSAGE_TRAIT,
    "messageExampleObject": shapes.MESSAGE_EXAMPLE,
    "correlationId": shapes.CORRELATION_ID,
    "components": shapes.COMPONENTS,
}
BINDINGS = {
    "server": shapes.MQTT_SERVER,
    "operation": shapes.MQTT_OPERATION,
    "message": shapes.MQTT_MESSAGE,
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


def assert_same(shape: Shape, schema: Any) -> None:
    assert set(shape.fields) == set(schema["properties"])
    assert set(shape.required) == set(schema.get("required", ())) - {"asyncapi"}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", OBJECTS)
def test_keywords_are_those_of_the_specification(version: str, name: str) -> None:
    assert_same(OBJECTS[name], definition(version, name) if name else meta_schema(version))


@pytest.mark.parametrize("version", VERSIONS)
def test_info_is_that_of_the_specification(version: str) -> None:
    assert_same(shapes.INFO, definition(version, "info")["allOf"][0])


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
    assert set(shapes.SECURITY_SCHEME.fields) == named
