"""Members of a union's objects that only other forms name: received, they are sent again."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from mqbind.diagnostics import Diagnostics
from mqbind.emit.write import write
from mqbind.pipeline import compile_schema
from tests.support.codec import Codec, check_sent_again
from tests.support.compiler import PARSERS, UNOPTIMIZED, compile_c, engine_options, runtime_library

DOCUMENT = """\
asyncapi: 3.0.0
info: {title: U, version: 1.0.0, x-mqbind-prefix: u}
channels:
  c:
    address: c/{m}
    parameters: {m: {}}
    messages:
      Position: {payload: {$ref: '#/components/schemas/Position'}}
  l: {address: l, messages: {Track: {payload: {$ref: '#/components/schemas/Track'}}}}
  e: {address: e, messages: {Event: {payload: {$ref: '#/components/schemas/Event'}}}}
operations:
  c: {action: receive, channel: {$ref: '#/channels/c'}}
  l: {action: receive, channel: {$ref: '#/channels/l'}}
  e: {action: receive, channel: {$ref: '#/channels/e'}}
components:
  schemas:
    Fix:
      type: object
      required: [lat, lng]
      properties: {lat: {type: number, maximum: 90}, lng: {type: number}}
    Raw: {type: object, required: [nmea], properties: {nmea: {type: string}}}
    Position: {anyOf: [{$ref: '#/components/schemas/Fix'}, {$ref: '#/components/schemas/Raw'}]}
    Track:
      type: object
      properties:
        points: {type: array, items: {$ref: '#/components/schemas/Position'}}
        last: {anyOf: [{$ref: '#/components/schemas/Position'}, {type: 'null'}]}
        more:
          anyOf:
            - {$ref: '#/components/schemas/Fix'}
            - {title: Place, type: object, required: [place], properties: {place: {type: string}}}
            - anyOf: [{type: string}, {type: 'null'}, {$ref: '#/components/schemas/Raw'}]
        start:
          allOf: [{$ref: '#/components/schemas/Position'}]
          default: {nmea: x, lat: 100}
    Event:
      oneOf:
        - {title: A, type: object, required: [k], properties: {k: {const: a}, n: {type: integer}}}
        - title: B
          type: object
          required: [k]
          properties: {k: {const: b}, "q\\"\\t": {type: boolean}, n: false}
        - title: C
          type: object
          required: [k]
          properties: {k: {const: c}}
          additionalProperties: false
        - title: D
          type: object
          required: [k]
          minProperties: 3
          properties: {k: {const: d}, d: {type: integer}}
          patternProperties: {'^q': {}}
      if: {required: [also]}
      then: {properties: {also: {type: integer}}}
"""

SENT_AGAIN: dict[str, list[object]] = {
    "u_position": [
        {"nmea": "$GPGGA,", "lat": 100},
        {"lat": 100, "nmea": "", "lng": None},
        {"lat": 1.5, "lng": 2.5, "nmea": [{"nmea": 1}]},
        {"nmea": ""},
    ],
    "u_track": [
        {
            "points": [{"nmea": "a", "lat": "ä\n"}, {"nmea": "b"}, {"lat": 1.5, "lng": 2.5}],
            "last": {"nmea": "", "lng": {"lat": 1}},
            "more": {"nmea": "", "lat": 91, "place": 5},
        },
        {"last": None, "more": {"place": "x", "lat": "y", "nmea": None}},
        {"more": "word"},
        {"more": {"nmea": "", "lat": 5, "place": None}},
    ],
    "u_event": [
        {"k": "a", 'q"\t': 1, "d": "d", "also": 7},
        {"k": "b", 'q"\t': True, "d": None, "also": -1},
        {"k": "c"},
        {"k": "d", 'q"\t': [], "q": 1, "n": "n", "d": 4},
        {"k": "d", "n": None, "also": 0},
    ],
}


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("schema") / "u.yaml"
    file.write_text(DOCUMENT)
    return file


@pytest.fixture(scope="module")
def codec(schema: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Codec]:
    found = Codec(schema, tmp_path_factory.mktemp("codec"))
    yield found
    found.close()


@pytest.mark.parametrize("message", SENT_AGAIN)
def test_members_of_other_forms_are_sent_again(codec: Codec, message: str) -> None:
    for payload in SENT_AGAIN[message]:
        for text in (json.dumps(payload), json.dumps(payload, ensure_ascii=False, indent=2)):
            check_sent_again(codec, message, text)


@pytest.mark.parametrize(
    ("payload", "status", "path"),
    [
        ('{"k":"b","n":1}', "VALUE", "/n"),
        ('{"k":"c","d":1}', "VALUE", "/d"),
        ('{"k":"a","d":1,"d":1}', "DUPLICATE", "/d"),
        ('{"k":"a","also":"x"}', "TYPE", "/also"),
    ],
)
def test_what_a_form_refuses_stays_refused(
    codec: Codec, payload: str, status: str, path: str
) -> None:
    verdict = codec.judge("u_event", payload)
    assert (verdict.stage, verdict.status, verdict.path) == ("decode", status, path)


def test_members_that_no_form_names_are_skipped(codec: Codec) -> None:
    sent = codec.judge("u_position", '{"x":1,"nmea":"","y":{"lat":1},"lng":2}').text
    assert sent == '{"nmea":"","lng":2}'


def test_no_map_where_no_form_needs_one(schema: Path) -> None:
    """Forms that are closed, that keep other members, or that name the same ones."""
    form = "{type: object, required: [a], properties: {a: {const: %d}, b: {}}%s}"
    for forms in (
        [form % (1, ""), form % (2, "")],
        [form % (1, ", additionalProperties: false"), "{type: object}"],
        [form % (1, ""), "{type: object, additionalProperties: {type: integer}}"],
        [form % (1, ""), "{type: string}"],
    ):
        changed = schema.with_name("none.yaml")
        payload = f"Event: {{payload: {{oneOf: [{', '.join(forms)}]}}}}"
        old = "Event: {payload: {$ref: '#/components/schemas/Event'}}"
        changed.write_text(DOCUMENT.replace(old, payload))
        files = compile_schema(changed, Diagnostics()).files
        assert "struct u_event {" in files["u_event.h"]
        assert "others" not in files["u_event.h"], forms


MAIN = """\
#include <stdio.h>
#include <string.h>
#include "u_event.h"
#include "u_position.h"

static void show(enum mqb_status status, size_t len, const char *text, struct mqb_error *error)
{
    if (status == MQB_OK)
        printf("%.*s\\n", (int)len, text);
    else
        printf("%d %zu %s: %s\\n", (int)status, len, error->path, error->rule);
}

static void send(struct u_position *position, size_t cap)
{
    char text[200];
    size_t len = 0;
    struct mqb_error error = {0};
    const enum mqb_status status = u_position_encode(position, text, cap, &len, &error);
    show(status, len, text, &error);
}

int main(void)
{
    struct mqb_map_entry entries[] = {
        {MQB_STR("lat"), {"100", 3}},
        {MQB_STR("lng"), {"[1, 2]", 6}},
        {MQB_STR("lat"), {"true", 4}},
    };
    struct u_position position;
    struct u_event event;
    struct mqb_error error = {0};
    char text[200];
    size_t len = 0;

    u_position_init(&position);
    position.kind = U_POSITION_RAW;
    position.as.raw.nmea = MQB_STR("x");
    position.others = (struct mqb_map){entries, 2};
    for (size_t cap = 0; cap < 40; cap++)
        send(&position, cap);
    printf("%d\\n", (int)u_position_validate(&position, &error));
    position.others.count = 3;
    send(&position, sizeof text);
    send(&position, 5);
    entries[1].key = MQB_STR("nmea");
    send(&position, sizeof text);
    entries[1].key = MQB_STR("other");
    send(&position, sizeof text);
    entries[1] = (struct mqb_map_entry){MQB_STR("lng"), {"[1", 2}};
    send(&position, 12);

    u_event_init(&event);
    event.kind = U_EVENT_C;
    event.others = (struct mqb_map){entries, 1};
    entries[0].key = MQB_STR("d");
    const enum mqb_status status = u_event_encode(&event, text, sizeof text, &len, &error);
    show(status, len, text, &error);
    return 0;
}
"""
BESIDE = "must be a member that only another form names"


@pytest.mark.parametrize("parser", PARSERS)
def test_they_are_checked_when_they_are_sent(schema: Path, tmp_path: Path, parser: str) -> None:
    write(tmp_path, compile_schema(schema, Diagnostics()).files)
    (tmp_path / "main.c").write_text(MAIN)
    files = [*sorted(tmp_path.glob("*.c")), runtime_library(parser)]
    options = (*UNOPTIMIZED, *engine_options(parser), "-I", str(tmp_path))
    compile_c("gcc", files, tmp_path / "run", *options)
    lines = subprocess.run(
        [tmp_path / "run"], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    whole = '{"nmea":"x","lat":100,"lng":[1,2]}'
    short = [f"11 {len(whole)} : needs a larger buffer"] * len(whole)
    assert lines[:40] == short + [whole] * (40 - len(whole))
    assert lines[40:] == [
        "0",
        "7 0 /lat: must not appear twice",
        "7 0 /lat: must not appear twice",
        f"8 0 /nmea: {BESIDE}",
        f"8 0 /other: {BESIDE}",
        "4 0 /lng/0: must be JSON: ends too early",
        f"8 0 /d: {BESIDE}",
    ]
