"""N invented notices in the content format of Gongshi: the same for the same N, each made by itself from its number.

A notice never needs another but the earlier one that it follows, so a corpus of any size is written as a stream.
"""

import csv
import io
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bench import pools
from bench.yaml_text import Flow, Quoted, dump

SEED = "gongshi-bench-2"
FIRST_DAY, LAST_DAY = date(2021, 1, 1), date(2025, 12, 31)
STATUSES: tuple[tuple[str | None, int], ...] = (
    ("已完成", 48), ("完成整改", 8), ("整改到位", 6),
    ("长期任务已取得阶段性成效", 8), ("持续整改", 6), ("长期坚持", 4),
    ("正在推进", 8), ("未完成", 4), ("部分整改", 3),
    (None, 5),
)  # fmt: skip
OPEN_WORDINGS = ("正在推进", "未完成", "部分整改")
_WORDINGS = [wording for wording, _ in STATUSES]
_WEIGHTS = [weight for _, weight in STATUSES]
_MANY_GROUPS = 6  # issues in an aspect from which on it can have groups
Notice = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Agency:
    """An invented agency: what its notices say of it."""

    id: str
    name: str
    region: str
    sector: str
    address: str
    number: int

    @property
    def phone(self) -> str:
        """Its phone without the area code."""
        return f"2345{self.number % 1000:03d}"

    @property
    def email(self) -> str:
        """Its invented address."""
        return f"office{self.number}@example.gov.cn"


@dataclass(frozen=True, slots=True)
class Written:
    """A notice ready to be written: its id, its year, what it says, and the files beside it."""

    id: str
    year: int
    notice: Notice
    files: dict[str, str]


