"""Code is run from the user's cache only if nobody else can have put it there.

As root, "somebody else" is another user; an ordinary user cannot give files away, and so lets the
group write instead.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment
from jinja2.bccache import Bucket

from mqbind import cache
from mqbind.cache import NotPrivate, is_private_file, private_folder, read_private
from mqbind.emit.template_cache import CompiledTemplates
from tests.tools.conftest import Mqbind

ROOT = Path(__file__).parents[2]
FOLOTOY = ROOT / "schema" / "folotoy.yaml"
NOBODY = 65534
LINE = (
    '{"topic": "/sys/folotoy/e465b881d850/thing/command/callAck", '
    '"payload": "{\\"msgId\\":1,\\"identifier\\":\\"iWantPlay\\",\\"outputParams\\":{}}"}\n'
)


def give_away(path: Path) -> None:
    """Let somebody else write there."""
    if os.geteuid() == 0:
        os.chown(path, NOBODY, -1, follow_symlinks=False)
    else:
        path.chmod(path.stat().st_mode | 0o020)


# ---- Folders ----


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "home" / "cache" / "programs"


def test_it_is_made_for_the_user_alone(folder: Path) -> None:
    before = os.umask(0)
    try:
        assert private_folder(folder) == folder
    finally:
        os.umask(before)
    for made in (folder, *folder.parents[:2]):
        assert made.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("mode", [0o700, 0o755, 0o500])
def test_others_may_read(folder: Path, mode: int) -> None:
    private_folder(folder).chmod(mode)
    assert private_folder(folder) == folder


@pytest.mark.parametrize("mode", [0o770, 0o720, 0o777, 0o707, 0o702, 0o1777])
def test_others_must_not_write(folder: Path, mode: int) -> None:
    private_folder(folder).chmod(mode)
    with pytest.raises(NotPrivate, match="is writable by other users"):
        private_folder(folder)


@pytest.mark.parametrize("above", [0, 1])
@pytest.mark.parametrize("mode", [0o775, 0o777, 0o757])
def test_others_must_not_write_above_it(folder: Path, above: int, mode: int) -> None:
    private_folder(folder).parents[above].chmod(mode)
    with pytest.raises(NotPrivate, match=f"`{folder.parents[above]}` is writable by other users"):
        private_folder(folder)


def test_in_a_sticky_folder_nobody_can_take_its_place(folder: Path) -> None:
    private_folder(folder).parents[1].chmod(0o1777)
    assert private_folder(folder) == folder


@pytest.mark.parametrize("above", [None, 0, 1])
def test_it_belongs_to_nobody_else(
    folder: Path, above: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that is there is somebody else's as soon as we are another user; root may own what is
    above."""
    private_folder(folder)
    place = folder if above is None else folder.parents[above]
    owners = {path: path.lstat().st_uid for path in (folder, *folder.parents)}
    status = cache._status

    def seen(path: Path) -> os.stat_result:
        found = list(status(path))
        found[4] = owners[path] + 1 if path == place else owners[path]
        return os.stat_result(found)

    monkeypatch.setattr(cache, "_status", seen)
    with pytest.raises(NotPrivate, match=f"`{place}` belongs to another user"):
        private_folder(folder)


def test_links_above_it_are_followed_and_checked(folder: Path, tmp_path: Path) -> None:
    real = tmp_path / "disk" / "of" / "mine"
    real.mkdir(parents=True)
    folder.parents[1].mkdir()
    folder.parent.symlink_to("../disk/./of/../of/mine")
    assert private_folder(folder) == folder
    assert (real / "programs").is_dir()
    (tmp_path / "disk").chmod(0o777)
    with pytest.raises(NotPrivate, match=f"`{tmp_path}/disk` is writable by other users"):
        private_folder(folder)


def test_it_is_no_link_itself(folder: Path, tmp_path: Path) -> None:
    folder.parent.mkdir(parents=True)
    folder.symlink_to(tmp_path)
    with pytest.raises(NotPrivate, match="is not a directory"):
        private_folder(folder)


def test_links_in_a_circle_end(folder: Path) -> None:
    folder.parents[1].mkdir()
    folder.parent.symlink_to("cache")
    with pytest.raises(NotPrivate, match="too many symbolic links"):
        private_folder(folder)


def test_what_is_no_folder_has_none_in_it() -> None:
    with pytest.raises(NotADirectoryError):
        private_folder(Path("/dev/null/mqbind/programs"))


def test_a_relative_folder_is_none() -> None:
    with pytest.raises(NotPrivate, match="not an absolute path"):
        private_folder(Path("~/cache"))


# ---- Files ----


def test_a_file_of_the_user_counts(folder: Path) -> None:
    file = private_folder(folder) / "file"
    assert not is_private_file(file)
    file.write_text("mine")
    file.chmod(0o644)
    assert is_private_file(file)
    assert read_private(file) == b"mine"


