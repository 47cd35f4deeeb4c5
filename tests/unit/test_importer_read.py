"""Files become paragraphs: what a reader sees, character by character, and no bytes make the reader crash or hang."""

import io
import random
import time
import zipfile

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gongshi.importer.document import MAX_UNPACKED
from gongshi.importer.read import MAX_BYTES, UnreadableError, read
from tests.import_formats import as_docx, as_html, full_width, packed

NOTICE = [
    "中共示例市水务局党组关于巡察整改进展情况的通报",
    "根据市委统一部署,2024年3月至5月,市委第一巡察组对市水务局党组进行了巡察。",
    "一、总体情况",
    "（一）供水保障有短板",
    "1.老旧管网改造滞后 <3 公里> & “其他”",
    "①建立  台账;　②落实责任",
    "联系电话:0771-2345678(工作日)",
]


def texts(name: str, raw: bytes) -> list[str]:
    """The text, without what stands beside it on a page."""
    return [paragraph.text for paragraph in read(name, raw) if not paragraph.aside]


def beside(page: str) -> list[str]:
    return [paragraph.text for paragraph in read("a.html", page.encode()) if paragraph.aside]


def test_what_stands_beside_the_text_is_told_as_well():
    page = f"<header><p>页眉</p>一 二</header><ul><li>栏目<li>导航</ul><div id=zoom>{LONG}</div><p>友情<script>x()</script></p>"
    assert beside(page) == ["栏目", "导航", "友情", "页眉", "一 二"]
    assert beside(f"<nav>菜单<button>点</button><svg><title>图</title></svg></nav><p>{LONG}") == ["菜单"]
    assert beside(f"<h1>关于整改的通报</h1>链接<div id=zoom>{LONG}</div>") == ["链接"]


def page(body: str) -> list[str]:
    return texts("a.html", f"<!doctype html><meta charset=utf-8><body>{body}".encode())


def refused(name: str, raw: bytes) -> str:
    with pytest.raises(UnreadableError) as caught:
        read(name, raw)
    return str(caught.value)


@pytest.mark.parametrize("paragraphs", [NOTICE, [full_width(text) for text in NOTICE]])
@pytest.mark.parametrize(
    ("name", "write"), [("a.docx", as_docx), ("a.html", as_html), ("a.txt", lambda p: "\n".join(p).encode())]
)
def test_every_format_says_the_same(name, write, paragraphs):
    assert texts(name, write(paragraphs)) == paragraphs


def test_full_width():
    assert full_width("党组(党委):整改,到位;(10:30)吗?") == "党组（党委）：整改，到位；(10:30)吗？"


# --- text ---


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_text_in_any_encoding(encoding, end):
    found = read("通报.TXT", end.join(["标题", "", "　　第一段。"]).encode(encoding))
    assert [(p.text, p.origin) for p in found] == [("标题", "第 1 行"), ("第一段。", "第 3 行")]


def test_utf_16_big_endian():
    assert texts("a.txt", b"\xfe\xff" + "中文".encode("utf-16-be")) == ["中文"]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("\u200b\ufeff\u3000\xa0 甲,乙；（丙）(丁) \u3000\u200b", "甲,乙；（丙）(丁)"),
        ("甲\xa0乙\t丙　丁", "甲 乙 丙　丁"),
        ("甲\x00乙"[:1] + "\x07乙\x9f", "甲乙"),
        ("１２３ 123 ：:", "１２３ 123 ：:"),
        ("- **不是** Markdown", "- **不是** Markdown"),
    ],
)
def test_only_the_invisible_goes(line, text):
    assert texts("a.txt", line.encode()) == [text]


def test_a_form_feed_ends_a_line():
    assert [(p.text, p.origin) for p in read("a.txt", "甲\f乙".encode())] == [("甲", "第 1 行"), ("乙", "第 2 行")]


