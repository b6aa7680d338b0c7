"""A document to generate from, and what comes of it."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.consumers.installation import MQBIND

DOCUMENT = """\
asyncapi: 3.0.0
info: {title: TITLE, version: '1', x-mqbind-role: device, x-mqbind-prefix: PREFIX}
channels:
  ask: {address: ask, messages: {Ask: {description: WORDS, payload: {type: object}}}}
  tell: {address: tell, messages: {Tell: {description: WORDS, payload: {type: object}}}}
operations:
  ask: {action: send, channel: {$ref: '#/channels/ask'}}
  tell: {action: receive, channel: {$ref: '#/channels/tell'}}
"""


def schema(folder: Path, title: str, prefix: str, words: str = "Words.") -> Path:
    file = folder / f"{prefix}.yaml"
    text = DOCUMENT.replace("TITLE", title).replace("PREFIX", prefix).replace("WORDS", words)
    file.write_text(text)
    return file


def generate(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([MQBIND, "generate", *arguments], capture_output=True, text=True)
    assert "Traceback" not in done.stderr
    return done


def refused(done: subprocess.CompletedProcess[str], *names: Path | str) -> bool:
    """One sentence says no."""
    assert (done.returncode, done.stdout) == (2, ""), done
    assert done.stderr.startswith("mqbind: ")
    assert done.stderr.count("\n") == 1
    return all(str(name) in done.stderr for name in names)


def contents(folder: Path) -> dict[str, str]:
    """Every file, by its name; links as what they are."""
    return {
        path.name: f"-> {path.readlink()}" if path.is_symlink() else path.read_text()
        for path in folder.iterdir()
        if path.is_symlink() or path.is_file()
    }
