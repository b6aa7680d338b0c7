"""`x-mqbind-empty-deletes`: an empty payload deletes a retained message, and is an event."""

from __future__ import annotations

import contextlib
import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from mqbind.diagnostics import Diagnostics, Failed
from mqbind.emit.write import write
from mqbind.pipeline import compile_schema, plan_schema
from mqbind.rules import Rule
from tests.support import cases
from tests.support.compiler import PARSERS, UNOPTIMIZED, compile_c, engine_options, runtime_library

PROGRAM = """\
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include <mqbind/loopback.h>

#include "texts_device.h"
#include "texts_hub.h"

static int events, messages, errors;
static enum mqb_status last;

static enum mqb_status on_deleted(struct texts_hub *hub, struct mqb_str device)
{
    (void)hub;
    assert(mqb_str_equal(device, MQB_STR("plug")));
    events++;
    return MQB_OK;
}

static enum mqb_status on_power(
    struct texts_hub *hub, struct mqb_str device, const enum texts_power *message)
{
    (void)hub;
    (void)device;
    assert(*message == TEXTS_POWER_ON);
    messages++;
    return MQB_OK;
}

static void on_error(void *user, struct mqb_str topic, const struct mqb_error *error)
{
    (void)user;
    (void)topic;
    last = error->status;
    errors++;
}

static char scratch[1000], send_buffer[2][500], queue[2000];
static struct mqb_client sending, receiving;
static struct mqb_loopback broker;
static struct mqb_loopback_peer peers[2];

static void start(struct mqb_client *client, size_t index)
{
    const struct mqb_client_config config = {
        .transport = mqb_loopback_join(&broker, &peers[index], client),
        .scratch = scratch,
        .scratch_bytes = sizeof scratch,
        .send_buffer = send_buffer[index],
        .send_buffer_bytes = sizeof send_buffer[index],
        .on_error = on_error,
    };
    assert(mqb_client_init(client, &config) == MQB_OK);
}

int main(void)
{
    static const struct texts_hub_handlers both = {
        .power = on_power, .power_deleted = on_deleted};
    static const struct texts_hub_handlers deletions = {.power_deleted = on_deleted};
    static const struct texts_hub_handlers no_deletions = {.power = on_power};
    static struct texts_hub hub = {.client = &receiving};
    static struct texts_device device = {.client = &sending};
    struct mqb_scratch memory = mqb_scratch_from(scratch, sizeof scratch);
    const enum texts_power on = TEXTS_POWER_ON;
    enum texts_power decoded;

    mqb_loopback_init(&broker, queue, sizeof queue);
    start(&sending, 0);
    start(&receiving, 1);
    hub.handlers = &both;
    assert(texts_hub_bind(&hub) == MQB_OK);
    assert(texts_device_send_power(&device, MQB_STR("plug"), &on) == MQB_OK);
    assert(texts_device_delete_power(&device, MQB_STR("plug")) == MQB_OK);
    mqb_loopback_run(&broker);
    assert(events == 1 && messages == 1 && errors == 0);
    assert(receiving.counters.received_by_status[MQB_OK] == 2);
    assert(sending.counters.sent_by_status[MQB_OK] == 2);

    assert(texts_hub_unbind(&hub) == MQB_OK);
    hub.handlers = &deletions;
    assert(texts_hub_bind(&hub) == MQB_OK);
    assert(texts_device_delete_power(&device, MQB_STR("plug")) == MQB_OK);
    mqb_loopback_run(&broker);
    assert(events == 2 && errors == 0);

    assert(texts_hub_unbind(&hub) == MQB_OK);
    hub.handlers = &no_deletions;
    assert(texts_hub_bind(&hub) == MQB_OK);
    assert(texts_device_delete_power(&device, MQB_STR("plug")) == MQB_OK);
    mqb_loopback_run(&broker);
    assert(events == 2 && errors == 1 && last == MQB_ERR_NO_HANDLER);
    assert(receiving.counters.received_by_status[MQB_ERR_NO_HANDLER] == 1);

    assert(texts_device_delete_power(&device, MQB_STR("a/b")) == MQB_ERR_TOPIC);
    assert(texts_device_delete_power(NULL, MQB_STR("plug")) == MQB_ERR_ARGUMENT);
    assert(texts_power_decode(&decoded, MQB_STR(""), &memory, NULL) == MQB_ERR_VALUE);
    return 0;
}
"""