@pytest.mark.parametrize(
    ("name", "raw", "word"),
    [
        ("a.pdf", b"%PDF-1.7", "PDF"),
        ("a.doc", b"", "另存为 .docx"),
        ("通报", b"", "不认识"),
        ("a.txt", b"%PDF-1.7", "PDF"),
        ("a.txt", as_docx(["甲"]), ".docx"),
        ("a.html", b"\xd0\xcf\x11\xe0\xa1\xb1", "另存为 .docx"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1", "密码"),
        ("a.docx", "甲".encode(), "不是 Word"),
        ("a.docx", b"PK\x03\x04", "不是 Word"),
        ("a.txt", b"\xff\xff\xff", "UTF-8"),
        ("a.txt", "甲".encode("utf-16-le") + b"\0\0", "空字节"),
        ("a.txt", b"\xff\xfe\x00", "UTF-16"),
        ("a.md", b"<!DOCTYPE html><p>", ".html"),
        ("a.html", "甲".encode(), ".txt"),
        ("a.html", b"<p>\x81", "UTF-8"),
        ("a.txt", b" " * (MAX_BYTES + 1), "上限"),
    ],
)
def test_what_cannot_be_read_is_told_in_chinese(name, raw, word):
    message = refused(name, raw)
    assert word in message
    assert message.endswith("。")


# --- Markdown ---


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("# 标题", "标题"),
        ("## 一、标题 ##", "一、标题"),
        ("#标签", "#标签"),
        ("**重点**内容", "重点内容"),
        ("__重点__ 与 **其他**", "重点 与 其他"),
        ("***重点***", "重点"),
        ("2024年__月__日 ____", "2024年__月__日 ____"),
        ("3 ** 2", "3 ** 2"),
        ("**没有结束", "**没有结束"),
        (r"1\. \*星\* \\", r"1. *星* \ "[:-1]),
        ("> > 引用", "引用"),
        ("- 甲", "甲"),
        ("* 甲", "甲"),
        ("*注：甲", "*注：甲"),
        ("1. 甲", "1. 甲"),
        ("(1) 甲", "(1) 甲"),
        ("> - # **甲**", "甲"),
        ("见[附件](a.pdf '附件')和![图](b.png)", "见附件和图"),
        ("〔2024〕5号 [2024] (甲)", "〔2024〕5号 [2024] (甲)"),
        (r"\[甲](乙)", "[甲](乙)"),
        ("甲|乙", "甲|乙"),
    ],
)
def test_markdown_marks(line, text):
    assert texts("a.md", line.encode()) == [text]


def test_markdown_rules_are_dropped():
    assert texts("a.md", "甲\n\n---\n* * *\n___\n乙".encode()) == ["甲", "乙"]


def test_markdown_tables():
    source = "前\n\n| 序号 | **问题** |\n|:---|---:|\n| 1 | 甲\\|乙 |\n| 2 | |\n\n后 | 完"
    assert [(p.text, p.origin, p.cells) for p in read("a.md", source.encode())] == [
        ("前", "第 1 行", ()),
        ("序号 问题", "第 3 行", ("序号", "问题")),
        ("1 甲|乙", "第 5 行", ("1", "甲|乙")),
        ("2", "第 6 行", ("2", "")),
        ("后 | 完", "第 8 行", ()),
    ]


