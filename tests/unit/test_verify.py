"""`verify`: a published copy, in a folder or behind a server, held to the manifest; `sha256sum` reads it as well."""

import functools
import gzip
import http.server
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gongshi import manifest, verify
from gongshi.problems import UsageError
from tests.conftest import TODAY

HASH = "0" * 64


@pytest.fixture
def site(content: Path, run) -> Path:
    """The small good site with compressed copies, and a file whose name is not ASCII, published below `网 站`."""
    folder = content / "notices/2025/water-2025"
    folder.mkdir()
    (folder / "登记 表.csv").write_text("序号,事项\n1,管网\n", "utf-8")
    with (content / "notices/2025/water-2025.yaml").open("a") as notice:
        notice.write("attachments: [{title: 登记表, file: 登记 表.csv}]\n")
    assert run("--today", TODAY, "--compress", "gz")[0] == 0
    shutil.copytree("site", "public/sub")
    shutil.rmtree("public/sub/.gongshi")
    return Path("public/sub")


def test_sha256sum_can_check_it_and_it_names_every_file(site: Path):
    done = subprocess.run(
        ["sha256sum", "--strict", "--quiet", "-c", "manifest.sha256"], cwd=site, capture_output=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    named = [line.partition("  ")[2] for line in (site / "manifest.sha256").read_text("utf-8").splitlines()]
    files = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    assert named == sorted(files - {"manifest.sha256"})
    assert {"index.html.gz", "notices/water-2025/登记 表.csv", "404.html", "search/manifest.json"} <= set(named)


def test_an_edit_changes_the_manifest_and_no_edit_does_not(site: Path, content: Path, run):
    made = Path("site/manifest.sha256")
    before = made.stat().st_mtime_ns, made.read_bytes()
    run("--today", TODAY, "--compress", "gz", "--no-cache")
    assert (made.stat().st_mtime_ns, made.read_bytes()) == before
    page = content / "pages/about.md"
    page.write_text(page.read_text("utf-8") + "\n又一段。\n", "utf-8")
    run("--today", TODAY, "--compress", "gz")
    old, new = (set(text.splitlines()) for text in (before[1], made.read_bytes()))
    assert {line.split(b"  ")[1] for line in old ^ new} == {b"about/index.html", b"about/index.html.gz"}


# A folder


def test_a_folder_that_is_the_same(site: Path, run):
    assert run("verify", "public/sub") == (0, f"public/sub 与清单一致：{_count(site)} 个文件。\n", "")


def test_a_folder_that_is_not(site: Path, run):
    page = site / "index.html"
    page.write_bytes(page.read_bytes().replace("示例".encode(), "示列".encode()))
    (site / "robots.txt").unlink()
    (site / "data" / "notices.json").unlink()
    (site / "data" / "notices.json").symlink_to(Path("site/data/notices.json").resolve())
    (site / "notices" / "假.html").write_text("x")
    code, said, _ = run("verify", "public/sub")
    assert code == 1
    assert said.splitlines() == [
        "缺少：data/notices.json",
        "缺少：robots.txt",
        "不同：index.html",
        "多出：notices/假.html",
        f"public/sub 与清单不一致：清单有 {_count(site)} 个文件，缺少 2 个，不同 1 个，多出 1 个。",
    ]


def test_without_an_own_build_a_copy_is_compared_with_itself_and_that_is_said(site: Path, run):
    shutil.rmtree("site")
    code, said, _ = run("verify", "public/sub")
    assert code == 0
    assert "只能说明它自己前后一致" in said
    code, said, _ = run("verify", "public/sub", "--manifest", "public/sub/manifest.sha256")
    assert (code, "只能说明" in said) == (0, False)


def test_the_own_output_is_compared_with_itself_and_that_is_said(site: Path, run):
    code, said, _ = run("verify", "site")
    assert code == 0
    assert "只能说明它自己前后一致" in said


def test_places_that_are_none(site: Path, run, tmp_path: Path):
    (tmp_path / "空").mkdir()
    for arguments, words in (
        (["nowhere"], "找不到文件夹 nowhere"),
        (["空", "--output", "空"], "空 里没有 manifest.sha256；请用 --manifest 指定一份清单"),
        (["public/sub", "--manifest", "没有"], "没有"),
        (["https://user@host/"], "不是网站的网址"),
        (["http://[::1/"], "不是网站的网址"),
        (["https://host/?a=b"], "不是网站的网址"),
        (["http://127.0.0.1:9/"], "请核对网址和网络"),
        ([], "缺少参数"),
    ):
        code, out, error = run("verify", *arguments)
        assert (code, out) == (2, ""), arguments
        assert words in error


# Manifests that are none


@pytest.mark.parametrize(
    "line",
    [
        "", "x", f"{HASH}", f"{HASH}  ", f"{HASH} a", f"{HASH[1:]}  a", f"{HASH}  ../a", f"{HASH}  /etc/passwd", f"{HASH}  a/../../b",
        f"{HASH}  a//b", f"{HASH}  ./a", f"{HASH}  a\\b", f"\\{HASH}  a", f"{HASH}  .gongshi/files.json", f"{HASH}  a\tb",
        f"{HASH}  a\x1b[31m", f"{HASH.replace('0', 'G')}  a", f"{HASH}  {'a' * 300}", "a" * 100_000,
    ],
)  # fmt: skip
def test_a_line_that_no_build_wrote_is_refused(line: str):
    with pytest.raises(UsageError, match=r"^清单 第 2 行“.{0,80}”不是") as refusal:
        manifest.read([f"{HASH}  good\n".encode(), f"{line}\n".encode()], "清单")
    assert "\x1b" not in str(refusal.value)


def test_other_manifests_that_are_refused():
    with pytest.raises(UsageError, match="第 2 行：a 写了两次"):
        manifest.read([f"{HASH}  a\n".encode()] * 2, "清单")
    with pytest.raises(UsageError, match="是空的"):
        manifest.read([], "清单")
    with pytest.raises(UsageError, match="不是"):
        manifest.read([HASH.encode() + b"  \xff\n"], "清单")
    assert manifest.read([f"{HASH} *a\r\n".encode(), f"{HASH}  b".encode()], "清单") == {"a": HASH, "b": HASH}


def test_a_manifest_without_end_is_refused(site: Path, run, monkeypatch):
    monkeypatch.setattr(manifest, "MAX_BYTES", 1000)
    code, _, error = run("verify", "public/sub")
    assert code == 2
    assert "清单超过" in error


# A server


class _Server(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    kind = "plain"
    asked: list[tuple[str, str | None]]
    addresses: set[object]

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers["Accept-Encoding"]))
        self.addresses.add(self.client_address)
        if self.kind == "elsewhere" and "about" in self.path:
            self._answer(302, b"", {"Location": "http://localhost.example/about/"})
        elif self.kind == "circle" and "about" in self.path:
            self._answer(301, b"", {"Location": self.path})
        elif self.kind == "moved" and not self.path.startswith("/moved"):
            self._answer(308, b"", {"Location": f"/moved{self.path}"})
        elif self.kind == "broken" and "about" in self.path:
            self._answer(500, b"", {})
        elif self.kind == "cut" and "about" in self.path:
            self._answer(200, b"half", {"Content-Length": "1000"})
            self.close_connection = True
        elif self.kind == "bomb" and self.path.endswith("/about/"):
            self._answer(200, gzip.compress(b"\0" * 30_000_000), {"Content-Encoding": "gzip"})
        else:
            path = Path(self.translate_path(self.path.removeprefix("/moved")))
            path = path / "index.html" if path.is_dir() else path
            if not path.is_file():
                self._answer(404, b"", {})
            elif self.kind == "gzip" and path.suffix != ".gz":
                self._answer(200, gzip.compress(path.read_bytes()), {"Content-Encoding": "gzip"})
            elif self.kind in ("gzip", "says gzip") and path.suffix == ".gz":  # as Apache does with AddEncoding
                self._answer(200, path.read_bytes(), {"Content-Encoding": "x-gzip"})
            elif self.kind == "not gzip":
                self._answer(200, path.read_bytes(), {"Content-Encoding": "gzip"})
            else:
                self._answer(404 if path.name == "404.html" else 200, path.read_bytes(), {})

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def served(site: Path) -> Iterator[Callable[[str], str]]:
    """Serve the copy; the address of the site, below a folder."""
    servers = []

    def serve(kind: str) -> str:
        handler = type("Handler", (_Server,), {"kind": kind, "asked": [], "addresses": set()})
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory="public"))
        server.daemon_threads = True
        server.handler = handler  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        serve.handler = handler  # type: ignore[attr-defined]
        return f"http://127.0.0.1:{server.server_port}/sub"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("kind", ["plain", "gzip", "says gzip", "not gzip", "moved"])