@pytest.mark.parametrize("parser", PARSERS)
def test_a_deletion_is_an_event(parser: str, tmp_path: Path) -> None:
    write(tmp_path, compile_schema(cases.schema("texts"), Diagnostics()).files)
    (tmp_path / "main.c").write_text(PROGRAM)
    sources = [*sorted(tmp_path.glob("*.c")), runtime_library(parser)]
    compile_c("gcc", sources, tmp_path / "program", *UNOPTIMIZED, *engine_options(parser))
    subprocess.run((tmp_path / "program",), check=True)


def reported(folder: Path, messages: Mapping[str, object], **operation: object) -> list[str]:
    channels = {
        "c": {"address": "c", "messages": messages},
        "r": {"address": "r", "messages": {"R": {"payload": {"type": "boolean"}}}},
    }
    document = {
        "asyncapi": "3.0.0",
        "info": {"title": "T", "version": "1.0.0"},
        "channels": channels,
        "operations": {
            "o": {"action": "send", "channel": {"$ref": "#/channels/c"}, **operation},
        },
    }
    path = folder / "t.json"
    path.write_text(json.dumps(document))
    diagnostics = Diagnostics()
    with contextlib.suppress(Failed):
        plan_schema(path, diagnostics)
    return [each.message for each in diagnostics if each.rule is Rule.UNUSABLE_DELETION]


DELETES = {"x-mqbind-empty-deletes": True}
TEXT = {"contentType": "text/plain"}


@pytest.mark.parametrize(
    ("messages", "count"),
    [
        ({"M": {**DELETES, "payload": {"type": "object"}}}, 0),
        ({"M": {**DELETES, "payload": {"type": "string"}}}, 0),
        ({"M": {**DELETES, **TEXT, "payload": {"type": "string", "minLength": 1}}}, 0),
        ({"M": {**DELETES, **TEXT, "payload": {"type": "string", "pattern": "^[a-z]+$"}}}, 0),
        ({"M": {**DELETES, **TEXT, "payload": {"type": "string", "not": {"const": ""}}}}, 0),
        ({"M": {**DELETES, **TEXT, "payload": {"enum": [1, True, "ON"]}}}, 0),
        ({"M": {**DELETES, **TEXT, "payload": {"type": "string"}}}, 1),
        ({"M": {**DELETES, **TEXT, "payload": {"type": "string", "pattern": "^[a-z]*$"}}}, 1),
        ({"M": {**DELETES, **TEXT, "payload": {"enum": ["", "ON"]}}}, 1),
        ({"M": {**DELETES, **TEXT, "payload": {"anyOf": [{"type": "integer"}, {"const": ""}]}}}, 1),
        ({"M": {**DELETES, "contentType": "image/png"}}, 1),
        ({"M": {**DELETES, "payload": {"type": "object"}}, "N": {**TEXT, "payload": True}}, 1),
        ({"M": {"payload": {"type": "object"}}, "N": {**TEXT, "payload": True}}, 0),
    ],
)
def test_an_empty_payload_has_one_meaning(
    messages: dict[str, object], count: int, tmp_path: Path
) -> None:
    assert len(reported(tmp_path, messages)) == count


def test_requests_and_replies_are_not_retained(tmp_path: Path) -> None:
    message = {"M": {**DELETES, "payload": {"type": "object"}}}
    reply = {"channel": {"$ref": "#/channels/r"}}
    assert reported(tmp_path, message, reply=reply)