# --- web pages ---


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>甲<b>乙</b>\n 丙<br>丁</p>戊", ["甲乙 丙", "丁", "戊"]),
        ("&lt;甲&gt;&nbsp;&amp;&#20057;&#x4e19; &copy &unknown;", ["<甲> &乙丙 © &unknown;"]),
        ("甲<script>'</p>'</script><style>p{}</style><!-- 注 > -->乙", ["甲乙"]),
        ("甲<p hidden>乙<p>丙<span style='DISPLAY : none'>丁<span>戊</span>己</span>庚", ["甲", "丙庚"]),
        (
            "甲<nav>导航<div>丁</div></nav>丙<button>点</button><svg><title>图</title></svg>乙<aside>旁</aside>",
            ["甲", "丙乙"],
        ),
        (
            "<header>页眉</header><article><header><h1>标题</h1></header>甲</article><footer>页脚</footer>",
            ["标题", "甲"],
        ),
        ("a < b <3 </ p> c", ["a < b <3 c"]),
        ("<pre>甲\n乙</pre>", ["甲", "乙"]),
        ("<ol><li>甲<li>乙<ol type=a start=3><li>丙</ol><li><p>丁</ol>", ["1.甲", "2.乙", "c.丙", "3.丁"]),
        ("<ol type=I><li>甲<li>5个</ol><ol type=A start=26><li>乙</ol>", ["I.甲", "II. 5个", "Z.乙"]),
        ("<ol><li>一、甲<li>（二）乙<li>3.丙</ol><ul><li>丁</ul>", ["一、甲", "（二）乙", "3.丙", "丁"]),
        ("<ol style='list-style: none'><li>甲</ol>", ["甲"]),
        ("<form><table><tr><td>甲<select><option>选</select></table></form>乙", ["甲", "乙"]),
        ("<div>甲</div></div></span></p>乙</br>丙", ["甲", "乙", "丙"]),
        ("甲</body></html>乙<html><body><p>丙", ["甲", "乙", "丙"]),
        ('<o:p>甲</o:p><中><a"b>乙&#1;&#xFFFE;&#0;&#xD800;', ["甲<中>乙\ufffd\ufffd"]),
        (f"<header>甲<div></header>{'乙' * 20}", ["甲", "乙" * 20]),
    ],
)
def test_what_a_page_shows(body, expected):
    assert page(body) == expected


def test_tables_of_pages():
    body = (
        "<p>前<table><caption>表</caption><thead><tr><th>序号<th>问题<th>状态<tbody>"
        "<tr><td rowspan=2>1<td><p>甲</p><p>乙</p><td>完成</div></td><tr><td colspan=2>丙<tr></table>后"
    )
    found = read("a.html", f"<body>{body}".encode())
    assert [(p.text, p.origin, p.cells) for p in found] == [
        ("前", "第 1 段", ()),
        ("表", "第 2 段", ()),
        ("序号 问题 状态", "表 1 第 1 行", ("序号", "问题", "状态")),
        ("1 甲 乙 完成", "表 1 第 2 行", ("1", "甲 乙", "完成")),
        ("丙", "表 1 第 3 行", ("", "丙", "")),
        ("后", "第 3 段", ()),
    ]


def test_tables_for_layout_are_no_tables():
    inner = "<table><tr><td>1<td>丙</table>"
    found = read("a.html", f"<body><table><tr><td>栏目<td><p>甲</p><p>乙</p>{inner}</table>".encode())
    assert [(p.text, p.cells) for p in found] == [
        ("栏目", ()), ("甲", ()), ("乙", ()), ("1 丙", ("1", "丙"))
    ]  # fmt: skip
    assert page("<table><tr><td><p>甲</p><p>乙</p></table>") == ["甲", "乙"]


