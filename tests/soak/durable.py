"""A broker whose sessions outlive it: it knows what it acknowledged, however it ends.

It has one topic, which the client `receive` gets. When it is killed, all connections are reset, so
whatever was on its way in either direction is gone.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.broker.fake_broker import packet, split_publish

TOPIC = b"soak/numbers"
IDS = 0x10000
WINDOW = 20
"""Messages that the receiver has not acknowledged."""
BACKLOG = 200


@dataclass(kw_only=True)
class Session:
    """What is kept of a client."""

    exists: bool = False
    waiting: deque[tuple[int, bytes]] = field(default_factory=deque)
    """QoS and payload of messages for it."""
    sent: dict[int, tuple[int, bytes]] = field(default_factory=dict)
    """Those in flight by packet id, in order; QoS 0 once it needs no more than PUBREL."""
    taken: set[bytes] = field(default_factory=set)
    """Packet ids of QoS 2 that it sent, which are not released."""
    last_id: int = 0


def split(data: bytearray) -> Iterator[tuple[int, bytes]]:
    """First byte and body of each packet that is complete; it is removed."""
    while len(data) >= 2:
        length, at = 0, 1
        while True:
            if at >= len(data):
                return
            length |= (data[at] & 127) << 7 * (at - 1)
            at += 1
            if data[at - 1] < 128:
                break
        if len(data) < at + length:
            return
        yield data[0], bytes(data[at : at + length])
        del data[: at + length]


class Connection(asyncio.Protocol):
    def __init__(self, broker: DurableBroker) -> None:
        self.broker = broker
        self.data = bytearray()
        self.session = Session()
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.broker.connections.add(self)

    def connection_lost(self, _: Exception | None) -> None:
        self.broker.connections.discard(self)

    def data_received(self, data: bytes) -> None:
        self.data += data
        for first, body in split(self.data):
            self._take(first, body)
        self.broker.go_on()

    def _send(self, first: int, body: bytes) -> None:
        assert self.transport
        self.transport.write(packet(first, body))

    def _take(self, first: int, body: bytes) -> None:
        match first & 0xF0:
            case 0x10:
                self._connect(body)
            case 0x30:
                self._publish(first >> 1 & 3, body, is_again=bool(first & 8))
            case 0x40 | 0x70:
                self.session.sent.pop(int.from_bytes(body, "big"), None)
            case 0x50:
                number = int.from_bytes(body, "big")
                self.session.sent[number] = (0, self.session.sent[number][1])
                self._send(0x62, body)
            case 0x60:
                self.session.taken.discard(body)
                self._send(0x70, body)
            case 0x80:
                self._send(0x90, body[:2] + body[-1:])
            case 0xC0:
                self._send(0xD0, b"")

    def _connect(self, body: bytes) -> None:
        self.session = self.broker.sessions[body[12:].decode()]
        self._send(0x20, bytes((self.session.exists, 0)))
        self.session.exists = True
        for number, (qos, payload) in self.session.sent.items():
            self.broker.note_repetition(number, qos, payload)
            self._send_message(number, qos, payload, again=True)

    def _publish(self, qos: int, body: bytes, *, is_again: bool) -> None:
        packet_id, payload = split_publish(body)
        if qos == 1 or packet_id not in self.session.taken:
            self.broker.sessions["receive"].waiting.append((qos, payload))
        if qos == 2:
            self.session.taken.add(packet_id)
        elif is_again:
            self.broker.repeated.add(int(payload))
        self._send(0x40 if qos == 1 else 0x50, packet_id)

    def deliver(self) -> None:
        session = self.session
        while session.waiting and len(session.sent) < WINDOW:
            session.last_id = session.last_id % (IDS - 1) + 1
            qos, payload = session.sent[session.last_id] = session.waiting.popleft()
            if session.last_id in self.broker.stale:
                self.broker.unclear.add(int(payload))
            self._send_message(session.last_id, qos, payload, again=False)

    def read_or_not(self, reads: bool) -> None:
        assert self.transport
        if reads:
            self.transport.resume_reading()
        else:
            self.transport.pause_reading()

    def _send_message(self, number: int, qos: int, payload: bytes, *, again: bool) -> None:
        packet_id = number.to_bytes(2, "big")
        if qos == 0:
            self._send(0x62, packet_id)
            return
        head = len(TOPIC).to_bytes(2, "big") + TOPIC
        self._send(0x30 | again << 3 | qos << 1, head + packet_id + payload)


class DurableBroker:
    """Runs in a thread, on a port of this host."""

    def __init__(self) -> None:
        self.sessions = {"send": Session(), "receive": Session()}
        self.connections: set[Connection] = set()
        self.unclear: set[int] = set()
        """Numbers of QoS 2 that libmosquitto may lose, or deliver late: those that were released
        (PUBREL), with no PUBCOMP before a kill; and those with a packet id in `stale`."""
        self.stale: set[int] = set()
        """Packet ids of QoS 2 that were sent again: libmosquitto keeps a second copy, which it
        delivers in place of the next message with that id."""
        self.repeated: set[int] = set()
        """Numbers that were sent again, to the receiver or (QoS 1) by the sender."""
        self.loop = asyncio.new_event_loop()
        create = self.loop.create_server(lambda: Connection(self), "127.0.0.1", 0)
        self.server = self.loop.run_until_complete(create)
        self.port: int = self.server.sockets[0].getsockname()[1]
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    def kill(self) -> None:
        self.loop.call_soon_threadsafe(self._reset_all)

    def note_repetition(self, packet_id: int, qos: int, payload: bytes) -> None:
        if qos > 0:
            self.repeated.add(int(payload))
        if qos == 2:
            self.stale.add(packet_id)

    def go_on(self) -> None:
        """Deliver, and let the sender wait for the receiver."""
        is_behind = len(self.sessions["receive"].waiting) > BACKLOG
        for connection in self.connections:
            connection.deliver()
            if connection.session is self.sessions["send"]:
                connection.read_or_not(not is_behind)

    def _reset_all(self) -> None:
        sent = self.sessions["receive"].sent.values()
        self.unclear |= {int(payload) for qos, payload in sent if qos == 0}
        for connection in self.connections:
            assert connection.transport
            connection.transport.abort()

    def close(self) -> None:
        self.kill()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.server.close()
        self.loop.close()
