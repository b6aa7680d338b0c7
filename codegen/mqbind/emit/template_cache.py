"""Compiled templates, kept in the user's cache, because compiling them takes longer than using
them. They are code, so they are used only if nobody else can have put them there."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from mqbind.cache import NotPrivate, private_folder, read_private


class CompiledTemplates(BytecodeCache):
    """A folder of compiled templates, which are valid while neither the template nor the code in
    `makers` changes. A folder that cannot be used is ignored."""

    def __init__(self, folder: Path, makers: Iterable[Path]) -> None:
        self._folder = folder
        self._makers = sha256(b"".join(maker.read_bytes() for maker in makers))

    def get_source_checksum(self, source: str) -> str:
        whole = self._makers.copy()
        whole.update(source.encode())
        return whole.hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            bucket.bytecode_from_string(read_private(private_folder(self._folder) / bucket.key))
        except (OSError, NotPrivate, EOFError, ValueError, pickle.UnpicklingError):
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError, NotPrivate):
            cache = private_folder(self._folder)
            with tempfile.TemporaryDirectory(dir=cache) as folder:
                result = Path(folder) / bucket.key
                result.touch(mode=0o600)
                result.write_bytes(bucket.bytecode_to_string())
                result.replace(cache / bucket.key)