LONG = "中文" * 20


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"链接<div class=TRS_Editor>{LONG}</div>友情", [LONG]),
        (f"链接<span id=zoom>{LONG}</span>友情", [LONG]),
        (f"<div class='content'>路径<div class='xl-detailBox'>{LONG}</div></div>", [LONG]),
        (f"链接<main>甲<article>{LONG}</article></main>", [LONG]),
        (f"<article>摘要</article>{LONG}", ["摘要", LONG]),
        (f"<table><tr><td>栏目<td class=content><p>{LONG}</table>友情", [LONG]),
        (f"<h1>关于整改的通报</h1>链接<div id=zoom>{LONG}</div>", ["关于整改的通报", LONG]),
        (f"<title>关于整改的通报_示例市</title><div id=zoom>{LONG}</div>", ["关于整改的通报", LONG]),
        (
            f"<title>关于整改的通报_示例市</title><div id=zoom><p>关于<br>整改的通报<p>{LONG}</div>",
            ["关于", "整改的通报", LONG],
        ),
    ],
)
def test_the_text_is_found_on_the_page(body, expected):
    assert page(body) == expected


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ('<meta charset="gb2312">', "gb18030"),
        ('<meta http-equiv=Content-Type content="text/html; charset=GBK">', "gb18030"),
        ("", "gb18030"),
        ("", "utf-8"),
        ("<meta charset=gbk>", "utf-8-sig"),
        ("<meta charset=utf-8>", "utf-16"),
        ("<meta charset=zlib_codec>", "utf-8"),
    ],
)
def test_encodings_of_pages(head, encoding):
    assert texts("a.htm", f"{head}<p>中文。".encode(encoding)) == ["中文。"]


# --- Word documents ---


def p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def listed(text: str, level: int = 0, number: int = 1) -> str:
    return p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def level(number: int, form: str, pattern: str, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{more}'
        f'<w:lvlText w:val="{pattern}"/></w:lvl>'
    )


def numbering(*levels: str, uses: str = "") -> str:
    return (
        f'<w:abstractNum w:abstractNumId="7">{"".join(levels)}</w:abstractNum>'
        f'<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>{uses}'
    )


def test_numbers_of_lists_restart_under_each_heading():
    lists = numbering(
        level(0, "chineseCountingThousand", "%1、"),
        level(1, "chineseCounting", "（%2）"),
        level(2, "decimal", "%3."),
        level(3, "decimal", "%3.%4"),
        level(4, "decimalEnclosedCircle", "%5"),
    )
    body = [
        listed("甲"), listed("乙", 1), listed("丙", 1), listed("丁", 2), listed("5个", 2), listed("戊", 3),
        listed("己", 4), listed("庚"), listed("辛", 1), p("壬"), listed("癸", 1),
    ]  # fmt: skip
    assert texts("a.docx", packed("".join(body), numbering=lists)) == [
        "一、甲", "（一）乙", "（二）丙", "1.丁", "2. 5个", "2.1 戊", "① 己", "二、庚", "（一）辛", "壬", "（二）癸",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("form", "at", "number"),
    [
        ("chineseCountingThousand", 110, "一百一十"),
        ("japaneseCounting", 21, "二十一"),
        ("chineseLegalSimplified", 12, "壹拾贰"),
        ("ideographDigital", 10, "一〇"),
        ("ideographTraditional", 2, "乙"),
        ("decimalFullWidth", 12, "１２"),
        ("decimalZero", 3, "03"),
        ("decimalEnclosedCircleChinese", 21, "㉑"),
        ("decimalEnclosedParen", 2, "⑵"),
        ("upperLetter", 26, "Z"),
        ("lowerLetter", 3, "c"),
        ("upperRoman", 49, "XLIX"),
        ("lowerRoman", 4, "iv"),
        ("lowerLetter", 27, "27"),
        ("nobodyKnows", 7, "7"),
        ("none", 7, ""),
    ],
)
def test_formats_of_numbers(form, at, number):
    lists = numbering(level(0, form, "%1)").replace('<w:start w:val="1"/>', f'<w:start w:val="{at}"/>'))
    assert texts("a.docx", packed(listed("甲"), numbering=lists)) == [f"{number})甲"]


def test_bullets_of_symbol_fonts_are_characters():
    lists = numbering(level(0, "bullet", "\uf06c"), level(1, "bullet", "－"))
    assert texts("a.docx", packed(listed("甲") + listed("乙", 1), numbering=lists)) == ["●甲", "－乙"]


