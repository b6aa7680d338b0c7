"""jsmn.h alone, for cross compilers: the headers that lie beside it are not for their machines."""

from __future__ import annotations

import shutil
from pathlib import Path


def copy_jsmn(folder: Path) -> None:
    for found in (Path("/usr/include/jsmn.h"), Path("/usr/local/include/jsmn.h")):
        if found.exists():
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(found, folder)
            return
    raise SystemExit("jsmn.h is missing (Debian: apt-get install libjsmn-dev)")
