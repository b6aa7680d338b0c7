"""What a document refers to is read inside its root directory, and nowhere else."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from mqbind.diagnostics import Diagnostics
from mqbind.load import Options, load
from mqbind.load.document import allowed_folders
from tests.consumers.installation import MQBIND
from tests.support.waiting import DEADLINE_S

DOCUMENT = """\
asyncapi: 3.0.0
info: {title: T, version: 1.0.0}
channels:
  c:
    address: a
    messages:
      M:
        payload: {$ref: 'REFERENCE'}
operations: {o: {action: send, channel: {$ref: '#/channels/c'}}}
"""
SECRET = "root:x-secret: :0:x-secret: 'x-secret\nx-secret: [\n"
"""No diagnostic may have a word of it."""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder with the document's one, some beside it, and something that is nobody's business:

    all/project/schema/t.yaml, all/project/common/size.yaml, all/elsewhere/{secret,size.yaml}
    """
    top = tmp_path / "all"
    for folder in ("project/schema/inner", "project/common", "elsewhere"):
        (top / folder).mkdir(parents=True)
    for folder in ("project/common", "elsewhere"):
        (top / folder / "size.yaml").write_text("{type: integer, minimum: 0}\n")
    (top / "elsewhere" / "secret").write_text(SECRET)
    return top


def findings(document: Path, reference: str | Path, options: Options | None = None) -> list[str]:
    """What is found in a document with this reference."""
    document.write_text(DOCUMENT.replace("REFERENCE", str(reference)))
    return read(document, options)


def read(document: Path, options: Options | None = None) -> list[str]:
    diagnostics = Diagnostics()
    load(str(document), diagnostics, options)
    found = [str(each) for each in diagnostics]
    assert not [each for each in found if "x-secret" in each]
    return found


def is_refused(found: Sequence[str], document: Path, root: Path) -> bool:
    """There is one finding, at the reference, and it names the root."""
    [line] = found
    return line.startswith(f"{document}:8:25: error: ") and (
        f"is outside the root directory `{root}`; move the file inside, name a parent directory "
        "with `--root`, or allow its directory with `--map`" in line
    )


# ---- Which folder is the root ----


def test_without_a_repository_it_is_the_parent_of_the_folder(tree: Path) -> None:
    document = tree / "project/schema/t.yaml"
    assert findings(document, "../common/size.yaml") == []
    assert is_refused(findings(document, "../../elsewhere/size.yaml"), document, tree / "project")


def test_in_a_repository_it_is_its_top(tree: Path) -> None:
    document = tree / "project/schema/inner/t.yaml"
    assert is_refused(findings(document, "../../common/size.yaml"), document, document.parents[1])
    (tree / "project" / ".git").mkdir()
    assert findings(document, "../../common/size.yaml") == []
    refused = findings(document, "../../../elsewhere/size.yaml")
    assert is_refused(refused, document, tree / "project")


def test_the_nearest_repository_counts(tree: Path) -> None:
    """In a submodule and in a work tree `.git` is a file."""
    (tree / ".git").mkdir()
    (tree / "project" / ".git").write_text("gitdir: ../.git/modules/project\n")
    document = tree / "project/schema/t.yaml"
    assert findings(document, "../common/size.yaml") == []
    assert is_refused(findings(document, "../../elsewhere/size.yaml"), document, tree / "project")


def test_it_is_never_the_whole_file_system() -> None:
    assert allowed_folders.default_root("/t.yaml") == Path("/")
    assert allowed_folders.default_root("/nowhere/t.yaml") == Path("/nowhere")
    assert allowed_folders.default_root("/nowhere/at/all/t.yaml") == Path("/nowhere/at")


def test_the_user_sets_it(tree: Path) -> None:
    document = tree / "project/schema/t.yaml"
    reference = "../../elsewhere/size.yaml"
    assert findings(document, reference, Options(root=tree)) == []
    narrow = Options(root=tree / "project/schema")
    found = findings(document, "../common/size.yaml", narrow)
    assert is_refused(found, document, tree / "project/schema")