def test_a_second_use_of_a_list_goes_on_unless_it_starts_anew():
    uses = (
        '<w:num w:numId="2"><w:abstractNumId w:val="7"/></w:num><w:num w:numId="3"><w:abstractNumId w:val="7"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
    )
    lists = numbering(level(0, "decimal", "%1、"), uses=uses)
    body = "".join(listed("甲", 0, number) for number in (1, 2, 3, 3, 9, 0))
    assert texts("a.docx", packed(body, numbering=lists)) == ["1、甲", "2、甲", "5、甲", "6、甲", "甲", "甲"]


def test_styles_number_paragraphs():
    styles = (
        '<w:style w:type="paragraph" w:styleId="H1"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Mine"><w:basedOn w:val="H1"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="H2"><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr>'
        '</w:pPr></w:style><w:style w:type="paragraph" w:styleId="Loop"><w:basedOn w:val="Loop"/></w:style>'
    )
    lists = numbering(level(0, "chineseCounting", "第%1章"), level(1, "decimal", "%1.%2", "<w:isLgl/>"))
    body = "".join(p("甲", f'<w:pStyle w:val="{style}"/>') for style in ("H1", "Mine", "H2", "Loop"))
    body += p("乙", '<w:pStyle w:val="H1"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    found = texts("a.docx", packed(body, styles=styles, numbering=lists))
    assert found == ["第一章 甲", "第二章 甲", "2.1 甲", "甲", "乙"]


BOX = "<v:textbox><w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent></v:textbox>"


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("<w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t><w:br w:type='page'/><w:t>丙</w:t></w:r>", ["甲", "乙", "丙"]),
        ("<w:pPr><w:tabs><w:tab w:pos='9'/></w:tabs></w:pPr><w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t></w:r>", ["甲 乙"]),
        ("<w:r><w:t>A</w:t><w:noBreakHyphen/><w:t>B</w:t><w:softHyphen/><w:sym w:char='F0FE'/></w:r>", ["A-B☑"]),
        ("<w:r><w:t>甲</w:t></w:r><w:del><w:r><w:delText>乙</w:delText></w:r></w:del><w:ins><w:r><w:t>丙</w:t></w:r></w:ins>", ["甲丙"]),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>密</w:t></w:r><w:r><w:t>甲</w:t></w:r>", ["甲"]),
        ("<w:hyperlink><w:r><w:t>链接</w:t></w:r></w:hyperlink><w:r><w:instrText>PAGE</w:instrText></w:r>", ["链接"]),
        (f"<w:r><mc:AlternateContent><mc:Choice>{BOX}</mc:Choice><mc:Fallback>{BOX}</mc:Fallback></mc:AlternateContent><w:t>甲</w:t></w:r>", ["框", "甲"]),
        ("<w:r><mc:AlternateContent><mc:Choice/><mc:Fallback><w:t>甲</w:t></mc:Fallback></mc:AlternateContent></w:r>", ["甲"]),
    ],
)  # fmt: skip
def test_what_a_document_shows(inside, expected):
    assert texts("a.docx", packed(f"<w:p>{inside}</w:p>")) == expected


def row(*cells: str) -> str:
    return "<w:tr>" + "".join(f"<w:tc>{cell}</w:tc>" for cell in cells) + "</w:tr>"


def test_tables_of_documents():
    lists = numbering(level(0, "decimal", "%1"))
    inner = "<w:tbl>" + row(p("子"), p("表")) + "</w:tbl>" + p("")
    table = (
        row('<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>' + p("事项"), p("状态"))
        + row(listed(""), p("甲") + p("乙"), inner)
        + row(listed(""), p("丙"), p(""))
    )
    found = read("a.docx", packed(p("前") + f"<w:tbl>{table}</w:tbl>" + p("后"), numbering=lists))
    assert [(x.text, x.origin, x.cells) for x in found] == [
        ("前", "第 1 段", ()),
        ("事项 状态", "表 1 第 1 行", ("事项", "", "状态")),
        ("1 甲 乙 子 表", "表 1 第 2 行", ("1", "甲 乙", "子 表")),
        ("2 丙", "表 1 第 3 行", ("2", "丙", "")),
        ("后", "第 2 段", ()),
    ]


