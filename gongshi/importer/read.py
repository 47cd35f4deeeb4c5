"""A file that an agency has published (txt, md, html, docx) becomes paragraphs, without losing a character that shows.

What a reader sees is kept as it is printed: punctuation of any width, spaces inside a line, the automatic list numbers
of Word and of `<ol>`. What nobody sees goes: control characters, white space at the ends, deleted and hidden text.
Whatever the bytes are, this takes time and memory in proportion to the file.
"""

import re

from gongshi.importer.document import read_document
from gongshi.importer.page import read_page
from gongshi.importer.paragraph import Paragraph
from gongshi.importer.plain import read_markdown, read_text
from gongshi.importer.story import UnreadableError

__all__ = ["MAX_BYTES", "UnreadableError", "read"]

MAX_BYTES = 8 * 1024 * 1024

_TEXTS = {"txt": read_text, "md": read_markdown, "markdown": read_markdown, "html": read_page, "htm": read_page}
_ZIP = b"PK\x03\x04"
_MAGIC = {
    _ZIP: "压缩包或新版 Office 文档；如果是 Word 文档，请把后缀改为 .docx",
    b"%PDF": " PDF；请找到原来的 Word 文档或网页",
    b"\xd0\xcf\x11\xe0": "旧版或加了密码的 Office 文档；请在 Word 或 WPS 里去掉密码，另存为 .docx",
    b"{\\rtf": " RTF；请在 Word 或 WPS 里另存为 .docx",
}
_BOMS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_PAGE = re.compile(r"\s*<(?:!doctype\s+html|html[\s>])", re.IGNORECASE)
_TAG = re.compile(r"<[A-Za-z!]")


def read(name: str, raw: bytes) -> tuple[Paragraph, ...]:
    """The paragraphs of a file, in reading order.

    Args:
        name: the file's name; its suffix tells the format.
        raw: the file's bytes.

    Raises:
        UnreadableError: for anything that is not a whole file of that format.
    """
    suffix = name.rpartition(".")[2].lower() if "." in name else ""
    if suffix != "docx" and suffix not in _TEXTS:
        remedy = "Word 和 WPS 文档请另存为 .docx，PDF 请找到原来的文档或网页"
        raise UnreadableError(f"不认识后缀“{suffix}”：只能读 txt、md、html、docx；{remedy}。")
    if len(raw) > MAX_BYTES:
        raise UnreadableError(f"文件有 {len(raw):,} 字节，超过上限 {MAX_BYTES:,} 字节；请去掉图片或拆成几个文件。")
    for magic, kind in _MAGIC.items():
        if raw.startswith(magic) and not (suffix == "docx" and magic == _ZIP):
            raise UnreadableError(f"后缀是 .{suffix}，内容却是{kind}。")
    if suffix == "docx":
        return read_document(raw)
    reader, text = _TEXTS[suffix], _decoded(raw)
    if reader is not read_page and _PAGE.match(text):
        raise UnreadableError("内容是网页；请把后缀改为 .html。")
    if reader is read_page and text.strip() and not _TAG.search(text):
        raise UnreadableError("文件里没有网页的标记；如果是纯文字，请把后缀改为 .txt。")
    return reader(text)


def _decoded(raw: bytes) -> str:
    """The text, in the encoding that a BOM names, else UTF-8, else GB18030 (of which GBK and GB2312 are parts).

    What a page says of its encoding is not asked: UTF-8 tells itself, and no other comes up.
    """
    mark = next((mark for mark in _BOMS if raw.startswith(mark)), b"")
    encodings = [_BOMS[mark]] if mark else ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            text = raw[len(mark) :].decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise UnreadableError("文件里有空字节，不是文本；如果是文本，请另存为 UTF-8 编码。")
        return text
    raise UnreadableError(f"文件不是 {'、'.join(encodings).upper()} 编码的文本，或已损坏；请另存为 UTF-8 编码。")
