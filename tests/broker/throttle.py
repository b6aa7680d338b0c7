"""A slow link: a proxy that passes on so many bytes a second in each direction."""

import socket
import threading
import time

CHUNK = 1000
BUFFER = 4096


class SlowLink:
    """Forwards connections to a port of this host until it is closed."""

    def __init__(self, port: int, bytes_per_second: int) -> None:
        self._target = port
        self._pause_s = CHUNK / bytes_per_second
        self._listener = socket.create_server(("127.0.0.1", 0))
        # What the buffers take at once would not be slow.
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._target))
            for pair in ((client, server), (server, client)):
                threading.Thread(target=self._forward, args=pair, daemon=True).start()

    def _forward(self, source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(CHUNK):
                target.sendall(data)
                time.sleep(self._pause_s)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            source.close()
            target.close()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
