"""Prose is never unsafe, and Chinese lines are joined without a space."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongshi import text

ALLOWED = re.compile(
    r"</?(?:p|br|hr|strong|em|code|pre|blockquote|ul|ol|li|table|thead|tbody|tr|th|td|div)>"
    r'|<a href="(?:https?:|mailto:|tel:|[^:"]*(?:["#/?]|(?=")))[^"]*" rel="noopener noreferrer nofollow">|<a rel="[a-z ]+">|</a>'
    r'|<ol start="\d+">|<div class="scroll" role="group" tabindex="0" aria-label="表格">'
)
NASTY = ["<script>", "</p>", "javascript:", "](", "[", "](javascript:x)", "<img src=x onerror=y>", "&lt;", "&", "`",
         "**", "_", "![", "\n\n", "\n", "# ", "> ", "- ", "1. ", "|", "---|---\n", "<!--", "公示", "。", "<", ">", '"',
         "[a]: javascript:x\n", "<https://a.example>", "\\", "\ufdd0", "  \n", "\t", "<svg/onload=a>"]  # fmt: skip


@given(st.lists(st.sampled_from(NASTY) | st.text(max_size=8), max_size=30).map("".join))
def test_prose_is_never_unsafe(source: str):
    html = text.prose(source)
    rest = ALLOWED.sub("", html)
    assert "<" not in rest, html
    assert "javascript:" not in "".join(re.findall(r'href="[^"]*"', html)).lower()


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("第一行\n第二行", "<p>第一行第二行</p>"),
        ("第一行，\n第二行", "<p>第一行，第二行</p>"),
        ("第一段\n\n    第二段", "<p>第一段</p>\n<p>第二段</p>"),
        ("[注]: 见附件", "<p>[注]: 见附件</p>"),
        ("甲  \n乙", "<p>甲<br>\n乙</p>"),
        ("one\ntwo", "<p>one\ntwo</p>"),
        ("《关于印发<方案>的通知》", "<p>《关于印发&lt;方案&gt;的通知》</p>"),
        ("a &amp; b & c &lt;", "<p>a &amp;amp; b &amp; c &amp;lt;</p>"),
        ("**通报（2024）**的", "<p><strong>通报（2024）</strong>的</p>"),
        ("<b>粗</b>", "<p>&lt;b&gt;粗&lt;/b&gt;</p>"),
        ("# 标题", "<p># 标题</p>"),
        ("#3泵站停水", "<p>#3泵站停水</p>"),
        ("总结如下：\n（一）甲。\n（二）乙", "<p>总结如下：</p>\n<p>（一）甲。</p>\n<p>（二）乙</p>"),
        ("甲乙\n（一）丙", "<p>甲乙（一）丙</p>"),
        ("1.单位自查", "<p>1.单位自查</p>"),
        ("[点](javascript:alert(1))", '<p><a rel="noopener noreferrer nofollow">点</a></p>'),
    ],
)
def test_prose(source: str, html: str):
    assert text.prose(source) == html


@pytest.mark.parametrize(
    ("source", "lost"),
    [
        ("对张**、李**等人", "**、李**等人"),
        (r"对张\*\*、李\*\*等人", ""),
        ("1. 自查", "1.自查"),
        (r"1\. 自查", ""),
        ("   1. 自查", "1.自查"),
        ("   - 甲", "-甲"),
        ("| 甲 | 乙 |\n| - | - |\n| a\\|b | c |", ""),
        ("《关于印发<方案>的通知》：[2023]9号，5*6元，a_b。", ""),
        ("一是甲；二是乙。\n（一）丙。", ""),
        ("地址：甲　乙\u00a0丙", ""),
    ],
)
def test_what_would_not_be_printed_of_a_full_text(source: str, lost: str):
    assert text.unprinted(source) == lost


@pytest.mark.parametrize(
    ("source", "noticed"),
    [
        ("对张**、李**等人", True),
        ("电话0754-*，邮箱*@*63.com。", True),
        ("李*警告，罚款*元", True),
        ("138****1234 与 0990-* 照印", True),
        ("**重点工作**、**民生实事**两项，**2023年**完成。", False),
        ("这是**重点**工作，*斜体*也行。", False),
        ("| 甲 | 乙 |\n| - | - |\n| 丙 | 丁 | 多出的一格 |", True),
        ("甲 | 乙\n- | -\n丙 | 丁\n戊 | 己", False),
    ],
)
def test_what_markdown_mistakes_in_a_digest(source: str, noticed: bool):
    assert bool(text.mistaken(source)) == noticed


def test_tables_without_outer_bars_keep_their_cells():
    assert text.prose("甲 | 乙\n- | -\n丙 | 丁\n戊 | 己").count("<td>") == 4


def test_a_paragraph_of_thousands_of_lines_is_joined():
    assert text.prose("甲乙丙\n" * 20_000) == "<p>" + "甲乙丙" * 20_000 + "</p>"


def test_headings_of_a_page_have_ids_in_chinese_and_begin_at_level_two():
    html = text.page("# 大\n\n### 小 节\n\n[看](/a/?x=1&y=2#b)", lambda path: "../" + path)
    assert '<h2 id="大">大</h2>' in html
    assert '<h3 id="小-节">小 节</h3>' in html
    assert 'href="../a/?x=1&amp;y=2#b"' in html
