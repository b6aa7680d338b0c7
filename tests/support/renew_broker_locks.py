"""Renew the hashes of what setup_brokers.sh downloads; part of `make lock`.

The versions stay as they are: they are chosen by hand, in go.mod, pom.xml and setup_brokers.sh, as
another version can change what docs/brokers.md and docs/fleets.md report.
"""

import hashlib
import os
import re
import subprocess
import tempfile
from pathlib import Path

from tests.support.lint import ROOT

GO_FOLDERS = ("tests/brokers/mochi",)
"""Each has a go.mod and a go.sum."""
MAVEN_FOLDERS = ("tests/brokers/hivemq", "tests/brokers/moquette")
"""Each has a pom.xml, and jars.sha256 with the hash of every file that it needs."""
SETUP = ROOT / "tests" / "support" / "setup_brokers.sh"


def setting(name: str) -> str:
    """The value of a variable of setup_brokers.sh."""
    [value] = re.findall(rf"^{name}=(\S+)$", SETUP.read_text(), re.MULTILINE)
    return str(value)


def lock_go(folder: Path) -> None:
    (folder / "go.sum").unlink(missing_ok=True)
    environment = {**os.environ, "GOTOOLCHAIN": "local", "GOFLAGS": "-mod=mod"}
    subprocess.run(("go", "mod", "tidy"), cwd=folder, env=environment, check=True)


def lock_maven(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as jars:
        maven("copy-dependencies", "-f", str(folder / "pom.xml"), f"-DoutputDirectory={jars}")
        hashes = [f"{sha256(jar)}  {jar.name}\n" for jar in sorted(Path(jars).iterdir())]
    (folder / "jars.sha256").write_text("".join(hashes))


def lock_artemis() -> None:
    artifact = f"org.apache.activemq:apache-artemis:{setting('ARTEMIS')}:tar.gz:bin"
    with tempfile.TemporaryDirectory() as folder:
        maven("copy", f"-Dartifact={artifact}", f"-DoutputDirectory={folder}")
        [archive] = Path(folder).iterdir()
        locked = f"ARTEMIS_SHA256={sha256(archive)}"
    SETUP.write_text(re.sub(r"^ARTEMIS_SHA256=.*$", locked, SETUP.read_text(), flags=re.MULTILINE))


def maven(goal: str, *options: str) -> None:
    plugin = setting("MAVEN_DEPENDENCY")
    subprocess.run(("mvn", "-B", "-q", f"{plugin}:{goal}", *options), cwd=ROOT, check=True)


def sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def lock_brokers() -> None:
    for folder in GO_FOLDERS:
        lock_go(ROOT / folder)
    for folder in MAVEN_FOLDERS:
        lock_maven(ROOT / folder)
    lock_artemis()
