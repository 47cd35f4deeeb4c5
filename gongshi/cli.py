"""The command: arguments in, exit code out. Exceptions become text here and nowhere else.

Exit codes: 0 fine · 1 the content has errors, or a copy differs from its manifest · 2 wrong usage, or a folder that
cannot be used · 3 a bug.
"""

import argparse
import os
import re
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn
from zoneinfo import ZoneInfo

from gongshi import __version__, pipeline, report, urls
from gongshi.decode import is_base_url
from gongshi.executors import cores
from gongshi.options import CACHE, COMPRESSIONS, Options, Result
from gongshi.problems import UsageError, has_errors, reason_in_chinese
from gongshi.publish import PRIVATE
from gongshi.templates import DEFAULT_TEMPLATES

if TYPE_CHECKING:
    from gongshi.importer.intake import Intake

FINE, CONTENT_ERRORS, WRONG_USAGE, BUG = 0, 1, 2, 3
INTERRUPTED, CLOSED_PIPE = 130, 141  # as shells count the signals
MAX_PORT = 65535
MAX_JOBS = 512
MAX_DAYS = 36500


class _Formatter(argparse.HelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class _Parser(argparse.ArgumentParser):
    def __init__(self, **options: Any) -> None:
        super().__init__(formatter_class=_Formatter, add_help=False, allow_abbrev=False, **options)
        self._positionals.title, self._optionals.title = "要写的", "可选的"
        self.add_argument("-h", "--help", action="help", help="显示这段说明")

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{_in_chinese(message)}；用法见 {self.prog} --help")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name) or Path(os.devnull).open("w")  # noqa: SIM115 - closed by who called us
        setattr(sys, name, stream)
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        return _run(_parse(sys.argv[1:] if arguments is None else arguments))
    except UsageError as error:
        print(f"错误：{error}", file=sys.stderr)
        return WRONG_USAGE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLOSED_PIPE
    except OSError as error:
        where = f" {error.filename} " if error.filename else ""
        print(f"错误：读写{where}失败：{reason_in_chinese(error)}", file=sys.stderr)
        return WRONG_USAGE
    except Exception as error:  # noqa: BLE001 - the last line of defence: an editor never sees a traceback
        print(report.bug(error), file=sys.stderr)
        return BUG


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    folder: dict[str, Any] = {"type": _folder, "metavar": "DIR"}
    content: dict[str, Any] = folder | {"default": Path("content"), "help": "内容文件夹，默认 content"}
    site = argparse.ArgumentParser(add_help=False)
    site.add_argument("--content", **content)
    site.add_argument("--templates", **folder, default=DEFAULT_TEMPLATES, help="优先使用的模板文件夹")
    site.add_argument(
        "--base-url", type=_base_url, metavar="URL", help="网站的网址，可带子路径，例如 https://example.cn/gs/"
    )
    site.add_argument("--today", type=_day, metavar="YYYY-MM-DD", help="以哪一天为今天，默认是网站时区的今天")
    site.add_argument("--strict", action="store_true", help="把提醒也当作错误")
    work = argparse.ArgumentParser(add_help=False)
    work.add_argument("--cache", **folder, default=CACHE, help=f"缓存文件夹，默认 {CACHE}，可以随时删除")
    work.add_argument("--no-cache", action="store_const", dest="cache", const=None, help="不用缓存，全部重新读取和生成")
    work.add_argument("--jobs", type=_jobs, default=cores(), metavar="N", help="用几个进程，默认是处理器的核数")
    work.add_argument("--executor", type=_cluster, metavar="dask://HOST:PORT", help="用已有的 Dask 集群代替本机的进程")
    formats = argparse.ArgumentParser(add_help=False)
    formats.add_argument("--format", choices=report.FORMATS, default="text", help="问题报告的格式，默认 text")
    output = argparse.ArgumentParser(add_help=False)
    output.add_argument("--output", **folder, default=Path("site"), help="输出文件夹，默认 site")

    parser: argparse.ArgumentParser = _Parser(
        prog="build.py", description="公示：把通报变成可以查阅、检索、监督的网站。"
    )
    parser.add_argument("--version", action="version", version=f"gongshi {__version__}", help="显示版本")
    commands: Any = parser.add_subparsers(dest="command", metavar="命令", parser_class=_Parser)
    make = commands.add_parser("build", parents=[site, work, formats, output], help="检查内容并生成网站（默认命令）")
    _build_options(make)
    _health_options(commands.add_parser("check", parents=[site, work, formats, output], help="只检查，不生成"))
    serve = commands.add_parser("serve", parents=[site, work], help="在本机预览，保存后自动刷新")
    serve.add_argument("--host", default="127.0.0.1", help="监听地址，默认只在本机")
    serve.add_argument("--port", type=_port, default=8000, help="端口，默认 8000")
    new = commands.add_parser("new", help="新建通报或单位的骨架文件")
    new.add_argument("kind", choices=["notice", "agency"], help="notice 通报，agency 单位")
    new.add_argument("id", help="编号，也是文件名和网址：小写字母、数字和连字符")
    new.add_argument("--content", **content)

    schema = commands.add_parser("schema", help="写出编辑器用的 JSON Schema：补全、说明和红线")
    schema.add_argument("folder", nargs="?", **folder, default=Path("schema"), help="写到哪个文件夹，默认 schema")
    schema.add_argument("--content", **content)

    diff = commands.add_parser("diff", help="比较两个内容文件夹：这次改动对公众有什么影响")
    diff.add_argument("old", **folder, help="原来的内容文件夹")
    diff.add_argument("new", **folder, help="现在的内容文件夹")
    diff.add_argument("--format", choices=["markdown", "html"], default="markdown", help="报告的格式，默认 markdown")
    diff.add_argument("--jobs", type=_jobs, default=cores(), metavar="N", help="用几个进程，默认是处理器的核数")

    _verify_options(commands.add_parser("verify", parents=[output], help="核对网上或文件夹里的网站有没有被改过"))
    _import_options(commands.add_parser("import", help="把 Word、网页、文本里的通报变成 YAML"), content)

    arguments = list(arguments)
    commanded = arguments and (arguments[0] in commands.choices or arguments[0] in ("-h", "--help", "--version"))
    return parser.parse_args(arguments if commanded else ["build", *arguments])


def _import_options(take: argparse.ArgumentParser, content: dict[str, Any]) -> None:
    """What `import` reads, and how."""
    take.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="txt、md、html 或 docx 文件，一个文件一份通报"
    )
    take.add_argument("--content", **content)
    take.add_argument("--id", default="", help="通报的编号；默认由单位和年份组成")
    take.add_argument("--agency", default="", help="单位的编号；默认从原文认出，没有的起草一个")
    take.add_argument("--dry-run", action="store_true", help="只报告认出了什么，不写文件")
    take.add_argument("--force", action="store_true", help="覆盖编号相同的通报，或内容相同的那一份")