def test_a_server_that_is_the_same(kind: str, site: Path, served, run):
    code, said, _ = run("verify", served(kind))
    assert (code, said.splitlines()[-1].rpartition(" 与")[2]) == (0, f"清单一致：{_count(site)} 个文件。"), said
    asked = served.handler.asked
    assert {encoding for _, encoding in asked} == {"identity"}
    paths = {path.removeprefix("/moved") for path, _ in asked}
    assert {"/sub/", "/sub/404.html", "/sub/about/", "/sub/index.html.gz"} <= paths
    assert "/sub/notices/water-2025/%E7%99%BB%E8%AE%B0%20%E8%A1%A8.csv" in paths
    assert not any(path.endswith("index.html") for path in paths)
    assert len(served.handler.addresses) <= 2 * verify.AT_ONCE + 2, "connections are used again"


@pytest.mark.parametrize("kind", ["plain", "gzip"])
def test_a_server_that_changed_one_byte_and_lost_a_file(kind: str, site: Path, served, run):
    page = site / "about/index.html"
    body = bytearray(page.read_bytes())
    body[-20] ^= 1
    page.write_bytes(body)
    (site / "data/issues.csv").unlink()
    code, said, _ = run("verify", served(kind))
    assert code == 1
    assert said.splitlines()[:-1] == ["缺少：data/issues.csv", "不同：about/index.html"]


