"""What `generate` does to a directory, and to what is in it already."""

from __future__ import annotations

import errno
import fcntl
import itertools
import os
import subprocess
import sys
import time
import types
from collections.abc import Mapping
from pathlib import Path
from threading import Thread

import pytest

from mqbind.diagnostics import Diagnostics
from mqbind.emit import write as writing
from mqbind.emit.banner import title_in
from mqbind.emit.write import Refused, compare, write
from mqbind.pipeline import compile_schema
from tests.consumers.installation import MQBIND
from tests.support.codec import compile_c
from tests.support.waiting import DEADLINE_S

ROOT = Path(__file__).parents[2]
SCHEMAS = sorted((ROOT / "schema").glob("*.yaml"))
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


@pytest.fixture
def door(tmp_path: Path) -> Path:
    return schema(tmp_path, "Door", "door")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


# ---- The banner ----


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)
def test_every_generated_file_names_its_document(path: Path) -> None:
    files = compile_schema(path, Diagnostics()).files
    titles = {title_in(name, text) for name, text in files.items()}
    assert len(titles) == 1
    assert None not in titles


TITLES = [
    "Door",
    "'*/ int x; /*'",
    "'--> <b> -- --!> <!--'",
    "'say \"door\"'",
    "'back\\slash ??/ ?='",
    '"two\\nexecute_process(COMMAND touch injected)\\nlines"',
    '"bell\\a, escape\\e[31m, next\\u0085line, \\u2028"',
    "'" + "long " * 60 + "'",
    "'Tür 门 дверь'",
]


