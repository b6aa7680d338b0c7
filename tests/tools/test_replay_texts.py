"""`mqbind replay` on payloads that are text, and on empty ones that delete a retained message."""

from tests.support import cases
from tests.tools.conftest import Mqbind
from tests.tools.replaying import answers, line


def test_text_is_shown_as_a_value(mqbind: Mqbind) -> None:
    sent = {"stat/plug/POWER": "ON", "homie/x/window/open": "true", "sensor/x/state": "unknown"}
    lines = "".join(line(topic, text) for topic, text in sent.items())
    shown = answers(mqbind("replay", cases.schema("texts"), "--view", "peer", stdin=lines))
    assert [each["value"] for each in shown] == ["ON", True, "unknown"]


def test_a_deletion_is_shown_as_an_event(mqbind: Mqbind) -> None:
    lines = line("cmnd/x/mode", "") + line("cmnd/x/mode", "5")
    deleted, level = answers(mqbind("replay", cases.schema("texts"), stdin=lines))
    event = {"ok": True, "message": "Program", "parameters": {"device": "x"}, "deleted": True}
    assert deleted == event
    assert level["value"] == 5


def test_an_empty_payload_is_no_event_without_the_key(mqbind: Mqbind) -> None:
    empty = line("homie/x/window/open", "")
    [refused] = answers(mqbind("replay", cases.schema("texts"), "--view", "peer", stdin=empty))
    assert (refused["status"], refused["rule"]) == ("type", "must be true or false")
