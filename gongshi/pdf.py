"""The text of a PDF, read by pypdf in a process of its own, which may use so much time and memory and no more.

A PDF can ask for any amount of both, and be read from a thousand places at once; no limit inside a process holds.
"""

import os
import subprocess
import sys

MAX_PAGES = 500
MAX_CHARACTERS = 4_000_000
SECONDS = 20  # of a processor
MEMORY = 1024 * 1024 * 1024
PATIENCE = 120  # seconds, on a machine that does much else
_END = "\f"  # between pages
_DONE, _MORE, _NO_TEXT = 0, 3, 4

_REASONS = {
    _MORE: "PDF 太长，只看了前面一部分",
    _NO_TEXT: "PDF 里没有文字，多半是扫描件",
}


def pages(raw: bytes) -> tuple[list[str], str]:
    """The texts of the pages, and why they are not all (or "")."""
    paths = os.pathsep.join(os.path.abspath(path) for path in sys.path)  # noqa: PTH100 - an empty one is the current folder
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-W", "ignore", "-c", "from gongshi.pdf import main; main()"],
            input=raw,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE,
            env=os.environ | {"PYTHONPATH": paths},
            check=False,
        )
        output, code = done.stdout, done.returncode
    except subprocess.TimeoutExpired as late:
        output, code = late.output or b"", -1
    except OSError:
        return [], "PDF 没有读成"
    texts = output.decode("utf-8", "replace").split(_END)
    if code == _DONE:
        return texts, ""
    return texts, _REASONS.get(code) or "PDF 损坏、加了密码，或读它太费时间"


def main() -> None:
    """Read a PDF from the standard input, and write the text of each page."""
    _limit()
    from io import BytesIO

    from pypdf import PdfReader

    written = 0
    document = PdfReader(BytesIO(sys.stdin.buffer.read()))
    if document.is_encrypted and not document.decrypt(""):
        raise SystemExit(1)
    for number, page in enumerate(document.pages):
        text = page.extract_text().replace(_END, "\n")
        written += len(text.strip())
        if number >= MAX_PAGES or written > MAX_CHARACTERS:
            raise SystemExit(_MORE)
        sys.stdout.buffer.write((text + _END).encode("utf-8", "replace"))
        sys.stdout.buffer.flush()
    raise SystemExit(_DONE if written else _NO_TEXT)


def _limit() -> None:
    """Let the system end this process when it uses too much."""
    try:
        import resource
    except ImportError:  # Windows; there is the patience of who waits
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