def _verify_options(look: argparse.ArgumentParser) -> None:
    """What `verify` compares."""
    look.add_argument("place", metavar="PLACE", help="网站的网址，或存放它的文件夹")
    look.add_argument(
        "--manifest", type=Path, metavar="FILE", help="拿哪一份清单核对，默认是输出文件夹里自己生成的那一份"
    )


def _build_options(make: argparse.ArgumentParser) -> None:
    """What a site is made with, or without."""
    make.add_argument(
        "--compress", type=_compressions, default=(), metavar="KINDS", help="另存压缩的副本：gz、br 或 gz,br"
    )
    make.add_argument(
        "--why", action="append", default=[], metavar="PATH", help="说明某一页为什么重新生成了，或没有；可以写几次"
    )
    make.add_argument("--no-search", action="store_false", dest="search", help="不做搜索")
    make.add_argument("--no-bundle", action="store_false", dest="bundle", help="开放数据不做 Excel、SQLite 和数据目录")
    make.add_argument("--offline", action="store_true", help="做成解压后不用服务器也能看、能搜索的网站")


def _health_options(look: argparse.ArgumentParser) -> None:
    """What `check` is asked for beyond the ordinary rules."""
    look.add_argument("--site", action="store_true", help="给整个网站做体检：标识、陈旧的栏目和进度、用词、雷同的措施")
    look.add_argument("--report", type=Path, metavar="FILE.html", help="体检，并把结果写成给编辑看的网页（不公开）")
    look.add_argument("--stale-days", type=_days, default=0, metavar="N", help="多少天没有更新算陈旧，默认 365")