class Corpus:
    """The places, the agencies and the notices of a corpus of `size` notices."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.regions, leaves = _regions(max(2, size // 200))
        self.agencies = list(_agencies(max(4, size // 12), leaves))

    def site(self) -> Notice:
        """What `site.yaml` says."""
        return _site()

    def notices(self) -> Iterator[Written]:
        """Every notice, in the order of its number."""
        for number in range(self.size):
            yield self.written(number)

    def written(self, number: int) -> Written:
        """One notice with its files."""
        rng = random.Random(f"{SEED}:{number}")  # noqa: S311 - texts, not secrets
        agency, day = self._issued(number)
        notice_id = f"{agency.id}-{day.year}-{number:05d}"
        words = _Words(rng, day)
        if _is_plan(number):
            notice, files = _plan(words, agency, day)
        else:
            notice, files = _rectification(words, agency, day), {}
            if (earlier := _followed(number)) is not None:
                self._continue(notice, self.written(earlier))
        return Written(notice_id, day.year, notice, files)

    def _issued(self, number: int) -> tuple[Agency, date]:
        """Who issued a notice, and when; one that follows another has its agency, and comes later."""
        earlier = _followed(number)
        rng = random.Random(f"{SEED}:{number}:issued")  # noqa: S311
        if earlier is not None:
            agency, day = self._issued(earlier)
            return agency, min(day + timedelta(days=rng.randint(150, 400)), LAST_DAY)
        days = (LAST_DAY - FIRST_DAY).days
        return rng.choice(self.agencies), FIRST_DAY + timedelta(days=rng.randint(0, days))

    @staticmethod
    def _continue(notice: Notice, earlier: Written) -> None:
        """Let the first issues of a notice take up those of the earlier one that are not done."""
        done = {"已完成", "完成整改", "整改到位"}
        before = [issue for issue in issues_of(earlier.notice) if issue.get("status") not in done][:3]
        notice["follows"] = [earlier.id]
        for issue, old in zip(issues_of(notice), before, strict=False):
            issue["title"] = old["title"]
            issue["continues"] = f"{earlier.id}#issue-{old['id']}"


def issues_of(notice: Notice) -> Iterator[Notice]:
    """The issues of a notice at any level, in order."""
    for section in notice["sections"]:
        for aspect in section.get("aspects", ()):
            for group in aspect.get("groups", ()):
                yield from group["issues"]
            yield from aspect.get("issues", ())


def write(size: int, folder: Path) -> None:
    """Write a corpus as a content folder. What is there already is overwritten, nothing is removed."""
    corpus = Corpus(size)
    (folder / "agencies").mkdir(parents=True, exist_ok=True)
    (folder / "pages").mkdir(exist_ok=True)
    (folder / "site.yaml").write_text(dump(corpus.site()), encoding="utf-8")
    regions: Notice = {Quoted(code): name for code, name in corpus.regions.items()}
    (folder / "regions.yaml").write_text(dump(regions), encoding="utf-8")
    (folder / "pages" / "about.md").write_text(_ABOUT, encoding="utf-8")
    for agency in corpus.agencies:
        path = folder / "agencies" / f"{agency.id}.yaml"
        path.write_text(dump(_agency_file(agency)), encoding="utf-8")
    for year in range(FIRST_DAY.year, LAST_DAY.year + 1):
        (folder / "notices" / str(year)).mkdir(parents=True, exist_ok=True)
    for written in corpus.notices():
        path = folder / "notices" / str(written.year) / f"{written.id}.yaml"
        path.write_text(dump(written.notice), encoding="utf-8")
        for name, text in written.files.items():
            path.with_suffix("").mkdir(exist_ok=True)
            (path.with_suffix("") / name).write_text(text, encoding="utf-8")


def _is_plan(number: int) -> bool:
    return number % 33 == 20  # noqa: PLR2004 - three in a hundred


def _followed(number: int) -> int | None:
    """The earlier notice that a notice follows, if it does: one in a hundred."""
    if number % 100 != 99 or _is_plan(number):  # noqa: PLR2004
        return None
    earlier = number - 57
    return earlier - 1 if _is_plan(earlier) else earlier


def _regions(count: int) -> tuple[dict[str, str], list[tuple[str, str, str]]]:
    """Codes and names of all regions, and of the districts also a name in ASCII: ten districts a city."""
    stems = [
        (side + first + last, side_ascii + first_ascii + last_ascii)
        for side, side_ascii in pools.SIDES
        for last, last_ascii in pools.ENDINGS
        for first, first_ascii in pools.SYLLABLES
    ]
    names: dict[str, str] = {}
    leaves: list[tuple[str, str, str]] = []
    for place in range(count):
        city, district = divmod(place, 10)
        province, city_in_province = divmod(city, 20)
        code = 90 + province
        names.setdefault(f"{code}0000", pools.PROVINCES[province])
        names.setdefault(f"{code}{city_in_province + 1:02d}00", f"{stems[-1 - city][0]}市")
        name, ascii_name = stems[place]
        leaf = f"{code}{city_in_province + 1:02d}{district + 1:02d}"
        names[leaf] = name + ("区" if district % 3 else "县")
        leaves.append((leaf, names[leaf], ascii_name))
    return names, leaves


def _agencies(count: int, leaves: list[tuple[str, str, str]]) -> Iterator[Agency]:
    for number in range(count):
        turn, place = divmod(number, len(leaves))
        code, name, ascii_name = leaves[place]
        department, ascii_department, sector = pools.DEPARTMENTS[turn % len(pools.DEPARTMENTS)]
        road = pools.ROADS[number % len(pools.ROADS)]
        yield Agency(
            id=f"{ascii_name}-{ascii_department}",
            name=name + department,
            region=code,
            sector=sector,
            address=f"{name}{road}{number % 200 + 1}号",
            number=number + 1,
        )


def _site() -> Notice:
    return {
        "schema": 1,
        "title": "整改公示测试站",
        "description": "用于测量生成速度的网站，内容都是编造的。",
        "base_url": "https://bench.example/",
        "timezone": "Asia/Shanghai",
        "operator": {
            "name": "测试站编辑部",
            "phone": "0999-2345000",
            "email": "editor@example.gov.cn",
            "address": "文华街1号",
        },
        "hotlines": [
            Flow(number=Quoted("12345"), name="政务服务便民热线", note="咨询、求助、投诉和建议"),
            Flow(number=Quoted("12388"), name="纪检监察举报电话", note="反映违纪违法问题"),
        ],
        "statuses": {
            "open": {"label": "未完成", "wordings": [*OPEN_WORDINGS, "未整改", "正在整改"]},
            "unstated": {"label": "未注明"},
            "ongoing": {"label": "长期坚持", "wordings": ["长期任务已取得阶段性成效", "持续整改", "长期坚持"]},
            "done": {"label": "已完成", "wordings": ["已完成", "完成整改", "整改到位", "已销号"]},
        },
    }


_ABOUT = """# 关于本站

