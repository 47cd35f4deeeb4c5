"""Preview: build, watch, rebuild on a change, reload the browser.

The site is built into a folder of its own, never into `site/`. While the content is wrong every page shows its
problems, and the site comes back when they are mended.
"""

import mimetypes
import os
import signal
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from html import escape
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote

from livereload import Server
from livereload.handlers import LiveReloadHandler
from livereload.watcher import Watcher
from tornado.ioloop import IOLoop
from tornado.web import FallbackHandler
from tornado.wsgi import WSGIContainer

from gongshi import report, urls
from gongshi.options import Options, Result
from gongshi.pipeline import build
from gongshi.problems import Problem, UsageError
from gongshi.publish import PRIVATE
from gongshi.scan import Stamp, stamp
from gongshi.templates import DEFAULT_TEMPLATES

PAUSE = 0.1  # seconds between two looks for changes
REST = 10  # times as long as a look took, at least
_PROBLEMS = """\
<!DOCTYPE html>
<html lang="zh-Hans"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>内容有误</title><style>
body {{ font: 1rem/1.7 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1c2733 }}
h1 {{ font-size: 1.4rem }} ol {{ padding: 0; list-style: none }}
li {{ padding: .75rem 1rem; margin: .5rem 0; border-left: .3rem solid #b3261e; background: #fbf1f0 }}
li.warning {{ border-color: #9a6700; background: #faf5e9 }}
code {{ display: block; color: #55606b; overflow-wrap: anywhere }}
</style></head><body><h1>{count}，改好并保存后会自动刷新</h1><ol>{items}</ol></body></html>
"""
_RELOAD = b'<script src="/livereload.js" defer></script>'
_ITEM = '<li class="{severity}"><code>{place}</code>{message}</li>'


class Preview:
    """A WSGI application that shows the last build, or the problems that forbid it."""

    def __init__(self, options: Options, say: Callable[[Result], None]) -> None:
        self.options = options
        self.say = say
        self.failure: bytes | None = None  # the page that stands for every page while the content is wrong

    def rebuild(self) -> None:
        """Build again and reload the browsers. Nothing that goes wrong ends the preview: it is shown instead."""
        try:
            result = build(self.options)
        except (UsageError, OSError) as error:
            self.failure = problems_page("不能生成", str(error))
        except Exception as error:  # noqa: BLE001 - as in cli.py
            self.failure = problems_page("不能生成", report.bug(error))
        else:
            self.failure = (
                None if result.published else problems_page(report.counted(result.problems), *result.problems)
            )
            self.say(result)
        if LiveReloadHandler.waiters:
            # Not left to livereload, which tells the browsers only of the first of two changes within three seconds.
            LiveReloadHandler.reload_waiters("*")

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        path = environ.get("PATH_INFO", "/")
        status, kind, body = self._answer(path)
        if kind == "text/html" and not path.startswith(f"/{urls.ADMIN}"):  # who fills in a form keeps it
            body = body.replace(b"</head>", _RELOAD + b"</head>", 1)
        if status is HTTPStatus.MOVED_PERMANENTLY:
            start_response(f"{status.value} {status.phrase}", [("Location", kind), ("Content-Length", "0")])
            return [b""]
        if kind.startswith("text/") or kind in ("application/json", "application/xml", "image/svg+xml"):
            kind += "; charset=utf-8"
        headers = [("Content-Type", kind), ("Content-Length", str(len(body))), ("Cache-Control", "no-store")]
        start_response(f"{status.value} {status.phrase}", headers)
        return [b"" if environ.get("REQUEST_METHOD") == "HEAD" else body]

    def _answer(self, path: str) -> tuple[HTTPStatus, str, bytes]:
        """The status, the type of the content (or where a folder without its slash leads), and the content."""
        if self.failure:
            return HTTPStatus.OK, "text/html", self.failure
        root = self.options.output.resolve()
        try:
            # WSGI gives the bytes of the path as Latin-1.
            wanted = path.encode("latin-1").decode("utf-8", "replace").lstrip("/")
            file = (root / urls.output_file(wanted)).resolve()
            if file.is_relative_to(root) and file.is_dir() and wanted and not wanted.endswith("/"):
                # As hosts do: a page's links are relative, and mean another folder without the slash.
                return HTTPStatus.MOVED_PERMANENTLY, f"/{quote(wanted)}/", b""
            if file.is_relative_to(root) and not file.is_relative_to(root / PRIVATE) and file.is_file():
                return (
                    HTTPStatus.OK,
                    mimetypes.guess_type(file.name)[0] or "application/octet-stream",
                    file.read_bytes(),
                )
            return HTTPStatus.NOT_FOUND, "text/html", (root / urls.NOT_FOUND).read_bytes()
        except (OSError, ValueError):  # a path that no file can have, or a folder that is gone
            return HTTPStatus.NOT_FOUND, "text/html", problems_page("没有这个页面")


