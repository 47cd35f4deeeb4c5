"""A random walk through what editors do: after every step, building on makes exactly what building anew makes.

`python -m bench.walk --steps 300`: notices, agencies, regions, settings, pages, attachments, templates and options
change; files of the site and of the cache are deleted or damaged. Where the content is wrong both builds say the same,
and the site stays as it was. A build of what has not changed writes nothing.
"""

import argparse
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bench.corpus import Corpus
from bench.kill import PRIVATE, ROOT, mixed, seen, sync
from bench.repository import Repo
from bench.yaml_text import dump
from gongshi import read
from gongshi.options import Options, Result
from gongshi.pipeline import build, check
from gongshi.problems import UsageError
from gongshi.templates import DEFAULT_TEMPLATES

WORDINGS = ("已完成", "完成整改", "持续整改", "长期坚持", "正在推进", "未完成", "说不清")
TODAY = date(2026, 1, 1)
HUNDRED = 100
RECENT = read._RECENT  # noqa: SLF001
Tree = dict[str, tuple[bytes, int]]


def looks(folder: Path) -> Tree:
    """Every visible file of an output folder with the time of its last change."""
    return {name: (body, (folder / name).stat().st_mtime_ns) for name, body in seen(folder).files.items()}


@dataclass(slots=True)
class Came:
    """What came of a build."""

    said: object
    pages: int = 0
    published: bool = False
    written: int = 0


