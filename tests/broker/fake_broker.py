"""A broker of few words: it plays the peers that MQTT forbids."""

import select
import socket
import struct
import threading
from collections.abc import Callable

CONNACK = b"\x20\x02\x00\x00"
CONNACK_5 = b"\x20\x03\x00\x00\x00"
PUBLISH = 0x30
PUBACK = 0x40
SUBSCRIBE = 0x80
PINGREQ = 0xC0


def refuse(code: int) -> bytes:
    return bytes((0x20, 0x02, 0x00, code))


def refuse_5(code: int) -> bytes:
    return bytes((0x20, 0x03, 0x00, code, 0x00))


def publish(topic: bytes, payload: bytes) -> bytes:
    body = len(topic).to_bytes(2, "big") + topic + payload
    assert len(body) < 128
    return bytes((0x30, len(body))) + body


def packet(first: int, body: bytes) -> bytes:
    length, rest = b"", len(body)
    while rest >= 128:
        length += bytes((rest % 128 + 128,))
        rest //= 128
    return bytes((first,)) + length + bytes((rest,)) + body


def publish_5(topic: bytes, payload: bytes, properties: bytes = b"") -> bytes:
    head = len(topic).to_bytes(2, "big") + topic
    return packet(0x30, head + bytes((len(properties),)) + properties + payload)


def split_publish(body: bytes) -> tuple[bytes, bytes]:
    """Packet id and payload of a PUBLISH with QoS 1 or 2, under MQTT 3.1.1."""
    topic_end = 2 + int.from_bytes(body[:2], "big")
    return body[topic_end : topic_end + 2], body[topic_end + 2 :]


class Peer:
    """One client's connection, packet by packet."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection

    def _take(self, count: int) -> bytes:
        return self.connection.recv(count, socket.MSG_WAITALL) if count else b""

    def read(self) -> tuple[int, bytes]:
        """First byte and body of the next packet; (0, b"") at the end."""
        first = self._take(1)
        if not first:
            return 0, b""
        length, shift = 0, 0
        while True:
            byte = self._take(1)[0]
            length |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return first[0], self._take(length)

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def accept(self, answer: bytes = CONNACK) -> None:
        self.read()
        self.send(answer)

    def read_subscribe(self) -> bytes:
        """Packet id of the next SUBSCRIBE."""
        while True:
            first, body = self.read()
            assert first, "the client left"
            if first & 0xF0 == SUBSCRIBE:
                return body[:2]

    def grant(self) -> None:
        """Grant the next subscription."""
        self.send(b"\x90\x03" + self.read_subscribe() + b"\x01")

    def read_publish(self) -> bytes:
        """Packet id of the next PUBLISH, which has QoS 1 or 2."""
        while True:
            first, body = self.read()
            assert first, "the client left"
            if first & 0xF0 == PUBLISH:
                return split_publish(body)[0]

    def has_more(self, seconds: float) -> bool:
        """Whether the client sends anything within a while."""
        return bool(select.select([self.connection], [], [], seconds)[0])

    def reset(self) -> None:
        """Break the connection the hard way."""
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.connection.close()

    def answer_pings(self) -> None:
        """Until the client leaves."""
        while (packet := self.read())[0]:
            if packet[0] == PINGREQ:
                self.send(b"\xd0\x00")


Script = Callable[[Peer], None]


class FakeBroker:
    """Plays a script to each client in turn; the last one is repeated."""

    def __init__(self, *scripts: Script) -> None:
        self.scripts = scripts
        self.connections = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            script = self.scripts[min(self.connections, len(self.scripts) - 1)]
            self.connections += 1
            threading.Thread(target=self._play, args=(script, connection), daemon=True).start()

    @staticmethod
    def _play(script: Script, connection: socket.socket) -> None:
        try:
            script(Peer(connection))
        except OSError:
            pass
        finally:
            connection.close()

    def close(self) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