def problems_page(title: str, *problems: Problem | str) -> bytes:
    """A page that lists problems, or says in a sentence what is wrong."""
    items = (
        _ITEM.format(severity=p.severity, place=escape(report.place(p)), message=escape(f"{p.message} [{p.code}]"))
        if isinstance(p, Problem)
        else _ITEM.format(severity="error", place="", message=escape(p))
        for p in problems
    )
    return _PROBLEMS.format(count=escape(title), items="".join(items)).encode(errors="backslashreplace")


def serve(options: Options, host: str, port: int, say: Callable[[Result], None], ready: Callable[[str], None]) -> None:
    """Serve until interrupted. Raises OSError if the port is taken."""
    with tempfile.TemporaryDirectory(prefix="gongshi-preview-") as folder:
        shown = replace(options, output=Path(folder) / "site", base_url=f"http://{host}:{port}/", bundle=False)
        preview = Preview(shown, say)
        preview.rebuild()
        folders = {options.content, options.templates, DEFAULT_TEMPLATES}
        server = _Server(preview, _Watcher(folders, preview.rebuild))
        server.announce = lambda: ready(f"http://{host}:{port}/")
        signal.signal(signal.SIGINT, _stop)
        # `debug` would make tornado watch our own modules; a preview watches content and templates only.
        server.serve(port=port, host=host, debug=False)


def _stop(*_: object) -> None:
    """End the preview when it has done what it is doing; if asked again, at once.

    Raising here would not do: within the callback of a weak reference Python drops the exception, and nothing ends.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    loop = IOLoop.current()
    loop.add_callback_from_signal(loop.stop)


class _Watcher(Watcher):  # type: ignore[misc]
    """Looks for changed files several times a second, and less often where a look takes long.

    livereload's own looks every 0.8 s, and takes times for changes: a file that was put back is no change to it.
    """

    def __init__(self, folders: Iterable[Path], changed: Callable[[], None]) -> None:
        super().__init__()
        self.folders = sorted(folders)
        self.changed = changed
        self.seen = self._files()
        for folder in self.folders:
            self.watch(str(folder))  # so that it does not watch the current folder

    def start(self, _: Callable[[], None]) -> bool:
        """Look for ever; True: livereload need not."""
        IOLoop.current().call_later(PAUSE, self._look)
        return True

    def _look(self) -> None:
        began = time.monotonic()
        found = self._files()
        took = time.monotonic() - began
        if found != self.seen:
            self.seen = found
            self.changed()
        IOLoop.current().call_later(max(PAUSE, took * REST), self._look)

    def _files(self) -> dict[str, Stamp]:
        files: dict[str, Stamp] = {}
        for folder in self.folders:
            for place, _, names in os.walk(folder):
                for name in names:
                    with suppress(OSError):  # it vanished between two looks
                        files[f"{place}/{name}"] = stamp(os.lstat(f"{place}/{name}"))
        return files


class _Server(Server):  # type: ignore[misc]
    """livereload's server; its script is loaded from a file, for the pages' policy forbids inline ones."""

    announce: Callable[[], None]

    def application(self, *arguments: Any, **options: Any) -> None:
        """Listen, and say so only when that went well."""
        super().application(*arguments, **options)
        self.announce()

    def _setup_logging(self) -> None:
        """Keep quiet: what editors need to know is said in Chinese."""

    def get_web_handlers(self, script: bytes) -> Any:  # noqa: ARG002 - theirs is inline, and put into any file
        return [(".*", FallbackHandler, {"fallback": WSGIContainer(self.app)})]