def test_a_mapped_folder_is_open(tree: Path) -> None:
    document = tree / "project/schema/t.yaml"
    options = Options(folders={"https://a.b/": tree / "elsewhere"})
    assert findings(document, "../../elsewhere/size.yaml", options) == []
    assert findings(document, "https://a.b/size.yaml", options) == []
    (tree / "beyond").mkdir()
    (tree / "beyond" / "size.yaml").write_text(SECRET)
    for way in ("../beyond/size.yaml", "%2e%2e/beyond/size.yaml", "%2e%2e%2fbeyond%2fsize.yaml"):
        refused = findings(document, f"https://a.b/x/../{way}", options)
        assert len(refused) == 1
        refused = findings(document, f"https://a.b/{way}", options)
        assert len(refused) == 1


# ---- How a file may be named ----


@pytest.mark.parametrize("form", ["{}", "file://{}", "file:{}", "file://localhost{}", "FILE://{}"])
def test_an_absolute_path_counts_by_where_it_leads(tree: Path, form: str) -> None:
    document = tree / "project/schema/t.yaml"
    assert findings(document, form.format(tree / "project/common/size.yaml")) == []
    refused = findings(document, form.format(tree / "elsewhere/secret"))
    assert is_refused(refused, document, tree / "project")
    refused = findings(document, form.format(tree / "project/common/../../elsewhere/secret"))
    assert is_refused(refused, document, tree / "project")


@pytest.mark.parametrize(
    "reference",
    [
        "../../elsewhere/secret",
        "../common/../../elsewhere/secret",
        "%2e%2e/%2e%2e/elsewhere/secret",
        "..%2F..%2Felsewhere%2Fsecret",
        "..//..//elsewhere//secret",
        "inner/../../../elsewhere/secret",
        "nowhere/../../../elsewhere/secret#/a",
        "../../elsewhere/is/not/there",
        "../../../../../../../../../../../etc/shadow",
    ],
)
def test_no_way_leads_out(tree: Path, reference: str) -> None:
    """Nor can anybody find out whether a file exists."""
    document = tree / "project/schema/t.yaml"
    assert is_refused(findings(document, reference), document, tree / "project")


@pytest.mark.parametrize(
    ("reference", "complaint"),
    [
        ("//elsewhere/secret", "`file://elsewhere/secret` is not a file"),
        ("file://host/secret", "`file://host/secret` is not a file"),
        ("http://[", "`http://[` is not a file"),
        ("////[v1.", "is not a file"),
        ("t.yaml%00.json", "t.yaml\\x00.json`: its name contains a NUL character"),
        ("a%0A%1B[31mb", "a\\n\\x1b[31mb`: No such file or directory"),
        ("%ff%fe.yaml", "cannot read"),
        ("C:/elsewhere/secret", "cannot read"),
        ("C:\\elsewhere\\secret", "cannot read"),
        ("..\\..\\elsewhere\\secret", "cannot read"),
        ("\\\\host\\secret", "cannot read"),
        ("x" * 300, "cannot read"),
        ("../common", "is not a file"),
        ("..", "is not a file"),
    ],
)
def test_what_names_no_file_is_reported(tree: Path, reference: str, complaint: str) -> None:
    document = tree / "project/schema/t.yaml"
    [found] = findings(document, reference)
    assert found.startswith(f"{document}:8:25: error: ")
    assert complaint in found
    assert found.isprintable()


def test_an_identifier_that_is_no_uri_names_nothing(tree: Path) -> None:
    document = tree / "project/schema/t.yaml"
    (tree / "project/common/size.yaml").write_text("{$id: 'http://[', type: integer}\n")
    assert findings(document, "../common/size.yaml") == []


def test_what_is_referred_to_refers_no_further(tree: Path) -> None:
    document = tree / "project/schema/t.yaml"
    between = tree / "project/common/between.yaml"
    between.write_text("\n{$ref: ../../elsewhere/secret}\n")
    [found] = findings(document, "../common/between.yaml")
    assert found.startswith(f"{between}:2:8: error: ")
    assert "is outside the root directory" in found


