"""Programs of this folder, and what they say."""

from __future__ import annotations

import os
import subprocess
import threading
from collections import defaultdict
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.waiting import DEADLINE_S


@dataclass(kw_only=True)
class Program:
    popen: subprocess.Popen[str]
    words: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def read(self) -> None:
        assert self.popen.stdout
        for line in self.popen.stdout:
            word, _, rest = line.strip().partition(" ")
            self.words[word].append(rest)

    def said(self, word: str) -> list[str]:
        """What followed the word, in each line that begins with it."""
        return self.words.get(word, [])


def start(name: str, arguments: Sequence[str], actors: ExitStack) -> Program:
    """A program of this folder, which ends with `actors`."""
    folder = Path(os.environ.get("MQBIND_BUILD_DIR", "build/dev")).resolve()
    command = [str(folder / "tests" / "soak" / name), *arguments]
    popen = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    program = Program(popen=popen)
    reader = threading.Thread(target=program.read, daemon=True)
    reader.start()
    actors.callback(reader.join, DEADLINE_S)
    actors.callback(popen.wait, DEADLINE_S)
    actors.callback(popen.terminate)
    return program