@pytest.mark.parametrize("how", ["group", "others", "away", "link", "fifo", "folder"])
def test_any_other_file_does_not(folder: Path, how: str) -> None:
    file = private_folder(folder) / "file"
    if how == "fifo":
        os.mkfifo(file)
    elif how == "folder":
        file.mkdir()
    elif how == "link":
        (folder / "real").write_text("mine")
        file.symlink_to("real")
    else:
        file.write_text("mine")
        file.chmod({"group": 0o660, "others": 0o606}.get(how, 0o600))
    if how == "away":
        give_away(file)
    assert not is_private_file(file)
    with pytest.raises((NotPrivate, OSError)):
        read_private(file)


# ---- Programs ----


@pytest.fixture
def planted(
    mqbind: Mqbind, environment: dict[str, str], tmp_path: Path
) -> Callable[[], tuple[Path, Path]]:
    """A cache in which every program and object is another one, and the file that these make."""
    filled = Path(environment["XDG_CACHE_HOME"]) / "mqbind" / "hosts"
    assert mqbind("replay", FOLOTOY).returncode == 0
    folder = tmp_path / "cache" / "mqbind" / "hosts"
    folder.parents[1].mkdir(mode=0o700)
    shutil.copytree(filled, folder)
    for part in (folder, folder.parent):
        part.chmod(0o700)
    mark = tmp_path / "it was run"
    for file in folder.iterdir():
        file.write_text(f"#!/bin/sh\ntouch '{mark}'\n")
        file.chmod(0o700)
    return lambda: (folder, mark)


def replay(mqbind: Mqbind, folder: Path) -> tuple[int, str, str]:
    done = mqbind("replay", FOLOTOY, stdin=LINE, XDG_CACHE_HOME=str(folder.parents[1]))
    return done.returncode, done.stdout, done.stderr


def test_what_is_planted_would_be_run(
    mqbind: Mqbind, planted: Callable[[], tuple[Path, Path]]
) -> None:
    """If it were the user's own; so the tests below test something."""
    folder, mark = planted()
    replay(mqbind, folder)
    assert mark.exists()


@pytest.mark.parametrize("how", ["writable", "above", "away", "link"])
def test_nothing_is_run_from_a_folder_of_others(
    mqbind: Mqbind, planted: Callable[[], tuple[Path, Path]], how: str
) -> None:
    folder, mark = planted()
    if how == "link":
        real = folder.rename(folder.parents[1] / "elsewhere")
        folder.symlink_to(real)
    elif how == "away":
        give_away(folder)
    else:
        place = folder if how == "writable" else folder.parents[1]
        place.chmod(0o777)
    status, answers, reported = replay(mqbind, folder)
    assert (status, answers) == (2, "")
    assert reported.startswith("mqbind: the cache is not safe to use: ")
    assert reported.endswith(
        "or set the environment variable XDG_CACHE_HOME to another directory\n"
    )
    assert reported.count("\n") == 1
    assert not mark.exists()


@pytest.mark.parametrize("how", ["away", "link"])
def test_a_file_of_others_is_replaced(
    mqbind: Mqbind, planted: Callable[[], tuple[Path, Path]], tmp_path: Path, how: str
) -> None:
    folder, mark = planted()
    for file in list(folder.iterdir()):
        if how == "link":
            (tmp_path / "scripts").mkdir(exist_ok=True)
            file.rename(tmp_path / "scripts" / file.name)
            file.symlink_to(tmp_path / "scripts" / file.name)
        else:
            give_away(file)
    status, answers, _ = replay(mqbind, folder)
    assert status == 0
    assert answers.startswith("{")
    assert not mark.exists()
    if how == "link":
        for file in (tmp_path / "scripts").iterdir():
            assert "it was run" in file.read_text()


# ---- Templates ----


@pytest.mark.parametrize("how", ["mine", "away", "link", "folder"])
def test_templates_of_others_are_not_run(tmp_path: Path, how: str) -> None:
    (tmp_path / "maker").write_text("")
    folder = tmp_path / "cache"

    def text() -> str:
        kept = CompiledTemplates(folder, [tmp_path / "maker"])
        return (
            Environment(loader=DictLoader({"t": "good"}), bytecode_cache=kept)
            .get_template("t")
            .render()
        )

    assert text() == "good"
    [file] = folder.iterdir()
    environment = Environment()
    kept = CompiledTemplates(folder, [tmp_path / "maker"])
    bucket = Bucket(environment, file.name, kept.get_source_checksum("good"))
    bucket.code = environment.compile("planted", "t", "t")
    file.write_bytes(bucket.bytecode_to_string())
    if how == "away":
        give_away(file)
    elif how == "link":
        file.rename(tmp_path / "elsewhere")
        file.symlink_to(tmp_path / "elsewhere")
    elif how == "folder":
        folder.chmod(0o777)
    assert text() == ("planted" if how == "mine" else "good")
