"""build(): from `content/` to `site/`. The page to read first.

    scan → read → index → check → render → publish

Reading and rendering are maps over files and pages, spread over processes. What was read from the same bytes, and what
was rendered from the same values, is not done again: a page is known by the hash of what it is made of.
Nothing is written before everything is good: problems of the content stop the build before the output folder is
touched, and problems of the rendered pages (two on one path, links that lead nowhere) before anything is put in place.
"""

import os
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from gongshi.cache import Cache, LostError, decode
from gongshi.executors import Workers, without_collector
from gongshi.git import GitError, Repository, find
from gongshi.options import Known, Options, Progress, Result, state_of, today_of
from gongshi.problems import Problem, UsageError
from gongshi.publish import Published, Stage
from gongshi.records import recall_records, stands
from gongshi.scan import scan
from gongshi.templates import DEFAULT_TEMPLATES, Templates


def _quietly(_: str, pieces: Iterable[Any]) -> Iterable[Any]:
    return pieces


def check(options: Options) -> Result:
    """Everything but writing; all of it, however strict: the caller decides what the problems mean."""
    return _produce(replace(options, strict=False), None, _quietly)


def build(options: Options, progress: Progress = _quietly) -> Result:
    """Check everything and publish the site if it is good. Raises UsageError if the output folder may not be used."""
    sources = {options.content, options.templates, DEFAULT_TEMPLATES}
    return _produce(options, Stage(options.output, sources), progress)


def _produce(options: Options, stage: Stage | None, progress: Progress) -> Result:
    started = time.monotonic()
    with without_collector():
        result = _found_or_made(options, stage, progress)
    result.problems = sorted(set(result.problems))
    result.seconds = time.monotonic() - started
    return result


def _found_or_made(options: Options, stage: Stage | None, progress: Progress) -> Result:
    if not options.templates.is_dir():
        raise UsageError(f"找不到模板文件夹 {options.templates}；请用 --templates 指定")
    _refuse_inside(options)
    cache = Cache(options.cache)
    try:
        if not options.content.is_dir():
            raise UsageError(f"找不到内容文件夹 {options.content}；请在项目的根目录运行，或用 --content 指定")
        records = recall_records(cache, options.output)
        known = Known(Templates(options.templates), scan(options.content), records, _repository(options.content))
        return _nothing_to_do(options, stage, cache, known) or _made(options, stage, cache, known, progress)
    finally:
        cache.close()


def _repository(content: Path) -> Repository | GitError | None:
    try:
        return find(content)
    except GitError as error:
        return error


def _refuse_inside(options: Options) -> None:
    """The cache is no part of what is read or published."""
    for folder in (options.content, options.templates, options.output):
        if options.cache and Path(os.path.realpath(options.cache)).is_relative_to(os.path.realpath(folder)):
            raise UsageError(f"缓存文件夹 {options.cache} 在 {folder} 里；请用 --cache 指定另一个")


def _made(options: Options, stage: Stage | None, cache: Cache, known: Known, progress: Progress) -> Result:
    """Do it. If what was remembered turns out to be lost or damaged, forget it all and do it again."""
    from gongshi.assembly import Assembly  # it takes the whole program along, which a build without changes never needs

    with Workers(options.jobs, options.executor) as workers:
        try:
            return Assembly(options, stage, cache, workers).run(known, progress)
        except LostError:
            cache.forget()
        fresh = Cache(None)
        try:
            return Assembly(options, stage, fresh, workers).run(replace(known, records=None), progress)
        except LostError:
            raise UsageError("缓存读写出错；请检查磁盘，或用 --cache 换一个文件夹") from None
        finally:
            fresh.close()


def _nothing_to_do(options: Options, stage: Stage | None, cache: Cache, known: Known) -> Result | None:
    """The result of the last build, if nothing that it looked at has changed, and its files are all in place."""
    records = known.records
    if records is None or options.why or cache.temporary or (stage and stage.interrupted):
        return None
    today = today_of(options, records.timezone) if records.state else None
    if today is None or records.state != state_of(options, known, known.files, today):
        return None
    if not all(stands(options.output, file, record) for file, record in records.files.items()):
        return None
    problems: list[Problem] = decode(records.problems, list[Problem])
    return Result(problems, Published(len(records.files), 0, 0) if stage else None, records.pages)
