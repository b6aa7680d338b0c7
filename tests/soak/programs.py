"""Programs that the soak starts, and what they say."""

from __future__ import annotations

import os
import subprocess
import threading
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.waiting import DEADLINE_S


def program_path(*parts: str) -> Path:
    """Below the tests of the build."""
    build = Path(os.environ.get("MQBIND_BUILD_DIR", "build/dev")).resolve()
    return build.joinpath("tests", *parts)


def popen(program: Path, arguments: Sequence[str]) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen([program, *arguments], stdin=pipe, stdout=pipe, text=True)


@dataclass(kw_only=True)
class Running(ABC):
    popen: subprocess.Popen[str]

    @abstractmethod
    def hear(self, line: str) -> None: ...

    def _read(self) -> None:
        assert self.popen.stdout
        for line in self.popen.stdout:
            self.hear(line)

    def listen(self, actors: ExitStack) -> None:
        """From now on; the program ends with `actors`."""
        reader = threading.Thread(target=self._read, daemon=True)
        reader.start()
        actors.callback(reader.join, DEADLINE_S)
        actors.callback(self.popen.wait, DEADLINE_S)
        actors.callback(self.popen.terminate)


@dataclass(kw_only=True)
class Program(Running):
    """It says a word in each line, and something about it."""

    words: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def hear(self, line: str) -> None:
        word, _, rest = line.strip().partition(" ")
        self.words[word].append(rest)

    def said(self, word: str) -> list[str]:
        """What followed the word, in each line that begins with it."""
        return self.words.get(word, [])


def start(name: str, arguments: Sequence[str], actors: ExitStack) -> Program:
    """A program of this folder, which ends with `actors`."""
    program = Program(popen=popen(program_path("soak", name), arguments))
    program.listen(actors)
    return program