def test_footnotes_come_at_the_end():
    notes = (
        f'<w:footnote w:type="separator" w:id="-1">{p("线")}</w:footnote><w:footnote w:id="2">{p("注二")}</w:footnote>'
        f'<w:footnote w:id="1">{p("注一")}</w:footnote><w:footnote w:id="3">{p("没有用")}</w:footnote>'
    )
    reference = '<w:r><w:footnoteReference w:id="{}"/></w:r>'
    body = f"<w:p><w:r><w:t>甲</w:t></w:r>{reference.format(1)}{reference.format(2)}</w:p>" + p("乙")
    found = read("a.docx", packed(body, footnotes=notes))
    assert [(x.text, x.origin) for x in found][2:] == [("注一", "脚注 1"), ("注二", "脚注 2")]


def test_bombs_and_entities_are_refused():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * (MAX_UNPACKED + 1))
    assert "解压后" in refused("a.docx", buffer.getvalue())
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    assert "DOCTYPE" in refused("a.docx", buffer.getvalue())
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/workbook.xml", "<a/>")
    assert "没有 Word 文档的正文" in refused("a.docx", buffer.getvalue())
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", '<document xmlns="http://purl.oclc.org/ooxml/wordprocessingml/main"/>')
    assert "普通的 .docx" in refused("a.docx", buffer.getvalue())


# --- hostile files ---

N = 60_000
NAMES = ["a.txt", "a.md", "a.html", "a.docx"]


def spent(name: str, raw: bytes) -> float:
    """Seconds, of a processor that nobody else uses."""
    start = time.process_time()
    never_crashes(name, raw)
    return time.process_time() - start


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", "<div>" * N + "中" + "</span>" * N + "</div>" * N),
        ("a.html", "<div>" * 490 + "</span>" * N + "中"),
        ("a.html", "<b hidden><div>" * N + "</b>" * N),
        ("a.html", "<table><tr><td>中" * N),
        ("a.html", "<table><tr><td>中<td>中" * 160 + "<p>中" * N),
        ("a.html", "<ol><li>中" * N),
        ("a.html", "<div class=content>中</div>" * N),
        ("a.html", "<h1>" * 490 + "a<br>" * N + "中"),
        ("a.html", "<!--" * N),
        ("a.html", "<![CDATA[>" * N),
        ("a.html", "<" * N + "</p>" * N + "</br>" * N),
        ("a.html", "<a b='" * N),
        ("a.html", "<a b='\"" * N),
        ("a.html", "<p " + " ".join(f"a{i}" for i in range(N)) + ">中"),
        ("a.html", f"<p title='{'x' * 4_000_000}'>中"),
        ("a.html", "<p>" + "".join(f"<font a={i}>" for i in range(N)) + "<p>中" * N),
        ("a.html", "<tr><td colspan=1000 rowspan=1000>中" * N),
        ("a.html", "<table>" + "<tr><td colspan=1000 rowspan=1000>中" * N),
        ("a.html", "<p style='" + "list-style:" * N + "'>&#" + "9" * N + ";&#" + "0" * N + ";" + "&" * N),
        ("a.html", "<title>" + "-" * N + "a-_" * N + "</title><p>中"),
        ("a.md", "**a " * N + "\n" + "__a" * N),
        ("a.md", "[" * N + "](" * N + "\n" + '[a](b "' * N + "\n" + "[a](" + " " * N),
        ("a.md", "|" * N + "\n|-|\n" + "|\\" * N),
        ("a.md", "- " * N + "x\n" + "#" * N + " #" * N + "\n" + ">" * N + "\n" + r"\*" * N),
        ("a.txt", "\f\u2028\r" * N),
    ],
)
def test_time_grows_with_the_size_only(name, text):
    assert spent(name, text.encode()) < 10