@dataclass(slots=True)
class Walk:
    """One content folder, one output folder, one cache, and a way through them."""

    folder: Path
    seed: int
    size: int = 12
    say: Callable[[str], None] = print
    apart: int = 10  # every so many steps the clean build runs in a process of its own
    failures: list[str] = field(default_factory=list)
    options: Options = field(default_factory=Options)
    rng: random.Random = field(default_factory=random.Random)
    count: int = 0  # of what was made up so far: names and texts differ
    wrong: int = 0  # steps since the content went wrong
    good: Options = field(default_factory=Options)
    crashes: list[str] = field(default_factory=list)  # of this step
    repo: Repo = field(init=False)  # none of its commits has all that editors did since

    def __post_init__(self) -> None:
        mixed(self.content, self.size)
        self.own.mkdir()
        self.options = Options(
            content=self.content, output=self.output, cache=self.folder / "cache", today=TODAY, jobs=1
        )
        self.rng = random.Random(self.seed)  # noqa: S311
        self.repo = Repo(self.folder)
        self._keep_good()

    @property
    def content(self) -> Path:
        """What editors change."""
        return self.folder / "content"

    @property
    def own(self) -> Path:
        """Templates of their own."""
        return self.folder / "own"

    @property
    def output(self) -> Path:
        """The site that is built on."""
        return self.folder / "site"

    def run(self, steps: int) -> list[str]:
        """Walk; what was wrong."""
        for number in range(steps):
            edits = self._edit() if number else ["first build"]
            found = self._step(number)
            read._RECENT = RECENT  # noqa: SLF001
            self.say(f"#{number} {'; '.join(edits)}{' FAILED' if found else ''}{' (wrong)' if self.wrong else ''}")
            for failure in found:
                self.say(f"  {failure}")
            self.failures += [f"#{number} {'; '.join(edits)}: {failure}" for failure in found]
            if found:
                shutil.rmtree(self.output, ignore_errors=True)
                shutil.rmtree(self.folder / "cache", ignore_errors=True)
        return self.failures

    def _step(self, number: int) -> list[str]:
        """Build on, build anew, compare."""
        found = self.crashes = []
        # Files that changed a moment ago are read again, so that what comes of the others would never be seen.
        read._RECENT = self.rng.choice((0, RECENT))  # noqa: SLF001
        checked = self._build(self.options, check) if self._chance(15) else None
        before = looks(self.output)
        came = self._build(replace(self.options, jobs=2 if self._chance(8) else 1))
        clean = self.folder / "clean"
        shutil.rmtree(clean, ignore_errors=True)
        anew = self._build(replace(self.options, output=clean, cache=None))
        if self.apart and number % self.apart == self.apart - 1:
            shutil.rmtree(clean, ignore_errors=True)
            self._build_apart(clean)
        if came.said != anew.said:
            found.append(f"接着生成说：{came.said}；重新生成说：{anew.said}")
        if checked and checked.said != came.said and not self.options.strict:
            found.append(f"检查说：{checked.said}；生成说：{came.said}")
        if (came.published, came.pages) != (anew.published, anew.pages):
            found.append(f"接着生成 {came.published} {came.pages} 页，重新生成 {anew.published} {anew.pages} 页")
        if came.published:
            found += seen(self.output).differences(seen(clean))[:8]
            left = sorted(path.name for path in (self.output / PRIVATE).iterdir())
            found += [f"{PRIVATE} 里剩下 {left}"] if left != ["files.json", "lock"] else []
            self._keep_good()
        else:
            found += [] if looks(self.output) == before else ["内容有错误，网站却变了"]
            self.wrong += 1
        if self._chance(40):
            found += self._again(came)
        return found

    def _again(self, came: Came) -> list[str]:
        """Build what has not changed: nothing may be written."""
        before = looks(self.output)
        again = self._build(self.options)
        same = looks(self.output) == before and not again.written
        found = [] if same else [f"没有改动，却写了 {again.written} 个文件"]
        return found if again.said == came.said else [*found, f"再生成说：{again.said}；先前说：{came.said}"]

    def _build(self, options: Options, work: Callable[[Options], Result] = build) -> Came:
        try:
            result = work(options)
        except UsageError as error:
            return Came(str(error))
        except Exception as error:  # noqa: BLE001 - the walk goes on
            at = traceback.extract_tb(error.__traceback__)[-3:]
            self.crashes.append(f"{error!r} in {', '.join(f'{frame.name}:{frame.lineno}' for frame in at)}")
            return Came("crash")
        done = result.published
        return Came(result.problems, result.pages, done is not None, done.changed + done.removed if done else 0)

    def _build_apart(self, output: Path) -> None:
        options = self.options
        command = ["build", f"--content={options.content}", f"--templates={options.templates}", f"--output={output}"]
        command += ["--no-cache", f"--today={options.today}", "--jobs=1"]
        command += [f"--base-url={options.base_url}"] if options.base_url else []
        command += [f"--compress={','.join(options.compress)}"] if options.compress else []
        command += ["--strict"] if options.strict else []
        subprocess.run(  # noqa: S603
            [sys.executable, "-m", "gongshi", *command], cwd=ROOT, check=False, capture_output=True
        )

    def _keep_good(self) -> None:
        """Remember content that is good, to come back to it."""
        self.wrong = 0
        self.good = self.options
        for name in ("content", "own"):
            (self.folder / "good" / name).mkdir(parents=True, exist_ok=True)
            sync(self.folder / name, self.folder / "good" / name)

    def commit(self) -> str:
        """A commit of all content, or of one notice."""
        path = self._notice() if self._chance(50) else None
        name = self.repo.commit(paths=(path.relative_to(self.folder).as_posix() if path else "content",))
        return f"commit {name} of {path.name if path else 'everything'}"

    def another_line(self) -> str:
        """Another line of commits: one or two steps back, with the files as they are."""
        back = f"HEAD~{self.rng.choice((1, 2))}"
        if self.repo.day < 4:  # noqa: PLR2004
            return ""
        self.repo.git("reset", "-q", "--soft", back)
        return f"reset to {back}"

    # What editors do. Each edit says what it did; nothing, if there was nothing to do it to.

    def _edit(self) -> list[str]:
        """One to three edits; or, if something is wrong, mostly back to what was good."""
        if self.wrong and (self.wrong > 2 or self._chance(60)):  # noqa: PLR2004
            for name in ("content", "own"):
                sync(self.folder / "good" / name, self.folder / name)
            self.options = self.good
            return ["back to what was good"]
        edits = []
        wanted = self.rng.choice((1, 1, 1, 2, 3))
        while len(edits) < wanted:
            kind = self.rng.choice(EDITS)
            if said := kind(self):
                edits.append(said)
        return edits

    def _chance(self, percent: int) -> bool:
        return self.rng.randrange(HUNDRED) < percent

    def _next(self) -> int:
        self.count += 1
        return self.count

    def _one(self, pattern: str, folder: Path | None = None) -> Path | None:
        """A file of the content."""
        found = sorted(path for path in (folder or self.content).glob(pattern) if path.is_file())
        return self.rng.choice(found) if found else None

    def _swap(self, path: Path | None, pattern: str, new: str) -> str:
        """Change one place of a file."""
        if path is None:
            return ""
        text = path.read_text("utf-8")
        places = list(re.finditer(pattern, text, re.MULTILINE))
        if not places:
            return ""
        place = self.rng.choice(places)
        to = place.expand(new)
        path.write_text(text[: place.start()] + to + text[place.end() :], "utf-8")
        return f"{path.name}: {place[0].strip()!r} → {to.strip()!r}"

    def _notice(self) -> Path | None:
        return self._one("notices/*/*.yaml")

    def add_notice(self) -> str:
        """A notice of any age, or without a date."""
        number = 1000 + 100 * self._next() + self.rng.randrange(90)
        written = Corpus(self.size).written(number)
        agency = self._one("agencies/*.yaml")
        day = TODAY - timedelta(days=self.rng.choice((1, 5, 300, 800, 2000, 9000)))
        notice: dict[str, Any] = written.notice | {"agency": agency.stem if agency else "nobody", "published": day}
        if self._chance(20):
            for key in ("published", "source", "signed"):
                notice.pop(key, None)
            notice["text"] = "verbatim"
        path = self.content / "notices" / self.rng.choice(("2025", "2019", str(day.year))) / f"{written.id}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dump(notice), "utf-8")
        for name, text in written.files.items():
            path.with_suffix("").mkdir(exist_ok=True)
            (path.with_suffix("") / name).write_text(text, "utf-8")
        return f"add {path.name} of {notice.get('published')}"

    def notice_title(self) -> str:
        """Another title."""
        return self._swap(self._notice(), r"^title: .*", rf"\g<0>（{self._next()}）")

    def issue_title(self) -> str:
        """Another title of an issue."""
        return self._swap(self._notice(), r"^ +title: .*", rf"\g<0>{self._next()}")

    def status(self) -> str:
        """Another status."""
        return self._swap(self._notice(), r"^( +status: ).*", rf"\g<1>{self.rng.choice(WORDINGS)}")

    def no_status(self) -> str:
        """No status any more."""
        return self._swap(self._notice(), r"^ +status: .*\n", "")

    def measure(self) -> str:
        """Another text of a measure."""
        return self._swap(self._notice(), r"。$", f"，第{self._next()}次。")

    def dated(self) -> str:
        """Another date."""
        day = TODAY - timedelta(days=self.rng.randrange(2500))
        return self._swap(self._notice(), r"^published: .*", f"published: {day}")

    def of_agency(self) -> str:
        """Another agency."""
        agency = self._one("agencies/*.yaml")
        return self._swap(self._notice(), r"^agency: .*", f"agency: {agency.stem if agency else 'nobody'}")

    def rename_notice(self) -> str:
        """Another name, sometimes with a redirect."""
        notice = self._notice()
        if notice is None:
            return ""
        other = notice.with_name(f"{notice.stem[:30]}-r{self._next()}.yaml")
        if self._chance(50) and "old_ids" not in notice.read_text("utf-8"):
            with notice.open("a", encoding="utf-8") as out:
                out.write(f"old_ids: [{notice.stem}]\n")
        notice.rename(other)
        if notice.with_suffix("").is_dir():
            notice.with_suffix("").rename(other.with_suffix(""))
        return f"rename {notice.name} {other.name}"

    def delete_notice(self) -> str:
        """It is gone, with what lies beside it."""
        notice = self._notice()
        if notice is None or len(list(self.content.glob("notices/*/*.yaml"))) < self.size // 2:
            return ""
        notice.unlink()
        shutil.rmtree(notice.with_suffix(""), ignore_errors=True)
        return f"delete {notice.name}"

    def withhold(self) -> str:
        """The text of a notice is no YAML, or not what it should be."""
        return self._swap(self._notice(), r"^kind: .*", self.rng.choice(("kind: nothing", "kind: [", "kid: plan")))

    def follow(self) -> str:
        """One notice follows another, and takes an issue of it up."""
        early, late = self._notice(), self._notice()
        if early is None or late is None or early == late:
            return ""
        text = late.read_text("utf-8")
        if "\nfollows:" in text or not re.search(r"^ +- id: ", text, re.MULTILINE):
            return ""
        late.write_text(text.rstrip("\n") + f"\nfollows: [{early.stem}]\n", "utf-8")
        issue = self.rng.choice((1, 2, 3, 9))
        self._swap(late, r"^( +)(- id: .*)\n", rf"\g<0>\g<1>  continues: {early.stem}#issue-{issue}\n")
        return f"{late.name} follows {early.name}#issue-{issue}"

    def follow_no_more(self) -> str:
        """It takes an issue up no more."""
        return self._swap(self._notice(), r"^ +continues: .*\n", "")

    def update(self) -> str:
        """An issue has news."""
        lines = rf"\g<1>  updates: [{{date: 2025-12-{self.rng.randint(10, 30)}, status: {self.rng.choice(WORDINGS)}}}]"
        return self._swap(self._notice(), r"^( +)(- id: .*)\n", rf"\g<0>{lines}\n")

    def add_agency(self) -> str:
        """An agency without notices."""
        code = self.rng.choice(("990100", "990102", "900101", "900100"))
        name = f"agency-{self._next()}"
        (self.content / "agencies" / f"{name}.yaml").write_text(
            f"name: 示例{self.count}局\nregion: '{code}'\n", "utf-8"
        )
        return f"add {name} in {code}"

    def agency(self) -> str:
        """Something else is said of an agency."""
        pattern, new = self.rng.choice(
            (
                (r"^name: .*", rf"\g<0>{self._next()}"),
                (r"^region: .*", f"region: '{self.rng.choice(('990100', '990102', '900101', '990000'))}'"),
                (r"2345\d\d\d", f"2345{self.rng.randrange(1000):03d}"),
                (r"^sector: .*", rf"\g<0>{self._next()}"),
                (r"^party_body: .*\n", ""),
            )
        )
        return self._swap(self._one("agencies/*.yaml"), pattern, new)

    def rename_agency(self) -> str:
        """Another name, in all its notices too."""
        agency = self._one("agencies/*.yaml")
        if agency is None:
            return ""
        other = f"agency-r{self._next()}"
        agency.rename(agency.with_name(f"{other}.yaml"))
        for notice in self.content.glob("notices/*/*.yaml"):
            text = notice.read_text("utf-8")
            if f"\nagency: {agency.stem}\n" in text:
                notice.write_text(text.replace(f"\nagency: {agency.stem}\n", f"\nagency: {other}\n"), "utf-8")
        return f"rename {agency.stem} {other}"

    def delete_agency(self) -> str:
        """One that has no notices, mostly."""
        agency = self._one("agencies/agency-*.yaml") if self._chance(80) else self._one("agencies/*.yaml")
        if agency is None:
            return ""
        agency.unlink()
        return f"delete {agency.name}"

    def region(self) -> str:
        """Another name, one more, or one less."""
        path = self.content / "regions.yaml"
        number = self._next()
        return self.rng.choice(
            (
                lambda: self._swap(path, r"^(.*: .*)(.)$", rf"\g<1>{'甲乙丙丁戊'[number % 5]}\g<2>"),
                lambda: self._swap(path, r"\Z", f"'98{number % 90 + 10}00': 某{number}市\n"),
                lambda: self._swap(path, r"^.*\n", ""),
                lambda: self._swap(path, r"^'?98.*\n", ""),
            )
        )()

    def site(self) -> str:
        """Other settings."""
        pattern, new = self.rng.choice(
            (
                (r"^title: .*", rf"\g<0>{self._next()}"),
                (r"^description: .*", rf"\g<0>{self._next()}。"),
                (r"^base_url: .*\n", ""),
                (
                    r"^schema: 1$",
                    f"\\g<0>\nbase_url: https://site{self._next()}.example/{self.rng.choice(('', 'gs/'))}",
                ),
                (r"^hotlines:", rf"\g<0>\n  - {{number: '123{self.rng.randrange(10, 99)}', name: 热线{self._next()}}}"),
                (r"^ +- \{?number:.*\n", ""),
                (r"长期坚持(?=[,\]])", "长期坚持, 说不清"),
                (r", 说不清", ""),
                (r"(label: )(.*)", rf"\g<1>\g<2>{self._next()}"),
                (r"\[已完成, 完成整改", "[完成整改"),
                (r"\[完成整改", "[已完成, 完成整改"),
                (r"\Z", f"labels: {{status: 进度{self._next()}}}\n"),
                (r"^labels: .*\n", ""),
                (r"\Z", f"footer: {{site_code: '99{self._next() + 10000000}'}}\n"),
                (r"^footer: .*\n", ""),
                (r"^timezone: .*", f"timezone: {self.rng.choice(('Asia/Shanghai', 'Asia/Urumqi', 'Mars/Olympus'))}"),
            )
        )
        return self._swap(self.content / "site.yaml", pattern, new)

    def page(self) -> str:
        """Pages of the site's own, with links to notices and to places in them."""
        path = self._one("pages/*.md")
        notice = self._notice()
        link = f"/notices/{notice.stem}/{self.rng.choice(('', '#issue-1', '#issue-30'))}" if notice else "/nowhere/"
        number = self._next()
        if path is None or self._chance(35):
            path = self.content / "pages" / f"page-{number}.md"
            path.write_text(f"# 第{number}页\n\n## 看这里\n\n见[通报]({link})。\n", "utf-8")
            return f"add {path.name} with {link}"
        return self.rng.choice(
            (
                lambda: self._swap(path, r"^# .*", rf"\g<0>{number}"),
                lambda: self._swap(path, r"\Z", f"\n再看[一份]({link})。\n"),
                lambda: self._swap(path, r"^\n.*\]\(/notices/.*\n", ""),
                lambda: path.unlink() or f"delete {path.name}",
            )
        )()

    def attachment(self) -> str:
        """Files beside notices."""
        path = self._one("notices/*/*/*")
        if path is None:
            return ""
        return self.rng.choice(
            (
                lambda: self._swap(path, r"\Z", f"{self._next()},某处,某事,某人,2025\n"),
                lambda: self._swap(path, r"^(.*)$", r"\g<1>"),
                lambda: path.unlink() or f"delete {path}",
                lambda: self._beside(path.parent),
            )
        )()

    def _beside(self, folder: Path) -> str:
        name = f"附件 {self._next()}.txt"
        (folder / name).write_text(name, "utf-8")
        notice = folder.with_suffix(".yaml")
        said = self._swap(notice, r"^attachments:\n", rf"\g<0>  - {{title: 附件{self.count}, file: '{name}'}}" + r"\n")
        return said or f"stray {name}"

    def template(self) -> str:
        """An own template, macro or static file is new, changes, or goes."""
        number = self._next()
        plain, part = '{%% extends "default/%s" %%}{%% block title %%}%s{%% endblock %%}', f"某{number}"
        made = {
            "plans.html": plain % ("plans.html", f'{number}{{% include "./part.html" %}}'),
            "part.html": part,
            "404.html": plain % ("404.html", '{% include ".hidden.html" %}'),
            ".hidden.html": part,
            "data.html": plain % ("data.html", '{% set n = "pa" ~ "rt.html" %}{% include n %}'),
            "agency.html": plain % ("agency.html", f"{number}{{{{ agency.name }}}}"),
            "notice.html": plain % ("notice.html", f"{number}{{{{ notice.title }}}}"),
            "base.html": (DEFAULT_TEMPLATES / "base.html").read_text("utf-8").replace("跳到正文", f"跳到{part}"),
            "macros/ui.html": (DEFAULT_TEMPLATES / "macros/ui.html").read_text("utf-8").replace("个问题", f"个{part}"),
            "static/style.css": f"a {{ order: {number} }}\n",
            "static/style.css.gz": part,
            "static/extra.txt": part * number,
            "region.html": "{% block title",
        }
        if (old := self._one("**/*", self.own)) and self._chance(45):
            old.unlink()
            return f"own template {old.name} deleted"
        name = self.rng.choice([*made, "part.html", "part.html", ".hidden.html", "static/extra.txt"])
        (self.own / name).parent.mkdir(parents=True, exist_ok=True)
        (self.own / name).write_text(made[name], "utf-8")
        for needed in ("part.html", ".hidden.html"):
            if not (self.own / needed).exists() and self._chance(95):
                (self.own / needed).write_text(part, "utf-8")
        self.options = replace(self.options, templates=self.own)
        return f"own template {name} ({number})"

    def option(self) -> str:
        """The build is asked for something else."""
        rng = self.rng
        name, value = rng.choice(
            (
                ("today", TODAY + timedelta(days=rng.randrange(-900, 100))),
                ("base_url", rng.choice((None, "https://other.example/", "https://other.example/gs/"))),
                ("compress", rng.choice(((), ("gz",), ("br",), ("gz", "br")))),
                ("templates", rng.choice((DEFAULT_TEMPLATES, self.own))),
                ("strict", self._chance(15)),
            )
        )
        changed: dict[str, Any] = {name: value}
        self.options = replace(self.options, **changed)
        return f"{name} = {value}"

    def touch(self) -> str:
        """A file is saved without a change."""
        path = self._one("**/*")
        if path is None:
            return ""
        path.write_bytes(path.read_bytes())
        return f"touch {path.name}"

    def damage_site(self) -> str:
        """Somebody changes or deletes a file of the site."""
        files = sorted(seen(self.output).files)
        if not files:
            return ""
        name = self.rng.choice(files)
        path = self.output / name
        how = self.rng.choice(("delete", "cut", "empty", "write", "replace", "folder", "all of the folder", "touch"))
        body = path.read_bytes()
        if how in ("delete", "folder"):
            path.unlink()
        if how == "folder":
            (path / "empty").mkdir(parents=True)
        elif how == "all of the folder":
            shutil.rmtree(self.output / name.split("/")[0], ignore_errors=True)
            path.unlink(missing_ok=True)
        elif how != "delete":
            bodies = {"cut": body[: len(body) // 2], "empty": b"", "write": body + b"x", "touch": body}
            path.write_bytes(bodies.get(how, bytes(len(body))))
        return f"site: {how} {name}"

    def damage_cache(self) -> str:
        """Somebody changes or deletes a file of the cache."""
        folder = self.folder / "cache"
        if self._chance(8):
            shutil.rmtree(folder, ignore_errors=True)
            return "cache: delete all"
        packs = self._chance(60)
        names = [path for path in folder.glob("packs/*" if packs else "s*") if path.is_file()]
        names.sort(key=lambda path: (path.stat().st_size, path.name))  # their names are not from our random numbers
        if not names:
            return ""
        path = self.rng.choice(names)
        body = bytearray(path.read_bytes())
        how = self.rng.choice(("delete", "cut", "empty", "flip", "flip", "flip", "delete packs"))
        if how == "delete":
            path.unlink()
        elif how == "delete packs":
            shutil.rmtree(folder / "packs")
        elif how == "flip" and body:
            for _ in range(self.rng.choice((1, 10))):
                body[self.rng.randrange(len(body))] ^= self.rng.randrange(1, 256)
            path.write_bytes(body)
        else:
            path.write_bytes(body[: len(body) // 2] if how == "cut" else b"")
        return f"cache: {how} {'pack' if packs else path.name} of {len(body)} bytes"


EDITS: tuple[Callable[[Walk], str], ...] = (
    *(Walk.add_notice,) * 4, Walk.notice_title, *(Walk.issue_title,) * 2, *(Walk.status,) * 4, Walk.no_status,
    Walk.measure, *(Walk.dated,) * 2, Walk.of_agency, *(Walk.rename_notice,) * 2, *(Walk.delete_notice,) * 3,
    Walk.withhold, *(Walk.follow,) * 3, *(Walk.follow_no_more,) * 2, Walk.update, Walk.add_agency, *(Walk.agency,) * 2,
    Walk.rename_agency, Walk.delete_agency, Walk.region, *(Walk.site,) * 3, *(Walk.page,) * 3, *(Walk.attachment,) * 2,
    *(Walk.template,) * 5, *(Walk.option,) * 4, Walk.touch, *(Walk.damage_site,) * 3, *(Walk.damage_cache,) * 3,
    *(Walk.commit,) * 6, Walk.another_line,
)  # fmt: skip


def main() -> int:
    """Walk; the exit code is 1 if something was wrong."""
    parser = argparse.ArgumentParser(prog="python -m bench.walk")
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--size", type=int, default=12, help="invented notices at the beginning")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}", flush=True)  # noqa: T201
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="gongshi-walk-") as folder:
        walk = Walk(Path(folder), arguments.seed, arguments.size, lambda line: print(line, flush=True))  # noqa: T201
        failures = walk.run(arguments.steps)
    took = time.monotonic() - started
    print(f"seed {arguments.seed}: {arguments.steps} steps, {len(failures)} failures, {took:.0f} s")  # noqa: T201
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