@pytest.mark.parametrize("title", TITLES)
def test_any_title_is_known_again(tmp_path: Path, out: Path, title: str) -> None:
    file = schema(tmp_path, title, "door")
    write(out, compile_schema(file, Diagnostics()).files)
    again = compile_schema(schema(tmp_path, title, "door", "Others."), Diagnostics()).files
    assert write(out, again).different == ("door_ask.h", "door_tell.h")
    for source in sorted(out.glob("*.c")):
        compile_c("gcc", [source], tmp_path / "object", "-c", "-I", str(out))
    (tmp_path / "list.cmake").write_text(
        f'include("{out}/door.cmake")\nlist(JOIN DOOR_SOURCES " " all)\nmessage("${{all}}")\n'
    )
    told = subprocess.run(
        ["cmake", "-P", tmp_path / "list.cmake"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )
    assert set(told.stderr.split()) == {str(path) for path in out.glob("*.c")}
    assert not (tmp_path / "injected").exists()
    assert (out / "README.md").read_text().splitlines()[2].count("-->") == 1


def test_titles_that_begin_alike_are_not_the_same(tmp_path: Path, out: Path) -> None:
    first, second = (f"{'Long ' * 60}{end}" for end in ("one", "two"))
    write(out, compile_schema(schema(tmp_path, first, "door"), Diagnostics()).files)
    with pytest.raises(Refused):
        write(out, compile_schema(schema(tmp_path, second, "door"), Diagnostics()).files)


# ---- What is in the way ----

FOREIGN = {
    "README.md": "# My project\n",
    "door.cmake": "set(DOOR_SOURCES mine.c)\n",
    "door_ask.h": "#define MINE\n",
    "door_tell.c": "/* by hand */\n",
}


@pytest.mark.parametrize("name", FOREIGN)
def test_a_foreign_file_is_refused(door: Path, out: Path, name: str) -> None:
    """All or nothing: no other file is written either."""
    (out / name).write_text(FOREIGN[name])
    assert refused(generate(door, "-o", out), out / name, "`--force`", '"Door"')
    assert contents(out) == {name: FOREIGN[name]}
    assert [path.name for path in out.iterdir()] == [name]
    assert refused(generate(door, "-o", out, "--list-outputs"), out / name, "`--force`")
    assert generate(door, "-o", out, "--check").returncode == 1
    done = generate(door, "-o", out, "--force")
    assert done.returncode == 0
    assert generate(door, "-o", out, "--check").returncode == 0


def test_several_are_counted(door: Path, out: Path) -> None:
    for name, text in FOREIGN.items():
        (out / name).write_text(text)
    assert refused(generate(door, "-o", out), f"`{out}/README.md` and 3 more were not generated")
    assert contents(out) == FOREIGN


QUOTES = """\
# Notes

The first lines are:

<!-- BANNER Do not edit: change the schema, then generate again. -->

    /*
     * notes.h
     *
     * BANNER
     * Do not edit: change the schema, then generate again.
     */
"""


@pytest.mark.parametrize(
    "name", ["README.md", "notes.md", "notes.h", "door_old.c", "door_old.cmake"]
)
def test_a_note_that_quotes_the_banner_is_not_ours(door: Path, out: Path, name: str) -> None:
    """Neither is a copy under another name."""
    banner = 'Generated by mqbind from door.yaml, "Door".'
    note = QUOTES.replace("BANNER", banner)
    (out / name).write_text(note)
    if name == "README.md":
        assert refused(generate(door, "-o", out), out / name)
        return
    generate(door, "-o", out)
    (out / "copy.c").write_text((out / "door_ask.c").read_text())
    done = generate(door, "-o", out, "--operations", "tell")
    assert "2 removed" in done.stdout
    assert contents(out)[name] == note
    assert "copy.c" in contents(out)


def test_two_documents_do_not_share_a_directory(tmp_path: Path, door: Path, out: Path) -> None:
    assert generate(door, "-o", out).returncode == 0
    first = contents(out)
    lamp = schema(tmp_path, "Lamp", "lamp")
    assert refused(generate(lamp, "-o", out), out / "README.md", '"Lamp"', "`--force`")
    assert contents(out) == first
    assert generate(lamp, "-o", out, "--force").returncode == 0
    both = contents(out)
    assert both.pop("README.md") != first.pop("README.md")
    assert first.items() <= both.items()
    assert "lamp_ask.c" in both


def test_an_old_file_of_the_same_document_goes(door: Path, out: Path) -> None:
    generate(door, "-o", out)
    done = generate(door, "-o", out, "--operations", "tell")
    assert "2 removed" in done.stdout
    assert not {"door_ask.c", "door_ask.h"} & set(contents(out))


def test_a_directory_in_the_way_stays(door: Path, out: Path) -> None:
    (out / "door_ask.h").mkdir()
    for force in ((), ("--force",)):
        assert refused(generate(door, "-o", out, *force), out / "door_ask.h")
        assert [path.name for path in out.iterdir()] == ["door_ask.h"]


def test_a_fifo_in_the_way_is_not_opened(door: Path, out: Path) -> None:
    os.mkfifo(out / "README.md")
    assert refused(generate(door, "-o", out), out / "README.md")
    os.mkfifo(out / "door_old.h")
    assert generate(door, "-o", out, "--force").returncode == 0
    assert (out / "README.md").is_file()
    assert (out / "door_old.h").is_fifo()


# ---- Links ----


def test_no_link_in_the_directory_is_followed(tmp_path: Path, door: Path, out: Path) -> None:
    """Not to write, not to remove, and not to know a file by its banner."""
    generate(door, "-o", tmp_path / "other")
    before = contents(tmp_path / "other")
    (out / "door_ask.h").symlink_to(tmp_path / "other/door_ask.h")
    (out / "door_tell.h").symlink_to(tmp_path / "nowhere")
    (out / "door_old.h").symlink_to(tmp_path / "other/door_device.h")
    other = schema(tmp_path, "Door", "door", "Other words.")
    links = contents(out)
    assert refused(generate(other, "-o", out), out / "door_ask.h", " and 1 more")
    assert contents(out) == links
    assert generate(other, "-o", out, "--force").returncode == 0
    assert contents(tmp_path / "other") == before
    assert not (tmp_path / "nowhere").exists()
    assert (out / "door_old.h").is_symlink()
    assert not (out / "door_ask.h").is_symlink()


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("there", [False, True])
def test_the_directory_must_not_be_a_link(
    tmp_path: Path, door: Path, force: bool, there: bool
) -> None:
    real = tmp_path / "real"
    if there:
        real.mkdir()
    (tmp_path / "link").symlink_to("real")
    options = ("--force",) if force else ()
    assert refused(generate(door, "-o", tmp_path / "link", *options), tmp_path / "link", real)
    assert refused(generate(door, "-o", f"{tmp_path}/link/", "--check"), real)
    assert real.exists() == there
    assert not there or not list(real.iterdir())


def test_a_link_on_the_way_is_the_users(tmp_path: Path, door: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "way").symlink_to("real")
    assert generate(door, "-o", tmp_path / "way/out").returncode == 0
    assert (tmp_path / "real/out/README.md").exists()


# ---- All or nothing ----


def test_an_empty_name_is_no_directory(tmp_path: Path, door: Path) -> None:
    done = subprocess.run(
        [MQBIND, "generate", door, "-o", ""], cwd=tmp_path, capture_output=True, text=True
    )
    assert refused(done, "Invalid value for '-o'")
    assert [path.name for path in tmp_path.iterdir()] == ["door.yaml"]


def test_files_are_replaced_and_not_written_into(door: Path, out: Path) -> None:
    """Who has the old file open, or a second name for it, keeps the old text."""
    generate(door, "-o", out)
    old = (out / "door_ask.h").read_text()
    os.link(out / "door_ask.h", out / "mine")
    generate(schema(door.parent, "Door", "door", "Others."), "-o", out)
    assert "Others." in (out / "door_ask.h").read_text()
    assert (out / "mine").read_text() == old


def test_what_fails_in_the_middle_leaves_all_as_it_was(
    door: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(out, compile_schema(door, Diagnostics()).files)
    before = contents(out)
    files = compile_schema(schema(door.parent, "Door", "door", "Others."), Diagnostics()).files
    opened = iter([True, True])

    def fill_the_disk(fd: int, mode: str) -> object:
        if mode == "wb" and not next(opened, False):
            os.close(fd)
            raise OSError(errno.ENOSPC, "No space left on device")
        return os.fdopen(fd, mode)

    monkeypatch.setattr(
        writing, "os", types.SimpleNamespace(**vars(os) | {"fdopen": fill_the_disk})
    )
    with pytest.raises(OSError, match="No space"):
        write(out, {**files, "a.c": "", "b.c": ""})
    assert contents(out) == before
    assert {path.name for path in out.iterdir()} == set(before)


def test_the_umask_decides_who_may_read(door: Path, out: Path) -> None:
    before = os.umask(0o027)
    try:
        write(out, compile_schema(door, Diagnostics()).files)
    finally:
        os.umask(before)
    assert {path.stat().st_mode & 0o777 for path in out.iterdir()} == {0o640}


# ---- At once ----


def outcomes(out: Path, documents: Mapping[Path, tuple[str, ...]]) -> list[dict[str, str]]:
    """What each document gives alone."""
    found = []
    for number, (document, options) in enumerate(documents.items()):
        folder = out.parent / f"alone{number}"
        assert generate(document, "-o", folder, *options).returncode == 0
        found.append(contents(folder))
    return found


RACE = """\
import sys
from pathlib import Path
from mqbind.diagnostics import Diagnostics
from mqbind.emit.write import Refused, write
from mqbind.pipeline import compile_schema
files = compile_schema(Path(sys.argv[1]), Diagnostics()).files
print("ready", flush=True)
sys.stdin.readline()
for _ in range(int(sys.argv[3])):
    try:
        write(Path(sys.argv[2]), files)
        print("done", flush=True)
    except Refused:
        print("refused", flush=True)
"""


def race(out: Path, documents: list[Path], rounds: int) -> list[list[str]]:
    """What each of several processes says that write at the same time, again and again."""
    command = [sys.executable, "-c", RACE]
    processes = [
        subprocess.Popen(
            [*command, document, out, str(rounds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for document in documents
    ]
    for process in processes:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    said = [process.communicate(timeout=DEADLINE_S)[0].split() for process in processes]
    assert all(process.returncode == 0 for process in processes)
    return said


def test_two_versions_at_once_leave_one_of_them(tmp_path: Path, out: Path) -> None:
    """Never files of both."""
    documents = []
    for words in ("One.", "Two.", "Three."):
        (tmp_path / words).mkdir()
        documents.append(schema(tmp_path / words, "Door", "door", words))
    alone = outcomes(out, dict.fromkeys(documents, ()))
    said = race(out, documents, 40)
    assert set(itertools.chain(*said)) == {"done"}
    assert contents(out) in alone
    assert {path.name for path in out.iterdir()} == set(alone[0])


def test_of_two_documents_at_once_one_is_refused(tmp_path: Path, out: Path) -> None:
    documents = [schema(tmp_path, "Door", "door"), schema(tmp_path, "Lamp", "lamp")]
    alone = outcomes(out, dict.fromkeys(documents, ()))
    said = race(out, documents, 20)
    assert sorted(map(set, said), key=sorted) == [{"done"}, {"refused"}]
    assert contents(out) == alone[said.index(["done"] * 20)]


def test_one_at_a_time_compares_and_writes(
    door: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside: list[str] = []
    changes, replace = writing._changes, writing._replace

    def enter(opened: int, files: Mapping[str, str]) -> writing.Changes:
        inside.append("enters")
        time.sleep(0.05)
        return changes(opened, files)

    def leave(opened: int, texts: Mapping[str, str]) -> None:
        replace(opened, texts)
        inside.append("leaves")

    monkeypatch.setattr(writing, "_changes", enter)
    monkeypatch.setattr(writing, "_replace", leave)
    files = compile_schema(door, Diagnostics()).files
    threads = [Thread(target=write, args=(out, files)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert inside == ["enters", "leaves"] * 4


def test_who_keeps_the_lock_is_not_waited_for_without_end(
    door: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "_LOCK_PAUSE_S", 0)
    files = compile_schema(door, Diagnostics()).files
    holder = os.open(out, os.O_RDONLY)
    fcntl.flock(holder, fcntl.LOCK_EX)
    with pytest.raises(Refused, match=r"keeps .* locked"):
        write(out, files)
    assert not list(out.iterdir())
    os.close(holder)
    write(out, files)
    assert compare(out, files).none
