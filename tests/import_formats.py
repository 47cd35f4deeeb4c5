"""A list of paragraphs as the files in which agencies publish them, so that one text can be read in all formats."""

import html
import io
import re
import zipfile
from xml.sax.saxutils import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NAMESPACES = (
    f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONSHIPS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
_PAGE = """<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}_示例市人民政府门户网站</title>
<meta name="SiteName" content="示例市人民政府"><meta name="ArticleTitle" content="{title}">
<style>.nav li {{ float: left }}</style><script>var columns = "<div>通知公告</div>";</script></head>
<body><!-- 页眉 --><header><img src="logo.png" alt="示例市人民政府"></header>
<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/zwgk/">政务公开</a></li></ul></div>
<form action="/search"><input name="q"><button>搜索</button></form>
<div class="path">当前位置：<a href="/">首页</a> &gt; 巡察整改</div>
<div class="article"><div class="info"><span>发布时间：2025-05-20</span> <a onclick="print()">打印</a></div>
<div class="TRS_Editor" id="zoom"><style>P {{ text-indent: 2em }}</style>
{body}
</div></div>
<div style="display:none">分享到微信</div><noscript>请打开 JavaScript</noscript>
<div class="links"><a href="https://www.gov.cn/">中国政府网</a></div>
<footer>主办：示例市人民政府办公室 <script>count()</script></footer></body></html>
"""
_CHINESE = r"\u3000-\u9fff\uff00-\uffef,:;()?!"
_BETWEEN_CHINESE = re.compile(rf"(?:(?<=[{_CHINESE}])|^)[,:;()?!](?=[{_CHINESE}]|$)")
_WIDE = {code: code + 0xFEE0 for code in map(ord, ",:;()?!")}


def as_docx(paragraphs: list[str]) -> bytes:
    """A Word document in which every paragraph is cut into runs, as Word does."""
    return packed(
        "".join(
            f'<w:p><w:pPr><w:spacing w:line="560"/></w:pPr><w:r><w:t xml:space="preserve">{escape(text[:3])}</w:t></w:r>'
            f'<w:proofErr w:type="spellStart"/><w:r><w:t xml:space="preserve">{escape(text[3:])}</w:t></w:r></w:p>'
            for text in paragraphs
        )
    )


def packed(body: str, **parts: str) -> bytes:
    """A Word document of the XML of its body, and of further parts (styles, numbering, footnotes)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _RELATIONSHIPS)
        archive.writestr("word/document.xml", _part("document", f"<w:body>{body}<w:sectPr/></w:body>"))
        for name, content in parts.items():
            archive.writestr(f"word/{name}.xml", _part(name, content))
    return buffer.getvalue()


def _part(name: str, content: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:{name} {_NAMESPACES}>{content}</w:{name}>'


def as_html(paragraphs: list[str]) -> bytes:
    """A page of a government site: the paragraphs in its editor's box, with all that usually stands around it."""
    body = "\n".join(
        f'<p style="text-indent:2em"><span>\u3000\u3000{_escaped(text[:3])}</span><b>{_escaped(text[3:])}</b>&nbsp;</p>'
        for text in paragraphs
    )
    return _PAGE.format(title=html.escape(paragraphs[0] if paragraphs else "公告"), body=body).encode()


def _escaped(text: str) -> str:
    return re.sub(" (?= )", "&nbsp;", html.escape(text))


def full_width(text: str) -> str:
    """Half-width punctuation between Chinese characters as full-width: 党组(党委):整改 → 党组（党委）：整改, not 10:30."""
    return _BETWEEN_CHINESE.sub(lambda mark: mark[0].translate(_WIDE), text)
