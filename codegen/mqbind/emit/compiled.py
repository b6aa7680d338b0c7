"""Compiled templates, kept in the user's cache folder: to compile them takes longer than all that
is done with them."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class CompiledTemplates(BytecodeCache):
    """A folder of compiled templates, which are as good as new while neither the template nor the
    code in `makers` changes. A folder that cannot be used is as good as none."""

    def __init__(self, folder: Path, makers: Iterable[Path]) -> None:
        self._folder = folder
        self._makers = sha256(b"".join(maker.read_bytes() for maker in makers))

    def get_source_checksum(self, source: str) -> str:
        whole = self._makers.copy()
        whole.update(source.encode())
        return whole.hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            with (self._folder / bucket.key).open("rb") as file:
                bucket.load_bytecode(file)
        except (OSError, EOFError, ValueError, pickle.UnpicklingError):
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        # Without a home, the cache would be below the working directory.
        if not self._folder.is_absolute():
            return
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self._folder) as folder:
                result = Path(folder) / bucket.key
                result.write_bytes(bucket.bytecode_to_string())
                result.replace(self._folder / bucket.key)
