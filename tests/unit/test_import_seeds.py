"""The five real notices, in every format, import without an edit: nothing lost, and everything counted right."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from gongshi import model
from gongshi.derive.notice import ordinals
from gongshi.importer import lines, proof
from gongshi.importer.grammar import Draft, recognise
from gongshi.importer.read import read
from gongshi.numbering import printed
from tests.conftest import ROOT, SEEDS, TODAY, read_content
from tests.import_formats import as_docx, as_html, full_width

pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the five real notices are not beside the project")

FULL_WIDTH = str.maketrans({mark: chr(ord(mark) + 0xFEE0) for mark in ",:;()!?"})
FORMATS: dict[str, Callable[[str], bytes]] = {
    "plain.txt": str.encode,
    "full-width.txt": lambda text: text.translate(FULL_WIDTH).encode(),
    "full-width-in-chinese.txt": lambda text: full_width(text).encode(),
    "gb18030-crlf.txt": lambda text: text.replace("\n", "\r\n").encode("gb18030"),
    "bom.txt": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "word.docx": lambda text: as_docx(_paragraphs(text)),
    "page.html": lambda text: as_html(_paragraphs(text)),
    "bare.html": lambda text: "".join(f"<p>{line}</p>" for line in _escaped(text)).encode(),
    "breaks.html": lambda text: f"<html><body><div>{'<br>'.join(_escaped(text))}</div></body></html>".encode(),
}


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _escaped(text: str) -> list[str]:
    return [line.replace("&", "&amp;").replace("<", "&lt;") for line in _paragraphs(text)]


def _seed(number: str) -> str:
    return next(SEEDS.glob(f"{number}_*.txt")).read_text(encoding="utf-8")


def _draft(number: str, name: str = "plain.txt") -> Draft:
    return recognise(read(name, FORMATS[name](_seed(number))))


def _half_width(text: str) -> str:
    return "".join(lines.folded(text).split())


def _measures(notice: model.Notice) -> list[int]:
    return [len(list(issue.all_measures())) for issue in notice.all_issues()]


def _day(value: object) -> str:
    return str(value) if value else ""


def _inspection(notice: model.Notice) -> tuple[str, ...]:
    assert notice.inspection
    found = notice.inspection
    return (found.body, _day(found.started), _day(found.ended), _day(found.feedback), " ".join(found.inferred))


def _signed(notice: model.Notice) -> tuple[str, str]:
    assert notice.signed
    return (notice.signed.by, _day(notice.signed.date))


def _contact(notice: model.Notice) -> tuple[list[str], list[str], str, str, str]:
    assert notice.contact
    found = notice.contact
    assert found.postal
    postal = found.postal
    phones = [phone.number for phone in found.phones]
    return (phones, list(found.emails), postal.address or "", postal.recipient or "", postal.postcode or "")


def _declared(notice: model.Notice) -> dict[str, int | bool]:
    totals = notice.declared
    return {name: value for name in totals.__dataclass_fields__ if name != "at" and (value := getattr(totals, name))}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("number", ["000", "001", "002", "003", "004"])
def test_nothing_is_lost_and_the_structure_is_the_same(number: str, name: str):
    found = _draft(number, name)
    article = proof.printed(found.notice)
    left = _half_width(_seed(number))
    for paragraph in (paragraph for paragraph, _ in found.noise if not paragraph.aside):
        left = left.replace(_half_width(paragraph.text), "", 1)
    assert _half_width(article) == left
    assert _shape(found) == _shape(_draft(number))


def _shape(found: Draft) -> list[object]:
    """Everything that was recognised, whatever the width of the characters."""
    notice = found.notice
    places = ordinals(notice)
    style = notice.numbering.issue
    return [
        _half_width(f"{notice.title} {notice.kind} {notice.signed and _signed(notice)}"),
        [len(section.aspects) for section in notice.sections],
        [len(aspect.groups) for section in notice.sections for aspect in section.aspects],
        [
            _half_width(f"{issue.number or printed(style or '1', places[id(issue)])}{issue.title}{issue.status}")
            for issue in notice.all_issues()
        ],
        [bool(issue.cause) for issue in notice.all_issues()],
        _measures(notice),
        [_half_width(f"{task.title}{task.lead}{task.units}") for s in notice.sections for task in s.tasks],
        [
            (phase.start, phase.end, [(_half_width(d.title), d.due) for d in phase.deliverables])
            for phase in notice.all_phases()
        ],
        [(item.number, _half_width(item.title)) for item in notice.attachments],
        notice.inspection,
        notice.declared,
        notice.figures,
        _half_width(str(notice.contact and _contact(notice))),
    ]


def test_000():
    found = _draft("000")
    notice = found.notice
    aspects = notice.sections[1].aspects
    assert len(aspects) == 4
    assert _measures(notice) == [3, 3, 3, 3, 3, 4, 2, 3, 3, 3]
    assert _inspection(notice) == ("市委第六巡察组", "2023-06-08", "2023-09-05", "2023-11-10", "")
    assert _declared(notice) == {
        "measures": 30, "measures_done": 30, "measures_long_term": 9, "done_includes_long_term": True,
    }  # fmt: skip
    declared = [(part.issues, part.measures) for aspect in aspects if (part := aspect.declared)]
    assert declared == [(2, 7), (5, 15)]
    assert [(f.label, int(f.value), f.unit) for f in notice.figures] == [
        ("新建制度", 7, "项"),
        ("修订完善制度", 1, "项"),
    ]
    place = ("东营市南一路359号", "东营市交通运输局", "")
    assert _contact(notice) == (["8321918"], ["sjtysjfgk@dy.shandong.cn"], *place)
    assert _signed(notice) == ("中共东营市交通运输局党组", "2024-04-15")


def test_001():
    notice = _draft("001").notice
    aspects = notice.sections[1].aspects
    assert (len(aspects), sum(len(aspect.groups) for aspect in aspects)) == (6, 12)
    statuses = [issue.status for issue in notice.all_issues()]
    wordings = ("已完成", "长期任务已取得阶段性成效", "未完成")
    assert [statuses.count(wording) for wording in wordings] == [17, 16, 7]
    assert len(statuses) == 40
    (divided,) = (issue for issue in notice.all_issues() if issue.parts)
    assert divided.id == "21"
    assert [len(part.measures) for part in divided.parts] == [3, 3]
    assert notice.labels.status == "整改进度:"
    assert _inspection(notice) == ("市委第五巡察组", "2022-06-22", "2022-09-22", "2022-12-06", "feedback")
    assert (_day(notice.published), notice.source and notice.source.name) == ("2023-06-21", "临沂市纪委监委网站")
    assert _signed(notice) == ("中共临沂市交通运输局党组", "2023-06-09")
    assert _contact(notice) == (["7877072"], ["lysjtjjcs@ly.shandong.cn"], "", "临沂市交通运输局党建工作科", "")


def test_002():
    found = _draft("002")
    notice = found.notice
    issues = list(notice.all_issues())
    places = ordinals(notice)
    numbers = [issue.number or printed(notice.numbering.issue or "", places[id(issue)]) for issue in issues]
    assert numbers == ["1.", "1.", "3.", "2."]
    assert all(issue.cause for issue in issues)
    assert [issue.status for issue in issues] == ["已完成并长期坚持。"] * 4
    assert found.untitled
    assert _inspection(notice) == ("区委第一专项巡察组", "2021-10 中旬", "2021-12 中旬", "2022-02-18", "")
    assert notice.inspection
    assert notice.inspection.subject == "行政审批服务领域专项巡察"
    assert _declared(notice) == {"aspects": 3, "issues": 9}
    assert _contact(notice) == (["0754-*"], ["*@*63.com"], "(略) 澄海区西华路中段", "澄海区交通运输局", "*")
    assert notice.signed is None


def test_003():
    notice = _draft("003").notice
    tasks = [task for section in notice.sections for task in section.tasks]
    assert len(tasks) == 6
    assert all(task.lead and task.units for task in tasks)
    assert tasks[4].lead == ("行政审批科", "规划建设科")
    assert tasks[1].units == ("各县(市)区交通运输局", "市交通运输综合行政执法队")
    phases = list(notice.all_phases())
    assert [(_day(phase.start), _day(phase.end)) for phase in phases] == [
        ("2023-04-26", "2023-04-30"), ("2023-05", "2023-05"), ("2023-06", "2023-07"), ("2023-08", "2023-08"),
        ("2023-09", "2023-10"), ("2023-11", "2023-11"), ("2023-12", "2023-12"),
    ]  # fmt: skip
    assert [(item.attachment, _day(item.due)) for phase in phases for item in phase.deliverables] == [
        ("2", "2023-05-31"), ("3", "2023-06-05"), ("4", "2023-07-30"), ("5", "2023-08-31"), ("6", "2023-10-30"),
        (None, "2023-11-30"), (None, "2023-12-15"),
    ]  # fmt: skip
    assert [attachment.number for attachment in notice.attachments] == list("123456")
    assert _declared(notice) == {"phases": 7}
    assert (notice.title_added, notice.kind) == (True, "plan")


def test_004():
    notice = _draft("004").notice
    assert len(notice.sections[1].aspects) == 3
    assert _measures(notice) == [2, 2, 3, 2, 3, 2, 2, 2, 2, 2]
    assert notice.numbering.restart == ("issue",)
    assert _inspection(notice) == ("市委第五巡察组", "2023-06-05", "2023-09-08", "2023-11-10", "feedback")
    assert _declared(notice) == {
        "issues": 14, "issues_done": 13, "measures": 34, "measures_done": 33, "measures_open": 1,
        "done_includes_long_term": True,
    }  # fmt: skip
    phones, emails, address, recipient, _ = _contact(notice)
    assert (phones, emails) == (["0546-8382481"], ["dysfgwbgs@dy.shandong.cn"])
    assert (address, recipient) == ("府前大街77号1012房间", "东营市发展和改革委员会办公室")
    assert _signed(notice) == ("中共东营市发展和改革委员会党组", "2024-04-18")


def test_they_import_into_the_demonstration_content_and_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run):
    shutil.copytree(ROOT / "content", tmp_path / "content")
    monkeypatch.chdir(tmp_path)
    before = set((tmp_path / "content").rglob("*.yaml"))
    code, report, _ = run("import", *map(str, sorted(SEEDS.glob("*.txt"))))
    assert code == 0
    assert report.count("100%") == 5
    assert "没有认出结构" not in report
    made = set((tmp_path / "content").rglob("*.yaml")) - before
    assert len(made) == 5
    assert {path.parts[-3] for path in made} == {"notices"}, "all five agencies are known: no draft is made"
    assert run("check", "--today", TODAY)[0] == 0
    assert run("build", "--today", TODAY)[0] == 0
    for path in made:
        text = next(p for p in SEEDS.glob("*.txt") if p.name in report.split(path.name)[0].rsplit("已导入", 1)[1])
        kept, _ = lines.without_noise(read(text.name, text.read_bytes()))
        page = (tmp_path / "site/notices" / path.stem / "index.html").read_bytes()
        assert proof.document(page) == proof.source_text(kept)


def test_each_agency_is_drafted_once_and_never_taken_for_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run):
    shutil.copytree(ROOT / "content", tmp_path / "content")
    for folder in ("agencies", "notices"):
        shutil.rmtree(tmp_path / "content" / folder)
        (tmp_path / "content" / folder).mkdir()
    monkeypatch.chdir(tmp_path)
    assert run("import", *map(str, sorted(SEEDS.glob("*.txt"))))[0] == 0
    agencies, _ = read_content(Path("content"))
    assert {(agency.name, agency.region, agency.region_inferred) for agency in agencies} == {
        ("东营市交通运输局", "370500", False),
        ("临沂市交通运输局", "371300", False),
        ("澄海区交通运输局", "440515", False),
        ("葫芦岛市交通运输局", "211400", False),
        ("东营市发展和改革委员会", "370500", False),
    }
    assert run("build", "--today", TODAY)[0] == 0
