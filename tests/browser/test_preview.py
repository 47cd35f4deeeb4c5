"""`serve` in a browser: a change is shown by itself, wrong content shows its problems, and mending brings the site back."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.conftest import ROOT

New = Callable[..., BrowserContext]


@pytest.fixture
def preview(content: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, str(ROOT / "build.py"), "serve", "--port", str(port), "--today", "2026-01-01"]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, env={**os.environ, "PYTHONUNBUFFERED": "1"})
    base = f"http://127.0.0.1:{port}/"
    for _ in range(100):
        try:
            urllib.request.urlopen(base, timeout=1).close()
            break
        except OSError:
            time.sleep(0.1)
    yield base
    server.send_signal(signal.SIGINT)
    errors = server.communicate(timeout=10)[1].decode()
    assert "Traceback" not in errors
    assert server.returncode in (0, 130)


def test_save_break_and_mend(preview: str, content: Path, open_browser: New):
    page = open_browser().new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(preview + "notices/water-2025/")
    expect(page.locator("#issue-1 h4")).to_have_text("老旧管网改造滞后")
    page.wait_for_timeout(1500)  # the reloading script connects

    notice = content / "notices/2025/water-2025.yaml"
    good = notice.read_text()
    notice.write_text(good.replace("老旧管网改造滞后", "老旧管网改造缓慢"))
    expect(page.locator("#issue-1 h4")).to_have_text("老旧管网改造缓慢", timeout=15_000)

    page.wait_for_timeout(1500)
    notice.write_text(good.replace("agency: water", "agency: watre"))
    expect(page.locator("body")).to_contain_text("没有单位 watre", timeout=15_000)
    expect(page.locator("body")).to_contain_text("content/notices/2025/water-2025.yaml:3:9")

    page.wait_for_timeout(1500)
    notice.write_text(good)
    expect(page.locator("#issue-1 h4")).to_have_text("老旧管网改造滞后", timeout=15_000)
    assert [text for text in said if re.search("Content.Security", text)] == []
    assert not Path("site").exists()


def test_a_folder_without_its_slash_leads_to_the_page(preview: str, open_browser: New):
    page = open_browser().new_page()
    page.goto(preview + "notices/water-2025#issue-1")
    assert page.url == preview + "notices/water-2025/#issue-1"
    expect(page.locator("#issue-1 h4")).to_have_text("老旧管网改造滞后")


def test_no_path_leads_out_of_the_preview(preview: str):
    port = int(preview.rsplit(":", 1)[1].strip("/"))
    for path in ("/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/static/../../../etc/passwd"):
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(f"GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
        assert b"root:" not in answer
        assert answer.startswith(b"HTTP/1.1 404")
