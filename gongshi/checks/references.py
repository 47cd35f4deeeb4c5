"""Whatever one file says of another exists: agencies, regions, earlier notices and issues, attachments.

Wrong: `agency: dongying-trnsport`; `attachment: 7` in a notice with six.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from gongshi.checks.place import error, warning
from gongshi.corpus import Corpus
from gongshi.derive.rows import NoticeRow
from gongshi.model import Issue, Notice
from gongshi.problems import Problem, did_you_mean
from gongshi.totals import Words

MAX_LISTED = 12  # names that a message lists


def check_notice(notice: Notice, words: Words) -> Iterator[Problem]:
    """Yield an error for each attachment that the notice speaks of and does not have."""
    numbers = {attachment.number for attachment in notice.attachments if attachment.number}
    listed = "、".join(sorted(numbers)[:MAX_LISTED]) + (" 等" if len(numbers) > MAX_LISTED else "") or "无"
    deliverables = (d for phase in notice.all_phases() for d in phase.deliverables)
    for deliverable in deliverables:
        if deliverable.attachment and deliverable.attachment not in numbers:
            message = f"没有附件 {deliverable.attachment}（现有：{listed}）；请在 attachments 里补上"
            yield error(notice.path, deliverable, "attachment", "unknown-attachment", message)


def check_site(corpus: Corpus, today: date) -> Iterator[Problem]:
    """Yield an error for each name that leads nowhere, with the nearest one that exists."""
    regions_known = not any(path.endswith("regions.yaml") for path in corpus.damaged)
    for agency in corpus.agencies.values():
        if regions_known and agency.region not in corpus.regions:
            message = (
                f"regions.yaml 里没有地区 {agency.region}{did_you_mean(agency.region, corpus.regions) or '；请先登记'}"
            )
            yield error(agency.path, agency, "region", "unknown-region", message)
        if agency.region_inferred:
            message = "地区是导入时推定的，页面上会注明待核实；核对后请改正 region，并删去这一行"
            yield warning(agency.path, agency, "region_inferred", "inferred-region", message)
    continues = {f"{row.id}#issue-{no}": earlier for row in corpus.notices.values() for no, earlier in row.continues}
    for row in corpus.notices.values():
        if row.agency not in corpus.known["agencies"]:
            yield from _agency(corpus, row)
        if row.follows or row.continues:
            yield from _earlier(corpus, row, continues)


def _agency(corpus: Corpus, row: NoticeRow) -> Iterator[Problem]:
    notice = corpus.notice(row.id)
    hint = did_you_mean(row.agency, corpus.known["agencies"]) or f"；请新建 agencies/{row.agency}.yaml"
    yield error(notice.path, notice, "agency", "unknown-agency", f"没有单位 {row.agency}{hint}")


def _earlier(corpus: Corpus, row: NoticeRow, continues: Mapping[str, str]) -> Iterator[Problem]:
    known = corpus.known["notices"]
    notice = corpus.notice(row.id)
    for earlier in row.follows:
        if earlier == row.id:
            yield error(notice.path, notice, "follows", "unknown-notice", "通报不能承接自己；请写更早的通报的文件名")
        elif earlier not in known:
            hint = did_you_mean(earlier, known - {row.id}) or "；请写那份通报的文件名（不带 .yaml）"
            yield error(notice.path, notice, "follows", "unknown-notice", f"没有更早的通报 {earlier}{hint}")
        elif (other := corpus.notices.get(earlier)) and _later(other, row):
            message = f"承接的通报 {earlier} 的日期晚于本通报；请核对是不是写反了"
            yield warning(notice.path, notice, "follows", "follows-later", message)
    for issue in notice.all_issues():
        if issue.continues:
            yield from _continued(corpus, notice, issue)
            if _comes_back(f"{row.id}#issue-{issue.id}", continues):
                message = "问题互相承接，绕了一圈；请只让后来的承接更早的"
                yield error(notice.path, issue, "continues", "circular", message)


def _comes_back(start: str, continues: Mapping[str, str]) -> bool:
    seen = {start}
    at = continues.get(start)
    while at and at not in seen:
        seen.add(at)
        at = continues.get(at)
    return at == start


def _later(one: NoticeRow, other: NoticeRow) -> bool:
    return bool(one.dated and other.dated and one.dated.first > other.dated.last)


def _continued(corpus: Corpus, notice: Notice, issue: Issue) -> Iterator[Problem]:
    target, _, issue_id = (issue.continues or "").partition("#issue-")
    if target == notice.id:
        message = "问题不能承接同一份通报里的问题；请写更早的通报，例如 shuiwu-2023#issue-1"
        yield error(notice.path, issue, "continues", "unknown-notice", message)
    elif target not in corpus.known["notices"]:
        hint = did_you_mean(target, corpus.known["notices"] - {notice.id}) or "；请写“通报编号#issue-问题编号”"
        yield error(notice.path, issue, "continues", "unknown-notice", f"没有更早的通报 {target}{hint}")
    elif target in corpus.notices and _later(corpus.notices[target], corpus.notices[notice.id]):
        message = f"承接的通报 {target} 的日期晚于本通报；只能承接更早的，请核对是不是写反了"
        yield error(notice.path, issue, "continues", "unknown-issue", message)
    elif target in corpus.notices and not (corpus.is_damaged(target) or corpus.notices[target].withdrawn):
        ids = [other.no for other in corpus.detail(target).issues]
        if issue_id not in ids:
            listed = f"；它的问题编号是 {'、'.join(ids[:MAX_LISTED])}" if ids else "；它没有问题"
            message = f"通报 {target} 没有问题 {issue_id}{did_you_mean(issue_id, ids) or listed}"
            yield error(notice.path, issue, "continues", "unknown-issue", message)
