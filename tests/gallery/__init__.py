"""Every component in every state, from the site's own macros: `python -m tests.gallery OUT` writes OUT/index.html.

It is for developers, and no part of any published site.
"""

import shutil
from datetime import date
from pathlib import Path
from types import SimpleNamespace

from gongshi import urls
from gongshi.changes import Piece
from gongshi.derive.cards import IssueCard, Issuer, NoticeCard
from gongshi.derive.notice import Entry, Event, IssueView
from gongshi.derive.pictures import Line, Stretch, Year
from gongshi.derive.reach import Above, Reach
from gongshi.derive.rows import ContactCard, EmailLine, PhoneLine, Status
from gongshi.derive.tally import Tally
from gongshi.model import BUCKETS, Hotline, Issue, Operator, Site, StatusWords, Vocabulary
from gongshi.render import Renderer, Setting
from gongshi.revisions import Edit, Record, Revision, Told
from gongshi.templates import DEFAULT_TEMPLATES
from gongshi.totals import Comparison

_LABELS = {"open": "未完成", "unstated": "未注明", "ongoing": "长期坚持", "done": "已完成"}
_SITE = Site(
    schema="1",
    title="组件",
    description="网站的全部组件。",
    operator=Operator(name="示例单位"),
    statuses=Vocabulary(**{bucket: StatusWords(label=_LABELS[bucket]) for bucket in BUCKETS}),
    hotlines=(
        Hotline(number="12345", name="政务服务便民热线", note="全国统一号码"),
        Hotline(number="12388", name="举报电话"),
    ),
)
_LONG = "关于“放管服”改革落实不到位、企业反映办事环节多、材料多、时间长，有的窗口一次性告知制度执行不严的问题"

_EDITS = (
    Edit("整改进度：问题 1 管网改造滞后", "main", (Piece("正在整改", changed=True),), (Piece("已完成", changed=True),)),
    Edit("文字：正文", "", (), (Piece("……", changed=False), Piece(_LONG, changed=True))),
    Edit("其他改动：通报", "", (), (), "改了附件"),
)


def write(folder: Path) -> None:
    """Write the gallery and the static files that it needs."""
    renderer = Renderer(Setting(_SITE, Path(__file__).parent, None, ()))
    shutil.copytree(DEFAULT_TEMPLATES / "static", folder / "static", dirs_exist_ok=True)
    (folder / "index.html").write_bytes(renderer.render("gallery.html", urls.HOME, **_values()))


_CONTACT = ContactCard(
    (PhoneLine("7877072", "电话", "tel:+865397877072", "0539"), PhoneLine("0754-*", None, None, None)),
    (EmailLine("jubao@example.gov.cn", "mailto:jubao@example.gov.cn"), EmailLine("a@b…", None)),
    "示例路1号",
    "党建工作科",
    "276000",
    "工作日 9:00—17:00",
)


def _made(names: str, *values: object) -> SimpleNamespace:
    return SimpleNamespace(**dict(zip(names.split(), values, strict=True)))


def _listed(*values: object) -> SimpleNamespace:
    return _made("name path sector contact above", *values)


def _promise(*values: object) -> SimpleNamespace:
    return _made("path text due kind status overdue agency_path agency place", *values)


def _values() -> dict[str, object]:
    statuses = [Status(None, bucket) for bucket in BUCKETS] + [Status("长期任务已取得阶段性成效", "ongoing")]
    tallies = [Tally(open=7, ongoing=16, done=17), Tally(1, 1, 1, 1), Tally(done=4), Tally()]
    issuer = Issuer("甲局", "#", "", _CONTACT, "0539", "letter/", "", Above("乙局", "#", _CONTACT))
    reached = Reach(_CONTACT.phones[0], None, None)
    return {
        "issuer": issuer,
        "view": SimpleNamespace(reach=reached, agency=issuer),
        "groups": [
            _made(
                "name anchor path agencies",
                "甲市",
                "region-1",
                "",
                [_listed("甲局", "#", "水务", _CONTACT, None), _listed("乙局", "#", "", None, None)],
            )
        ],
        "years": [Year("2025", "#", 3, tallies[0], 100.0), Year("2024", "#", 1, tallies[2], 10.0)],
        "line": Line(
            "2023年1月1日",
            "2023年12月31日",
            (Stretch("自查", "main", "2023年1月", "past", 0.0, 8.5), Stretch("整改", "main", "", "now", 0.0, 0)),
            45.0,
        ),
        "record": Record(
            "0" * 64,
            Revision(date(2024, 4, 15), "0123456789", ""),
            (
                Revision(None, "", "公开的内容没有变化，只改了文件的写法。"),
                Revision(date(2024, 6, 1), "89abcdef01", "", _EDITS, 3),
                Revision(date(2024, 5, 1), "456789abcd", "这次改动的内容不予公开（涉及个人隐私）。"),
            ),
            cut=True,
            updates=(Told("2024年8月1日", "问题 1 管网改造滞后", "main", statuses[0]),),
        ),
        "promises": [
            _promise("#", "修好南一路", "2024年6月底前", "承诺", statuses[0], True, "#", "甲局", "通报，第1个问题"),
            _promise("#", "报送总结", "2024年12月底前", "报送材料", None, False, "#", "乙局", "方案"),
        ],
        "statuses": statuses,
        "tallies": tallies,
        "notices": [
            NoticeCard(
                "#", "关于巡察整改进展情况的通报", "rectification", "2023年6月21日", "甲局", 40, 128, 0, tallies[0]
            ),
            NoticeCard("#", _LONG, "plan", "日期未注明", "乙局", 0, 0, 7, Tally()),
        ],
        "issues": [
            IssueCard(
                "#",
                _LONG,
                statuses[0],
                "2024年1月5日",
                "甲局",
                "#",
                "2023年6月21日通报，第1个问题",
                3,
                "2023年12月底前",
            ),
            IssueCard("#", "台账不全", statuses[3], "", "甲局", "#", "日期未注明通报，第2个问题", 0, ""),
        ],
        "contacts": [
            _CONTACT,
            ContactCard((), (), "示例路1号", None, None, None),
        ],
        "totals": [
            Comparison("issues", 40, 40, 40),
            Comparison("measures", 34, 22, 21),
            Comparison("aspects", 5, None, None),
        ],
        "rows": [
            ("序号", "项目", "责任单位", "时限"),
            ("1", _LONG, "甲局", "2023年12月"),
            ("2", "修路", "乙局", "长期"),
        ],
        "issue_views": [_issue("1", "台账不全", "open", after="issue-3"), _issue("2", _LONG, "done")],
        "entries": [
            Entry("一、", "基本情况", "main"),
            Entry("二、", "进展情况", "main", None, (Entry("1.", "台账不全", "issue-1", "open", (), 1),), 1),
        ],
        "pages": {"count": 3, "number": 2, "links": [(1, "#"), (2, "#"), (3, "#")]},
    }


def _issue(number: str, title: str, bucket: str, after: str = "") -> IssueView:
    status = Status(None, bucket)
    return IssueView(
        issue=Issue(id=number, title=title, text="问题的正文。"),
        fields=(), anchor=f"issue-{number}", number=f"({number})", level=3, latest=status, measures=(), parts=(),
        events=(Event("2023年6月21日", "本通报公布", status), Event("2024年1月5日", "进展更新", Status(None, "done"), "已经补全。")),
        origin=None, withheld="", before="", after=after, ordinal=int(number), mail="mailto:jubao@example.gov.cn",
        overdue=False, commitments=(),
    )  # fmt: skip