@pytest.mark.parametrize("tag", ["div", "font", "table><tr><td", "ul><li"])
def test_deep_pages_are_refused(tag):
    assert page(f"<{tag}>" * 100 + "中") == ["中"]
    assert "嵌套" in refused("a.html", (f"<{tag}>" * 1000 + "中").encode())


@pytest.mark.parametrize(
    "parts",
    [
        {"body": "<w:p/>" * N},
        {
            "body": "<w:tbl><w:tr><w:tc>" * 60
            + "<w:p><w:r><w:t>中</w:t></w:r></w:p>" * N
            + "</w:tc></w:tr></w:tbl>" * 60
        },
        {"body": "<mc:AlternateContent>" * 200 + "<w:p/>" * N + "</mc:AlternateContent>" * 200},
        {"body": "<w:r>" * 200 + "<w:rPr><w:vanish/></w:rPr>" * N + "</w:r>" * 200},
        {"body": "<w:p " + " ".join(f'a{i}=""' for i in range(N)) + "/>"},
        {"body": "<w:footnoteReference w:id='1'/>" * N, "footnotes": "<w:footnote w:id='1'><w:p/></w:footnote>" * N},
        {
            "body": listed("中") * 9000,
            "numbering": numbering("<w:lvl/>" * N, uses="<w:num><w:abstractNumId w:val='7'/></w:num>" * N),
        },
        {
            "body": "<w:p><w:pPr><w:pStyle w:val='s1'/></w:pPr></w:p>" * 9000,
            "styles": "".join(
                f"<w:style w:styleId='s{i}'><w:basedOn w:val='s{i + 1}'/></w:style>" for i in range(9000)
            ),
        },
    ],
    ids=lambda parts: parts["body"][:24],
)
def test_time_grows_with_the_size_of_documents(parts):
    assert spent("a.docx", packed(**parts)) < 10


@pytest.mark.parametrize("tag", ["p", "tbl", "tc", "r", "t", "txbxContent", "pPr", "del"])
def test_deep_documents_are_refused(tag):
    def nested(depth: int) -> bytes:
        inside = f"<w:{tag}>" * depth + "<w:t>中</w:t>" + f"</w:{tag}>" * depth
        return packed(f"<w:tbl><w:tr><w:tc><w:p><w:r>{inside}</w:r></w:p></w:tc></w:tr></w:tbl>")

    assert texts("a.docx", nested(200)) == ([] if tag == "del" else ["中"])
    assert "损坏" in refused("a.docx", nested(1000))


def test_tables_of_too_many_cells_are_refused():
    assert "格" in refused("a.html", ("<table><tr>" + "<td colspan=1000 rowspan=1000>中" * 9).encode())


def never_crashes(name: str, raw: bytes) -> None:
    try:
        found = read(name, raw)
    except UnreadableError:
        return
    for paragraph in found:
        assert paragraph.text
        assert paragraph.text == paragraph.text.strip()
        assert "\n" not in paragraph.text + "".join(paragraph.cells)
        assert paragraph.origin


@given(st.sampled_from(NAMES), st.binary() | st.text().map(str.encode))
@example("a.txt", b"\xff\xfe")
def test_no_bytes_crash(name, raw):
    never_crashes(name, raw)