# ---- Links ----


@pytest.mark.parametrize("absolute", [True, False])
def test_a_link_counts_by_where_it_leads(tree: Path, absolute: bool) -> None:
    document = tree / "project/schema/t.yaml"

    def link(name: str, target: str) -> None:
        (tree / "project/schema" / name).symlink_to(
            tree / target if absolute else f"../../{target}"
        )

    link("good.yaml", "project/common/size.yaml")
    link("good", "project/common")
    link("bad.yaml", "elsewhere/secret")
    link("bad", "elsewhere")
    link("twice.yaml", "project/schema/bad.yaml")
    for reference in ("good.yaml", "good/size.yaml"):
        assert findings(document, reference) == []
    for reference in ("bad.yaml", "bad/secret", "bad/size.yaml", "twice.yaml", "good/../bad.yaml"):
        found = findings(document, reference)
        assert is_refused(found, document, tree / "project")
        assert f"links to `{tree}/elsewhere/" in found[0]


def test_a_link_to_itself_is_reported(tree: Path) -> None:
    document = tree / "project/schema/t.yaml"
    (tree / "project/schema/loop.yaml").symlink_to("loop.yaml")
    [found] = findings(document, "loop.yaml")
    assert "cannot read" in found


def test_the_document_may_be_a_link_inside_its_root(tree: Path) -> None:
    real = tree / "project/common/real.yaml"
    real.write_text(DOCUMENT.replace("REFERENCE", "../common/size.yaml"))
    document = tree / "project/schema/t.yaml"
    document.symlink_to("../common/real.yaml")
    assert read(document) == []


@pytest.mark.parametrize("overlay", [False, True])
def test_the_document_and_an_overlay_must_not_lead_out(tree: Path, overlay: bool) -> None:
    link = tree / "project/schema/link.yaml"
    link.symlink_to(tree / "elsewhere/secret")
    document = tree / "project/schema/t.yaml"
    document.write_text(DOCUMENT.replace("REFERENCE", "../common/size.yaml"))
    options = Options(overlays=(link,)) if overlay else None
    [found] = read(document if overlay else link, options)
    assert found.startswith(f"{link}:1:1: error: `{link}` links to `{tree}/elsewhere/secret`, ")
    assert f"is outside the root directory `{tree}/project`" in found


def test_what_the_user_names_may_be_anywhere(tree: Path) -> None:
    """The folders on the way to it may be links, and then the root is where it really is."""
    (tree / "project/schema/t.yaml").write_text(DOCUMENT.replace("REFERENCE", "size.yaml"))
    (tree / "project/common/size.yaml").rename(tree / "project/schema/size.yaml")
    overlay = tree / "elsewhere/overlay.yaml"
    overlay.write_text(
        "overlay: 1.0.0\ninfo: {title: O, version: '1'}\n"
        "actions: [{target: $.info, update: {x-mqbind-role: lamp}}]\n"
    )
    (tree / "way").symlink_to("project/schema")
    options = Options(overlays=(overlay,), root=tree / "project")
    assert read(tree / "way/t.yaml", options) == []
    assert read(tree / "way/t.yaml") == []


def test_what_an_overlay_brings_obeys_the_root(tree: Path) -> None:
    document = tree / "project/schema/t.yaml"
    document.write_text(DOCUMENT.replace("REFERENCE", "../common/size.yaml"))
    overlay = tree / "elsewhere/overlay.yaml"
    overlay.write_text(
        "overlay: 1.0.0\ninfo: {title: O, version: '1'}\nactions:\n"
        "  - target: $.channels.c.messages.M.payload\n"
        "    update: {$ref: '../../elsewhere/secret'}\n"
    )
    [found] = read(document, Options(overlays=(overlay,)))
    assert found.startswith(f"{overlay}:5:20: error: ")
    assert "is outside the root directory" in found


# ---- What is not a file, and what changes meanwhile ----


