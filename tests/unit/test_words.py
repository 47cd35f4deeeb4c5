"""Numbers, dates, contacts, totals and reports, as people and machines read them."""

import json
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongshi import report, urls
from gongshi.contact import is_masked, mailto, tel
from gongshi.dates import PartialDate, span_words
from gongshi.model import Phone
from gongshi.numbering import chinese_numeral, printed
from gongshi.outputs.data import _cell
from gongshi.problems import Problem, Severity, Span


@pytest.mark.parametrize(
    ("style", "n", "expected"),
    [
        ("一、", 3, "三、"),
        ("(一)", 12, "(十二)"),
        ("（一）", 20, "（二十）"),
        ("1.", 40, "40."),
        ("(1)", 7, "(7)"),
        ("一是", 21, "二十一是"),
        ("第一，", 105, "第一百零五，"),
        ("①", 21, "㉑"),
        ("①", 51, "(51)"),
    ],
)
def test_printed_numbers(style: str, n: int, expected: str):
    assert printed(style, n) == expected


@given(st.integers(1, 9999))
def test_chinese_numerals_can_be_read_back(n: int):
    values = {c: v for v, c in enumerate("零一二三四五六七八九")}
    units = {"十": 10, "百": 100, "千": 1000}
    total, digit = 0, 0
    for c in chinese_numeral(n):
        if c in units:
            total += (digit or 1) * units[c]
            digit = 0
        else:
            digit = values[c]
    assert total + digit == n


@pytest.mark.parametrize(
    ("text", "chinese", "first", "last"),
    [
        ("2024-02-29", "2024年2月29日", date(2024, 2, 29), date(2024, 2, 29)),
        ("2024-02", "2024年2月", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024", "2024年", date(2024, 1, 1), date(2024, 12, 31)),
        ("2021-10 中旬", "2021年10月中旬", date(2021, 10, 11), date(2021, 10, 20)),
        ("2023-02 下旬", "2023年2月下旬", date(2023, 2, 21), date(2023, 2, 28)),
    ],
)
def test_dates_are_as_exact_as_the_notice(text: str, chinese: str, first: date, last: date):
    value = PartialDate.parse(text)
    assert (value.chinese, value.first, value.last, str(value)) == (chinese, first, last, text)


@pytest.mark.parametrize(
    "text", ["2023-02-30", "2023-13", "2023-6-8", "20230608", "0000", "２０２３", "2023-06-08 上旬"]
)
def test_what_is_no_date_is_refused(text: str):
    with pytest.raises(ValueError, match=re.escape(text) + "|day|month|year"):
        PartialDate.parse(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2025-06-30", "2025年6月30日前"),
        ("2025-06", "2025年6月底前"),
        ("2025-06 中旬", "2025年6月中旬内"),
        ("2025", "2025年底前"),
    ],
)
def test_deadlines_never_end_before_the_notice_says(text: str, words: str):
    assert PartialDate.parse(text).deadline == words


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2023-04-26", "2023-04-30", "2023年4月26日至30日"),
        ("2023-06", "2023-07", "2023年6月至7月"),
        ("2023-12-30", "2024-01-02", "2023年12月30日至2024年1月2日"),
        ("2023-05", "2023-05", "2023年5月"),
        ("2021-10 中旬", "2021-12 中旬", "2021年10月中旬至12月中旬"),
        ("2023", "2023-06", "2023年至2023年6月"),
        ("2024-11", "2024-11-30", "2024年11月至11月30日"),
    ],
)
def test_spans_of_time(start: str, end: str, words: str):
    assert span_words(PartialDate.parse(start), PartialDate.parse(end)) == words


@pytest.mark.parametrize(
    ("number", "area", "link"),
    [
        ("8321918", "0546", "tel:+865468321918"),
        ("8321918", None, None),
        ("0546-8382481", None, "tel:+865468382481"),
        ("(0546) 8382481", None, "tel:+865468382481"),
        ("010-66001234转802", None, "tel:+861066001234;ext=802"),
        ("8321918转8", "0546", "tel:+865468321918;ext=8"),
        ("13800001111", "0546", "tel:+8613800001111"),
        ("400-123-4567", "0546", "tel:4001234567"),
        ("12345", "0546", "tel:12345"),
        ("+86 546 8382481", None, "tel:+865468382481"),
        ("0754-*", "0754", None),
        ("138****1234", "0546", None),
        ("138XXXX1234", "0546", None),
        ("0546-●●●●", "0546", None),
        ("８３２１９１８", "0546", "tel:+865468321918"),
        ("０５４６－８３２１９１８", None, "tel:+865468321918"),
        ("0546—8321918", None, "tel:+865468321918"),
        ("（8321918）", "0546", "tel:+865468321918"),
        ("8321918-801", "0546", "tel:+865468321918;ext=801"),
        ("0546-8321918-801", None, "tel:+865468321918;ext=801"),
        ("86-546-8321918", None, "tel:+865468321918"),
        ("+86(0546)8381234", None, "tel:+865468381234"),
        ("0086-546-8381234", None, "tel:+865468381234"),
        ("+1 202 555 0100", None, "tel:+12025550100"),
        ("4001234-567", "0546", "tel:4001234567"),
        ("1381234-5678", "0546", "tel:+8613812345678"),
        ("0546-8381234分机801", None, "tel:+865468381234;ext=801"),
        ("0546-8381234（转801）", None, "tel:+865468381234;ext=801"),
        ("0990-2345678 2345679", "0990", None),
        ("123456789", "0546", None),
    ],
)
def test_phones_become_links(number: str, area: str | None, link: str | None):
    assert tel(Phone(number=number), area) == link


def test_masked_addresses_are_no_links():
    assert is_masked("(略) 西华路")
    assert mailto("*@*63.com") is None
    assert mailto("a@b.example") == "mailto:a@b.example"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_cells_are_no_formulas(text: str):
    assert _cell(text) == "'" + text


def test_github_annotations_are_escaped():
    problem = Problem(Span("a,b:c%.yaml", 3, 7), Severity.ERROR, "code", "100%：一行\n::error::又一行")
    expected = "::error file=a%2Cb%3Ac%25.yaml,line=3,col=7,title=code::100%25：一行%0A::error::又一行\n"
    assert report.as_github([problem]) == expected


def test_json_report():
    problem = Problem(Span("a.yaml"), Severity.WARNING, "bom", "开头有 BOM")
    assert json.loads(report.as_json([problem])) == [
        {"path": "a.yaml", "line": 0, "column": 0, "severity": "warning", "code": "bom", "message": "开头有 BOM"}
    ]


@pytest.mark.parametrize(
    ("here", "there", "link"),
    [
        ("", "", "./"),
        ("", "notices/", "notices/"),
        ("notices/a/", "", "../../"),
        ("notices/a/", "notices/b/#x", "../../notices/b/#x"),
        ("404.html", "static/style.css", "static/style.css"),
    ],
)
def test_relative_links(here: str, there: str, link: str):
    assert urls.relative(here, there) == link