def _run(arguments: argparse.Namespace) -> int:
    if arguments.command == "new":
        from gongshi.skeleton import new

        today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
        print(f"已新建 {new(arguments.kind, arguments.id, arguments.content, today)}")
        return FINE
    if arguments.command == "import":
        return _import(arguments)
    if arguments.command == "schema":
        from gongshi.schema import write

        print(f"已写出 {'、'.join(map(str, write(arguments.folder, arguments.content)))}")
        return FINE
    if arguments.command == "diff":
        from gongshi.review import FORMATS, review

        sys.stdout.write(FORMATS[arguments.format](review(arguments.old, arguments.new, arguments.jobs)))
        return FINE
    if arguments.command == "verify":
        return _verify(arguments)
    options = Options(
        content=arguments.content,
        templates=arguments.templates,
        base_url=arguments.base_url,
        today=arguments.today,
        strict=arguments.strict,
        cache=arguments.cache,
        jobs=arguments.jobs,
        executor=arguments.executor,
    )
    if arguments.command == "serve":
        from gongshi.serve import serve

        serve(options, arguments.host, arguments.port, _say, _ready)
        return FINE
    print_report = report.FORMATS[arguments.format]
    if arguments.command == "check":
        result = _checked(replace(options, output=arguments.output), arguments)
        sys.stdout.write(print_report(result.problems))
        failed = has_errors(result.problems, strict=arguments.strict)
        words = report.counted(result.problems) or "没有问题"
        print(f"检查完毕：{words}，用时 {result.seconds:.1f} 秒", file=sys.stderr)
        return CONTENT_ERRORS if failed else FINE
    asked = {
        "search": arguments.search,
        "offline": arguments.offline,
        "bundle": arguments.bundle,
        "compress": arguments.compress,
        "why": tuple(arguments.why),
    }
    options = replace(options, output=arguments.output, **asked)
    result = pipeline.build(options, _progress)
    sys.stdout.write(print_report(result.problems))
    sys.stdout.flush()
    for path, reason in result.reasons.items():
        print(f"{path}：{reason}", file=sys.stderr)
    _say(result)
    if result.published:
        print(f"网站在 {arguments.output}/；预览请运行 python build.py serve", file=sys.stderr)
    return FINE if result.published else CONTENT_ERRORS


def _checked(options: Options, arguments: argparse.Namespace) -> Result:
    """What `check` finds, with the health report if it is asked for."""
    asked: Path | None = arguments.report
    if asked:
        _refuse_published(asked, options)
    result = pipeline.check(options)
    if not (arguments.site or asked or arguments.stale_days):
        return result
    from gongshi import health
    from gongshi.health.page import page

    started = time.monotonic()
    found = health.examine(options, arguments.stale_days or health.DAYS)
    result.problems = sorted({*result.problems, *found.problems})
    result.seconds += time.monotonic() - started
    if asked:
        asked.write_text(page(result.problems, found), encoding="utf-8", newline="\n")
    return result


def _refuse_published(report_file: Path, options: Options) -> None:
    """The health report is for editors: it must not lie where it would be published, or be taken for content."""
    if report_file.suffix.lower() not in (".html", ".htm"):
        raise UsageError(f"--report 要写成网页的文件名，例如 体检.html，不能是 {report_file}")
    if report_file.is_symlink() or report_file.is_dir():
        raise UsageError(f"{report_file} 是链接或文件夹；请给 --report 另起一个文件名")
    place = Path(os.path.realpath(report_file))
    if not place.parent.is_dir():
        raise UsageError(f"没有文件夹 {report_file.parent}；请先新建，或给 --report 换一个地方")
    for folder in (options.output, options.content, options.templates):
        if place.is_relative_to(os.path.realpath(folder)):
            raise UsageError(f"体检报告不公开，不能放在 {folder} 里；请换一个地方")
    for parent in place.parents:
        if (parent / PRIVATE).exists():
            raise UsageError(f"体检报告不公开，{parent} 是生成的网站；请换一个地方")


def _verify(arguments: argparse.Namespace) -> int:
    """Compare a published copy with a manifest: the one that is given, or of the own build, or else its own."""
    from gongshi.verify import report as report_of
    from gongshi.verify import verify

    own = arguments.output / urls.MANIFEST
    known = arguments.manifest or (own if own.is_file() else None)
    if known == own and Path(arguments.place).exists() and own.parent.samefile(arguments.place):
        known = None  # it would be compared with itself
    verdict = verify(arguments.place, known, partial(_progress, unit="个"))
    sys.stdout.write(report_of(verdict, arguments.place))
    return FINE if verdict.same else CONTENT_ERRORS


def _import(arguments: argparse.Namespace) -> int:
    """Import file after file; one that cannot be imported does not keep the others from it."""
    from gongshi.cache import Cache, LostError
    from gongshi.importer.intake import Intake

    if arguments.id and len(arguments.files) > 1:
        raise UsageError("--id 只能用于一个文件；请逐个导入，或去掉 --id")
    cache = Cache(CACHE)
    try:
        intake = Intake(arguments.content, cache)
        failed = sum(not _import_one(intake, path, arguments) for path in arguments.files)
    except LostError:
        cache.forget()
        raise UsageError("缓存损坏了，已经清空；请再运行一次") from None
    finally:
        cache.close()
    done = len(arguments.files) - failed
    summary = [f"{'试导入' if arguments.dry_run else '导入'}完毕：{done} 份"]
    summary += [f"{failed} 份没有导入"] if failed else []
    summary += ["没有写文件"] if arguments.dry_run else ["请运行 python build.py check"] if done else []
    print("；".join(summary), file=sys.stderr)
    return WRONG_USAGE if failed else FINE


