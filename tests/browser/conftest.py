"""Real tools for what the public sees: Chromium, axe, and the Nu HTML checker. `./dev test` installs them.

On a machine without them these tests fail rather than pass unseen; `pytest -m "not browser"` leaves them out.
"""

import functools
import http.server
import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from gongshi.options import Options
from gongshi.pipeline import build
from tests.conftest import ROOT

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--no-first-run"]  # fmt: skip


@dataclass(frozen=True)
class Site:
    """A built site and where it is served."""

    folder: Path
    base: str

    @property
    def pages(self) -> list[str]:
        """The path of every HTML page but those that lead on to another at once."""
        pages = (path for path in sorted(self.folder.rglob("*.html")) if 'http-equiv="refresh"' not in path.read_text())
        return [path.relative_to(self.folder).as_posix().removesuffix("index.html") for path in pages]

    @property
    def kinds(self) -> list[str]:
        """All notices, and of every other kind of page one: what a test of everything would take too long for."""
        pages = reversed(self.pages)
        kinds = {re.sub(r"(?<=/)(?!letter|poster|pinyin|sector|page-)[^/]+", "*", path): path for path in pages}
        return sorted({*kinds.values(), *(path for path in self.pages if path.startswith("notices/"))})


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def host() -> Iterator[Callable[[Path], str]]:
    """Serve a folder; its address, without a slash at the end."""
    servers = []

    def start(root: Path) -> str:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=root))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory, host: Callable[[Path], str]) -> Callable[[Path], Site]:
    """Build a content folder and serve it below a sub-path, as many hosts do."""

    def start(content: Path) -> Site:
        root = tmp_path_factory.mktemp("served")
        output = root / "gs" / "sub"
        base = "http://127.0.0.1:0/gs/sub/"
        output.parent.mkdir(parents=True)
        assert build(Options(content=content, output=output, base_url=base, cache=None)).published
        return Site(output, f"{host(root)}/gs/sub/")

    return start


@pytest.fixture(scope="session")
def demonstration(serve: Callable[[Path], Site]) -> Site:
    return serve(ROOT / "content")


@pytest.fixture(scope="session")
def everything(serve: Callable[[Path], Site]) -> Site:
    return serve(ROOT / "tests" / "good" / "everything" / "content")


@pytest.fixture(scope="session")
def npm_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that keeps what the form is made of from one test to the next."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def admin_site(tmp_path_factory: pytest.TempPathFactory, npm_cache: Path) -> Path:
    """The demonstration with its form, built."""
    folder = tmp_path_factory.mktemp("admin")
    shutil.copytree(ROOT / "content", folder / "content")
    with (folder / "content" / "site.yaml").open("a") as settings:
        settings.write("admin: {backend: local}\n")
    assert build(Options(content=folder / "content", output=folder / "site", cache=npm_cache)).published
    return folder / "site"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_browser(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """New browser windows: `width`, and whatever Playwright's `new_context` takes."""
    contexts = []

    def new(width: int = 1280, **options: object) -> BrowserContext:
        context = chromium.new_context(viewport={"width": width, "height": 800}, **options)  # type: ignore[arg-type]
        contexts.append(context)
        return context

    yield new
    for context in contexts:
        context.close()
