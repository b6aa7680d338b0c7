"""How long the generator takes for a long document."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

LINES = 2_800

_HEAD = """\
asyncapi: 3.0.0
info:
  title: A long document
  version: 1.0.0
"""
_MESSAGE = """\
    Reading{i}:
      title: What station {i} measured
      description: The station sends it every minute, and at once when something is wrong.
      payload:
        type: object
        required: [id, station, kind, values]
        properties:
          id:
            description: Number of the reading.
            type: integer
            minimum: 0
          station:
            description: Name of the station.
            type: string
            pattern: '^[a-z]+-[0-9]{{1,{digits}}}$'
          kind:
            description: What made the station send.
            enum: [periodic, alarm, request]
          values:
            description: What was measured.
            type: object
            required: [temperature]
            properties:
              temperature:
                type: number
                minimum: -60
                maximum: 80
              humidity:
                type: integer
                minimum: 0
                maximum: 100
              doors:
                type: array
                maxItems: 8
                items:
                  type: boolean
      examples:
        - name: first
          payload: {{id: 1, station: north-{digits}, kind: alarm, values: {{temperature: 21.5}}}}
"""
_CHANNEL = """\
  readings{i}:
    address: stations/{{station}}/readings/{i}
    parameters:
      station:
        description: Name of the station.
    messages:
      Reading{i}:
        $ref: '#/components/messages/Reading{i}'
"""
_OPERATION = """\
  receiveReading{i}:
    action: receive
    channel:
      $ref: '#/channels/readings{i}'
"""


def document() -> str:
    """A document of at least so many lines: operations with messages of their own."""
    count = 1
    while len(_document(count).splitlines()) < LINES:
        count += 1
    return _document(count)


def _document(count: int) -> str:
    numbers = range(1, count + 1)
    parts = [
        _HEAD,
        "channels:\n",
        *(_CHANNEL.format(i=i) for i in numbers),
        "operations:\n",
        *(_OPERATION.format(i=i) for i in numbers),
        "components:\n  messages:\n",
        *(_MESSAGE.format(i=i, digits=i % 9 + 1) for i in numbers),
    ]
    return "".join(parts)


def seconds(times: int) -> list[float]:
    """Of the whole command, each time into an empty folder."""
    command = [str(Path(sys.executable).parent / "mqbind"), "generate"]
    taken = []
    with tempfile.TemporaryDirectory(prefix="mqbind-bench-") as name:
        schema = Path(name) / "long.yaml"
        schema.write_text(document())
        for each in range(times):
            started = time.perf_counter()
            output = ["-o", str(Path(name) / str(each))]
            subprocess.run([*command, str(schema), *output], check=True, capture_output=True)
            taken.append(time.perf_counter() - started)
    return taken