def _import_one(intake: "Intake", path: Path, arguments: argparse.Namespace) -> bool:
    """Import a file and say what came of it; False if it cannot be imported."""
    from gongshi.importer.report import report as report_of

    try:
        imported = intake.take(path, notice_id=arguments.id, agency_id=arguments.agency, force=arguments.force)
        intake.keep(imported, dry_run=arguments.dry_run)
    except (UsageError, OSError) as error:
        message = error if isinstance(error, UsageError) else f"{path} 没有导入：{reason_in_chinese(error)}"
        print(f"错误：{message}", file=sys.stderr)
        return False
    sys.stdout.write(report_of(imported, intake.words, written=not arguments.dry_run))
    return True


def _say(result: Result) -> None:
    """The one line at the end."""
    found = report.counted(result.problems)
    if done := result.published:
        counts = f"{result.pages} 页，改动 {done.changed} 个文件，删除 {done.removed} 个"
        print(f"生成完毕：{counts}，{found + '，' if found else ''}用时 {result.seconds:.1f} 秒", file=sys.stderr)
    else:
        print(f"没有生成：{found}，网站没有改动", file=sys.stderr)


def _ready(address: str) -> None:
    print(f"预览：{address}（按 Ctrl-C 结束；保存后自动刷新）", file=sys.stderr, flush=True)


def _progress(what: str, pieces: Iterable[Any], unit: str = "批") -> Iterable[Any]:
    """Show on a terminal how much is done, once it is clear that it takes a while."""
    if not sys.stderr.isatty():
        return pieces
    from tqdm import tqdm

    bar: Iterable[Any] = tqdm(pieces, desc=what, unit=unit, leave=False, delay=1, file=sys.stderr)
    return bar


def _folder(text: str) -> Path:
    if text.encode(errors="replace").decode() != text:
        raise argparse.ArgumentTypeError("文件夹的名字不是 UTF-8 编码；请改名")
    return Path(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}”不是日期，请写成 2024-04-15") from None


def _base_url(text: str) -> str:
    if not is_base_url(text):
        raise argparse.ArgumentTypeError(f"“{text}”不是网址，请写成 https://example.cn/ 或 https://example.cn/gs/")
    scheme, _, rest = text.partition("://")
    return f"{scheme}://{re.sub('/+', '/', rest).strip('/')}/"


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= MAX_PORT):
        raise argparse.ArgumentTypeError(f"“{text}”不是端口，请写 1 到 65535 的整数")
    return int(text)


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= MAX_DAYS):
        raise argparse.ArgumentTypeError(f"“{text}”不是天数，请写 1 到 {MAX_DAYS} 的整数")
    return int(text)


def _jobs(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= MAX_JOBS):
        raise argparse.ArgumentTypeError(f"“{text}”不是进程数，请写 1 到 {MAX_JOBS} 的整数")
    return int(text)


def _cluster(text: str) -> str:
    if not re.fullmatch(r"dask://[\w.-]+:\d{1,5}", text, re.ASCII):
        raise argparse.ArgumentTypeError(f"“{text}”不是集群的地址，请写成 dask://127.0.0.1:8786")
    return text


def _compressions(text: str) -> tuple[str, ...]:
    kinds = tuple(dict.fromkeys(text.split(",")))
    if not set(kinds) <= set(COMPRESSIONS):
        raise argparse.ArgumentTypeError(f"“{text}”不对，请写 gz、br 或 gz,br")
    return kinds


def _choice_in_chinese(match: re.Match[str]) -> str:
    return f"不能写“{match[1]}”；可用：{match[2].replace(chr(39), '')}"


def _in_chinese(message: str) -> str:
    """Put into Chinese argparse's own words for a wrong call, as far as editors meet them."""
    message = re.sub(r"invalid choice: '?(.*?)'? \(choose from (.*)\)", _choice_in_chinese, message)
    message = re.sub(r"ignored explicit argument '?(.*?)'?$", r"后面不能写值（\1）", message)
    for english, chinese in (
        ("unrecognized arguments:", "不认识的参数"),
        ("the following arguments are required:", "缺少参数"),
        ("expected one argument", "后面要写一个值"),
        ("argument ", "参数 "),
    ):
        message = message.replace(english, chinese)
    return message