MARKUP = st.sampled_from([
    "<table>", "<tr>", "<td>", "<td/colspan=2>", "<th>", "</table>", "</tr>", "</td>", "<p>", "</p>", "<div>",
    "</div>", "<li>", "<ol>", "<ol/start=-3>", "</ol>", "<ul>", "<span/hidden>", "</span>", "<svg>", "<title>",
    "</title>", "<script>", "</script>", "<form>", "</form>", "<article>", "<main>", "</main>", "<header>",
    "<div/id=zoom>", "<td/class=content>", "<h1>", "</h2>", "<pre>", "</pre>", "<caption>", "<dd>", "<dt>", "<nav>",
    "</nav>", "<!--", "-->", "&#0;", "&lt", "<", ">", "/", "</br>", "<br>", "<template>", "</template>", "<button>",
    "<p/hidden>", "<tbody>", "<style/>", "<meta/charset=gbk>", '"', "'", "中文", "甲", "1.", "\r\n",
])  # fmt: skip
MARKS = st.sampled_from([
    "#", "**", "__", "***", "\\", "|", "|-", "-", ">", "[", "]", "(", ")", "![", "](a)", "中", "a", "\n", "|",
    "\n|-|-|\n", "\xa0", "'", '"', "---", "===", "1.", "\\|",
])  # fmt: skip


@given(st.lists(MARKUP, max_size=60).map("".join))
@settings(max_examples=300)
def test_no_page_crashes(text):
    never_crashes("a.html", text.encode())


@given(st.lists(MARKS, max_size=60).map("".join))
@settings(max_examples=300)
def test_no_markdown_crashes(text):
    never_crashes("a.md", text.encode())


TAGS = st.sampled_from([
    "p", "pPr", "rPr", "r", "t", "tab", "br", "tbl", "tr", "tc", "del", "ins", "numPr", "footnoteReference",
    "txbxContent", "vanish", "tabs", "lvl", "num", "abstractNum", "lvlText", "numFmt", "start", "style", "basedOn",
    "pStyle", "footnote", "startOverride", "lvlOverride", "abstractNumId", "numId", "ilvl", "gridSpan",
])  # fmt: skip
ATTRIBUTES = st.sampled_from(
    ["", ' w:val="1"', ' w:val="-1"', ' w:val="%1%2"', ' w:ilvl="1" w:val="0"', ' w:numId="1"', ' w:id="1"']
)


@st.composite
def xml(draw: st.DrawFn, depth: int = 4) -> str:
    tag, attributes = draw(TAGS), draw(ATTRIBUTES)
    inner = "".join(draw(st.lists(xml(depth - 1), max_size=4))) if depth else draw(st.sampled_from(["", "中文"]))
    return f"<w:{tag}{attributes}>{inner}</w:{tag}>"


@given(xml(), xml(), xml(), xml())
def test_no_document_crashes(body, styles, lists, notes):
    never_crashes("a.docx", packed(body, styles=styles, numbering=lists + numbering(), footnotes=notes))


@given(st.sampled_from([("a.docx", as_docx(NOTICE)), ("a.html", as_html(NOTICE))]), st.randoms(use_true_random=False))
@settings(max_examples=300)
def test_no_damaged_file_crashes(file, chance: random.Random):
    name, raw = file
    damaged = bytearray(raw)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(damaged))
        damaged[at : at + chance.randint(0, 3)] = chance.randbytes(chance.randint(0, 3))
    never_crashes(name, bytes(damaged[: chance.choice([None, chance.randrange(len(damaged) + 1)])]))


CHARACTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp", "Cn", "Co", "Cf"))
PARAGRAPHS = st.lists(st.text(CHARACTERS, min_size=1, max_size=30), min_size=1, max_size=6)


@given(PARAGRAPHS)
def test_documents_and_text_keep_every_character(paragraphs):
    assert texts("a.docx", as_docx(paragraphs)) == paragraphs
    assert texts("a.txt", "\n".join(["甲", *paragraphs]).encode()) == ["甲", *paragraphs]
    assert texts("a.html", as_html([LONG, *paragraphs, LONG])) == [LONG, *paragraphs, LONG]


def test_a_full_title_in_the_text_beats_the_name_of_the_page():
    page = f"<title>整改通报</title><body><p>中共示例市水务局党组关于巡察整改情况的通报</p><p>{LONG}</p>"
    assert texts("a.html", page.encode())[0] == "中共示例市水务局党组关于巡察整改情况的通报"
