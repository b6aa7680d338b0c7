"""Who is measured, with which works on which payloads."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.bench import payloads
from tests.bench.payloads import Subject

DIRECT = "mqbind direct"
SPEED = "mqbind speed"
JSMN = "mqbind jsmn"
TOKENS = "jsmn tokens"
WALK = "jsmn walk"
CJSON = "cJSON"
QUICKTYPE = "quicktype"
YYJSON = "yyjson"
SIMDJSON = "simdjson"
NANOPB = "nanopb"
COREJSON = "coreJSON"
RECEIVE = "mqb_client_receive"
ROUTER = "mqbind router"
MOSQUITTO = "mosquitto"

MEANINGS: Mapping[str, str] = {
    DIRECT: "decode with the engine `direct`: strict, all rules checked, a struct filled",
    SPEED: "the same after the first pass of the profile `speed`",
    JSMN: "the same with the engine `jsmn`",
    TOKENS: "`jsmn_parse()` alone, strict, with parent links, inlined: no field read",
    WALK: "the same, then every field by `strcmp` as jsmn's example does; nothing checked",
    CJSON: "tree, then every field by name; types, ranges and required members checked",
    QUICKTYPE: "quicktype's C over cJSON; nothing checked, wrong types crash",
    YYJSON: "static pool, then every field by name; types, ranges and required members checked",
    SIMDJSON: "on demand, padded input, SIMD; types, ranges and required members checked",
    NANOPB: "the same data as protobuf, which is shorter than JSON; wire format checked",
    COREJSON: "validated, then every field searched from the start; types and ranges checked",
    ROUTER: "finding the route and the parameters alone",
    RECEIVE: "the same and all that follows, up to a handler that does nothing",
    MOSQUITTO: "`mosquitto_topic_matches_sub()` on one filter after the other; nothing captured",
}


@dataclass(frozen=True, kw_only=True)
class Job:
    """A work of a program on a subject."""

    subject: Subject
    peer: str
    program: str
    work: str

    @property
    def key(self) -> str:
        return f"{self.subject.group}/{self.subject.name}/{self.peer.replace(' ', '_')}"


def jobs() -> Iterator[Job]:
    """All of them. A program that is not built, or that refuses its payloads, is left out later."""
    for subject in payloads.printed():
        yield from _generated_jobs(subject)
    for subject in (*payloads.fields(), *payloads.varied()):
        yield from _generated_jobs(subject)
        yield from _field_jobs(subject)
    for subject in payloads.shapes():
        yield from _shape_jobs(subject)
    for subject in payloads.fields():
        yield from _encoding_jobs(subject)
    for subject in payloads.routed():
        work = f"route:{subject.name}"
        yield Job(subject=subject, peer=RECEIVE, program="routes", work=work)
        if subject.name == "32":
            yield Job(subject=subject, peer=ROUTER, program="routes", work="find:32")
        yield Job(subject=subject, peer=MOSQUITTO, program="mosquitto", work=work)


def _our_jobs(subject: Subject) -> Iterator[Job]:
    work = f"decode:{subject.c_name}"
    yield Job(subject=subject, peer=DIRECT, program="mqbind_direct", work=work)
    yield Job(subject=subject, peer=SPEED, program="mqbind_speed", work=work)
    yield Job(subject=subject, peer=JSMN, program="mqbind_jsmn", work=work)
    yield Job(subject=subject, peer=TOKENS, program="jsmn", work="tokens")


def _generated_jobs(subject: Subject) -> Iterator[Job]:
    yield from _our_jobs(subject)
    work = f"decode:{subject.peer_name}"
    yield Job(subject=subject, peer=QUICKTYPE, program="quicktype", work=work)


def _field_jobs(subject: Subject) -> Iterator[Job]:
    programs = {
        WALK: "jsmn_walk",
        CJSON: "cjson",
        YYJSON: "yyjson",
        SIMDJSON: "simdjson",
        COREJSON: "corejson",
    }
    if subject.group == "fields":
        programs[NANOPB] = "nanopb"
    for peer, program in programs.items():
        yield Job(subject=subject, peer=peer, program=program, work=f"read:{subject.name}")


def _shape_jobs(subject: Subject) -> Iterator[Job]:
    yield from _our_jobs(subject)
    work = f"shape:{subject.peer_name}"
    yield Job(subject=subject, peer=YYJSON, program="yyjson", work=work)
    yield Job(subject=subject, peer=SIMDJSON, program="simdjson", work=work)
    yield Job(subject=subject, peer=CJSON, program="cjson", work="parse")


def _compact(text: bytes) -> bytes:
    return json.dumps(json.loads(text), separators=(",", ":"), ensure_ascii=False).encode()


def _encoding_jobs(subject: Subject) -> Iterator[Job]:
    """Raw JSON within the message is sent as it is, so all peers start from compact text."""
    encoded = Subject(
        group="encode",
        name=subject.name,
        c_name=subject.c_name,
        peer_name=subject.peer_name,
        texts=tuple(map(_compact, subject.texts)),
    )
    works = {
        DIRECT: ("mqbind_direct", f"encode:{subject.c_name}"),
        YYJSON: ("yyjson", f"write:{subject.name}"),
        CJSON: ("cjson", f"write:{subject.name}"),
        QUICKTYPE: ("quicktype", f"encode:{subject.peer_name}"),
        NANOPB: ("nanopb", f"write:{subject.name}"),
    }
    for peer, (program, work) in works.items():
        yield Job(subject=encoded, peer=peer, program=program, work=work)