def test_a_changed_manifest_is_told(site: Path, served, run):
    page = site / "about/index.html"
    page.write_bytes(b"x")
    listed = site / "manifest.sha256"
    old = next(line for line in listed.read_text().splitlines() if line.endswith("  about/index.html"))
    new = f"{subprocess.check_output(['sha256sum', page]).decode()[:64]}  about/index.html"
    listed.write_text(listed.read_text().replace(old, new))
    code, said, _ = run("verify", served("plain"))
    assert code == 1
    assert "不同：manifest.sha256" in said
    shutil.rmtree("site")
    code, said, _ = run("verify", served("plain"))
    assert code == 0, "it agrees with itself, and that is all that is said"
    assert "只能说明它自己前后一致，不能说明没有被改过" in said


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("elsewhere", "没能核对：about/index.html（转到了别的网站：http://localhost.example/about/）"),
        ("circle", "没能核对：about/index.html（一再转到别处）"),
        ("broken", "没能核对：about/index.html（服务器答复 500）"),
        ("cut", "没能核对：about/index.html"),
        ("bomb", "不同：about/index.html"),
    ],
)
def test_servers_that_are_hostile_or_broken(kind: str, words: str, site: Path, served, run):
    code, said, _ = run("verify", served(kind))
    assert code == 1
    assert words in said
    assert "Traceback" not in said


def test_a_body_without_end_is_cut_off(site: Path, served, run, monkeypatch):
    monkeypatch.setattr(verify, "MAX_BODY", 1_000_000)
    code, said, _ = run("verify", served("bomb"))
    assert code == 1
    assert "没能核对：about/index.html（文件太大）" in said


def _count(site: Path) -> int:
    return len((site / "manifest.sha256").read_text("utf-8").splitlines()) + 1