@pytest.mark.parametrize("place", ["reference", "document", "overlay"])
@pytest.mark.parametrize("kind", ["fifo", "folder", "/dev/zero", "/dev/stdin", "/dev/tty"])
def test_only_files_are_opened(tree: Path, kind: str, place: str) -> None:
    """A FIFO would keep us waiting, /dev/zero has no end."""
    path = tree / "project/schema/special.yaml"
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        path = Path(kind)
    document = tree / "project/schema/t.yaml"
    document.write_text(DOCUMENT.replace("REFERENCE", str(path if place == "reference" else "#")))
    named = path if place == "document" else document
    overlay = ("--overlay", path) if place == "overlay" else ()
    done = subprocess.run(
        [MQBIND, "check", named, "--root", "/", *overlay],
        stdin=subprocess.PIPE,
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
    )
    assert done.returncode == 1
    at = f"{document}:8:25: " if place == "reference" else f"{path}:1:1: "
    assert done.stderr.startswith(f"{at}error: ")
    assert done.stderr.count("\n") == 1


def test_a_file_that_does_not_tell_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of /proc say 0."""
    monkeypatch.setattr(allowed_folders, "BYTES_MAX", 10)
    [found] = read(Path("/proc/self/status"), Options(root=Path("/")))
    assert "is larger than 10 bytes" in found


@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_link_that_comes_meanwhile_is_not_followed(
    tree: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    document = tree / "project/schema/t.yaml"
    reader = allowed_folders._read

    def swap(path: str, folder: Path, real: Path) -> bytes:
        if real.name == "size.yaml":
            place = real if what == "file" else real.parent
            place.rename(tree / "old")
            place.symlink_to(tree / "elsewhere")
            if what == "file":
                place.unlink()
                place.symlink_to(tree / "elsewhere/secret")
        return reader(path, folder, real)

    monkeypatch.setattr(allowed_folders, "_read", swap)
    (tree / "elsewhere/size.yaml").write_text(SECRET)
    [found] = findings(document, "../common/size.yaml")
    assert "cannot read" in found


def test_a_fifo_that_comes_meanwhile_is_not_waited_for(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = tree / "project/schema/t.yaml"
    checks = iter([True])
    check = allowed_folders._check_regular

    def swap(path: str, status: os.stat_result) -> None:
        check(path, status)
        if path.endswith("size.yaml") and next(checks, False):
            (tree / "project/common/size.yaml").unlink()
            os.mkfifo(tree / "project/common/size.yaml")

    monkeypatch.setattr(allowed_folders, "_check_regular", swap)
    [found] = findings(document, "../common/size.yaml")
    assert "is not a file" in found


# ---- The command line ----


@pytest.mark.parametrize("command", ["check", "generate", "inspect", "replay"])
def test_every_command_knows_the_root(tree: Path, command: str) -> None:
    document = tree / "project/schema/t.yaml"
    document.write_text(DOCUMENT.replace("REFERENCE", "../../elsewhere/secret"))
    output = ("-o", tree / "out") if command == "generate" else ()

    def run(*options: str | Path) -> str:
        line: list[str | Path] = [MQBIND, command, document, *output, *options]
        done = subprocess.run(line, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        assert done.returncode != 0
        return done.stderr

    assert "is outside the root directory" in run()
    assert "is outside the root directory" in run("--root", tree / "project")
    assert f"{tree}/elsewhere/secret:" in run("--root", tree)
    assert "x-secret" not in run("--root", tree / "project")
    assert "Directory '' does not exist" in run("--root", "")
    assert "does not exist" in run("--root", tree / "nowhere")


def test_the_depfile_names_what_was_read(tree: Path) -> None:
    document = tree / "project/schema/t.yaml"
    (tree / "project/schema/link.yaml").symlink_to("../common/size.yaml")
    document.write_text(DOCUMENT.replace("REFERENCE", f"file://{tree}/project/schema/link.yaml"))
    output = ("-o", tree / "out", "--depfile", tree / "out.d")
    subprocess.run([MQBIND, "generate", document, *output], check=True, capture_output=True)
    sources = (tree / "out.d").read_text().splitlines()[0].split(": ")[1].split()
    assert sources[:2] == [str(document), f"{tree}/project/common/size.yaml"]