本站的单位、地区、问题和数字都是编造的，只用来测量网站生成的快慢。

## 怎样查看

从[通报](/notices/)和[单位](/agencies/)进入，也可以看[监督方式](/supervision/)。
"""


def _agency_file(agency: Agency) -> Notice:
    return {
        "name": agency.name,
        "party_body": f"中共{agency.name}党组",
        "region": Quoted(agency.region),
        "sector": agency.sector,
        "contact": {
            "phones": [Flow(number=Quoted(agency.phone), area_code=Quoted("0999"), label="监督电话")],
            "emails": [agency.email],
            "postal": {"address": agency.address, "recipient": f"{agency.name}办公室"},
            "hours": "工作日 9:00—12:00、14:00—17:00",
        },
    }


class _Words:
    """Sentences of one notice, from the pools, with its own numbers."""

    def __init__(self, rng: random.Random, day: date) -> None:
        self.rng = rng
        self.day = day

    def one(self, pool: tuple[str, ...]) -> str:
        """A sentence of a pool, with its placeholders filled."""
        return self.filled(self.rng.choice(pool))

    def several(self, pool: tuple[str, ...], count: int) -> list[str]:
        """Different sentences of a pool."""
        return [self.filled(text) for text in self.rng.sample(pool, count)]

    def filled(self, text: str) -> str:
        """A text with its placeholders filled."""
        if "{" not in text:
            return text
        rng = self.rng
        return text.format(
            s=rng.choice(pools.SUBJECTS),
            h=rng.choice(pools.OFFICES),
            n=rng.randint(2, 30),
            o=rng.randint(2, 20),
            k=rng.randint(31, 960),
            r=rng.randint(90, 99),
            m=f"{rng.randint(1, 12)}月",
            d=f"{rng.choice('岫汀棠屿')}{rng.choice(pools.ISSUED)}〔{self.day.year}〕{rng.randint(1, 99)}号",
            v="".join(map(rng.choice, (pools.VILLAGE_THIRD, pools.VILLAGE_FIRST, pools.VILLAGE_SECOND))) + "村",
            x=rng.choice(pools.LATIN),
            p=f"0999-23{rng.randint(45000, 45999)}",
            b="上级巡察组",
            t="年内",
        )

    def chance(self, percent: int) -> bool:
        """True so many times of a hundred."""
        return self.rng.randrange(100) < percent

    def before(self, least: int, most: int) -> date:
        """A day some days before the notice."""
        return self.day - timedelta(days=self.rng.randint(least, most))

    def due(self) -> str:
        """A day, a month or (seldom) a year, as a deadline."""
        day = self.day + timedelta(days=self.rng.randint(-120, 300))
        kind = self.rng.randrange(10)
        return f"{day:%Y-%m-%d}" if kind < 7 else f"{day:%Y-%m}" if kind < 9 else f"{day:%Y}"  # noqa: PLR2004


def _rectification(words: _Words, agency: Agency, day: date) -> Notice:
    rng = words.rng
    verbatim = words.chance(50)
    body = f"{rng.choice(('市委', '县委', '区委'))}第{rng.choice('一二三四五六七八')}巡察组"
    ended = words.before(200, 320)
    issues = [_issue(words, number, plain=verbatim) for number in range(1, rng.randint(10, 40) + 1)]
    aspects = list(_aspects(words, issues))
    labelled = verbatim and words.chance(60)
    contact = _contact(agency, printed_code=words.chance(50))
    notice: Notice = {
        "kind": "rectification",
        "title": f"中共{agency.name}党组关于巡察整改进展情况的通报",
        "agency": agency.id,
        "published": day,
        "text": "verbatim" if verbatim else "digest",
        "inspection": {
            "body": body,
            "round": f"第{rng.choice('一二三四五六七八九')}轮巡察",
            "started": ended - timedelta(days=rng.randint(30, 75)),
            "ended": ended,
            "feedback": words.before(100, 180),
        },
    }
    if not verbatim:
        notice["source"] = {"name": f"{agency.name}网站", "published": day}
    notice["declared"] = _declared(words, aspects, issues)
    if words.chance(40):
        notice["figures"] = [
            Flow(label="新建制度", value=rng.randint(1, 20), unit="项"),
            Flow(label="清退资金", value=f"{rng.randint(1, 90)}.{rng.randint(1, 9)}", unit="万元"),
        ]
    if labelled:
        notice["labels"] = {"status": "整改进度：", "measures": "整改情况：", "cause": "原因分析："}
    notice["numbering"] = _numbering(words, aspects)
    opening = words.rng.choice(pools.OPENINGS).format(b=body, t=f"{ended.year}年")
    notice["opening"] = opening
    notice["sections"] = [
        {"title": "整改工作组织情况", "text": _paragraphs(words.several(pools.WORK, 3))},
        {"title": "整改落实进展情况", "aspects": aspects},
        {"title": "下一步工作打算", "text": _paragraphs(words.several(pools.NEXT, 2))},
    ]
    phone, email = contact["phones"][0]["number"], contact["emails"][0]
    notice["closing"] = (
        f"欢迎对整改落实情况进行监督。监督电话：{phone}；电子邮箱：{email}；通信地址：{agency.address}。"
    )
    notice["contact"] = contact
    notice["signed"] = {"by": f"中共{agency.name}党组", "date": day - timedelta(days=rng.choice((0, 0, 1, 3)))}
    return notice


def _contact(agency: Agency, *, printed_code: bool) -> Notice:
    number = f"0999-{agency.phone}" if printed_code else agency.phone
    return {
        "phones": [Flow(number=Quoted(number), label="监督电话")],
        "emails": [agency.email],
        "postal": {"address": agency.address},
    }


def _paragraphs(sentences: list[str]) -> str:
    return "\n\n".join(sentences)


def _numbering(words: _Words, aspects: list[Notice]) -> Notice:
    measure = words.rng.choice(("一是", "一是", "一是", "(1)", "①"))
    numbering = {"section": "一、", "aspect": "（一）"}
    if any("groups" in aspect for aspect in aspects):
        numbering["group"] = "1."
    return {**numbering, "issue": "1." if "group" not in numbering else "（1）", "measure": measure}


def _declared(words: _Words, aspects: list[Notice], issues: list[Notice]) -> Notice:
    declared = {
        "aspects": len(aspects),
        "issues": len(issues),
        "measures": sum(len(issue["measures"]) for issue in issues),
    }
    if words.chance(30):
        declared["issues_done"] = sum(issue.get("status") in ("已完成", "完成整改", "整改到位") for issue in issues)
    if words.chance(4):
        declared["measures"] += words.rng.randint(1, 5)
    return declared


def _aspects(words: _Words, issues: list[Notice]) -> Iterator[Notice]:
    """The issues in two to six aspects, long ones sometimes in groups."""
    count = min(6, max(2, len(issues) // 6))
    titles = words.rng.sample(pools.ASPECTS, count)
    for place, title in enumerate(titles):
        own = issues[place * len(issues) // count : (place + 1) * len(issues) // count]
        aspect: Notice = {"title": title}
        if words.chance(30):
            aspect["text"] = words.one(pools.ASPECT_TEXTS)
        if words.chance(20):
            aspect["declared"] = {"issues": len(own)}
        if len(own) >= _MANY_GROUPS and words.chance(40):
            first, second = words.rng.sample(pools.GROUPS, 2)
            half = len(own) // 2
            aspect["groups"] = [{"title": first, "issues": own[:half]}, {"title": second, "issues": own[half:]}]
        else:
            aspect["issues"] = own
        yield aspect


def _issue(words: _Words, number: int, *, plain: bool) -> Notice:
    rng = words.rng
    issue: Notice = {"id": Quoted(number), "title": words.one(pools.ISSUES)}
    status = rng.choices(_WORDINGS, _WEIGHTS)[0]
    if status:
        issue["status"] = status
    if words.chance(50):
        issue["cause"] = words.one(pools.CAUSES)
    texts = words.several(pools.MEASURES, rng.choices((2, 3, 4, 5), (20, 35, 30, 15))[0])
    texts = [text + words.one(pools.MEASURES) if words.chance(32) else text for text in texts]
    measures: list[Any] = [text if plain or not words.chance(20) else _marked(words, text) for text in texts]
    if words.chance(6):
        measures[-1] = {"text": measures[-1], "status": rng.choice(OPEN_WORDINGS), "due": words.due()}
    issue["measures"] = measures
    issue["lead"] = [rng.choice(pools.OFFICES)]
    if words.chance(60):
        issue["units"] = rng.sample(pools.UNITS, rng.randint(1, 2))
    if words.chance(70):
        issue["due"] = words.due()
    return issue


def _marked(words: _Words, text: str) -> str:
    """A measure set in Markdown."""
    marks: tuple[Callable[[_Words, str], str], ...] = (_bold, _bold, _list, _link, _table)
    return words.rng.choice(marks)(words, text)


def _bold(_: _Words, text: str) -> str:
    head, comma, rest = text.partition("，")
    return f"**{head}**{comma}{rest}" if comma else f"**{text[:-1]}** 。"


def _list(words: _Words, text: str) -> str:
    items = "\n".join(
        f"{mark}{item}" for mark, item in zip(("1. ", "2. "), words.several(pools.MEASURES, 2), strict=True)
    )
    return f"{text}\n\n{items}"


def _link(words: _Words, text: str) -> str:
    return f"{text}详见[公开的清单](https://data.example/list/{words.rng.randint(1000, 9999)})。"


def _table(words: _Words, text: str) -> str:
    names = words.rng.sample(pools.SUBJECTS, 3)
    rows = "\n".join(
        f"| {name} | {words.rng.randint(1, 400)} | {words.rng.choice(('已办结', '推进中'))} |" for name in names
    )
    return f"{text}\n\n| 事项 | 数量 | 进度 |\n| --- | --- | --- |\n{rows}"


def _plan(words: _Words, agency: Agency, day: date) -> tuple[Notice, dict[str, str]]:
    rng = words.rng
    subject = rng.choice(pools.PLAN_SUBJECTS)
    aims = [text.format(p=subject) for text in pools.PLAN_AIMS]
    notice = {
        "kind": "plan",
        "title": f"{agency.name}{subject}专项行动实施方案",
        "agency": agency.id,
        "published": day,
        "text": "digest",
        "source": {"name": f"{agency.name}网站", "published": day},
        "numbering": {"section": "一、", "task": "（一）", "phase": "（一）"},
        "opening": f"为切实解决群众反映的问题，现就开展{subject}专项行动制定如下方案。",
        "sections": [
            {"title": "总体要求", "text": _paragraphs(aims)},
            {
                "title": "重点任务",
                "tasks": [_task(words, title) for title in words.several(pools.TASKS, rng.randint(6, 10))],
            },
            {"title": "实施步骤", "phases": list(_phases(words, day))},
        ],
        "attachments": [{"number": 1, "title": f"{subject}登记表", "file": "register-1.csv"}],
        "closing": "请各单位按要求认真组织实施，工作中遇到的问题及时报告。",
        "contact": _contact(agency, printed_code=True),
        "signed": {"by": agency.name, "date": day},
    }
    return notice, {"register-1.csv": _register(words)}


def _task(words: _Words, title: str) -> Notice:
    text = "".join(words.several(pools.MEASURES, 3))
    task: Notice = {"title": title, "text": text, "lead": [words.rng.choice(pools.OFFICES)]}
    return {**task, "units": words.rng.sample(pools.UNITS, 2), "due": words.due()}


def _phases(words: _Words, day: date) -> Iterator[Notice]:
    count = words.rng.randint(3, 5)
    start = day
    for title, text in zip(pools.PHASES[:count], pools.PHASE_TEXTS[:count], strict=True):
        end = start + timedelta(days=words.rng.randint(30, 70))
        by_month = words.chance(50)
        deliverable: Notice = {"title": words.rng.choice(pools.DELIVERABLES), "due": end}
        if title == "自查自纠":
            deliverable = {"title": "问题登记表", "attachment": 1, "due": end}
        yield {
            "title": f"{title}阶段",
            "start": f"{start:%Y-%m}" if by_month else start,
            "end": f"{end:%Y-%m}" if by_month else end,
            "text": text,
            "deliverables": [Flow(deliverable)],
        }
        start = end + timedelta(days=1)


def _register(words: _Words) -> str:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(pools.REGISTER_HEAD)
    for number in range(1, words.rng.randint(8, 24) + 1):
        place = f"{words.rng.choice(pools.ROADS)}{words.rng.randint(1, 99)}号"
        issue = words.one(pools.ISSUES)
        writer.writerow([number, place, issue, words.rng.choice(pools.OFFICES), words.due()])
    return buffer.getvalue()
