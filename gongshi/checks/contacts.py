"""A reader has to be able to call: contacts that are masked, malformed or lack an area code are told to the editor."""

import re
from collections.abc import Iterator
from datetime import date

from gongshi.checks.place import error, warning
from gongshi.contact import area_code_of, folded, is_dialable, is_local, is_masked
from gongshi.corpus import Corpus
from gongshi.model import Contact, Notice
from gongshi.problems import Problem
from gongshi.totals import Words

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)


def check_notice(notice: Notice, words: Words) -> Iterator[Problem]:
    """Yield an error for what is no phone number or address, a warning for what the public cannot use."""
    if notice.contact and not notice.contact.empty:
        yield from _contact(notice.path, notice.contact)
        if notice.text == "verbatim":
            yield from _unprinted(notice, notice.contact)


def check_site(corpus: Corpus, today: date) -> Iterator[Problem]:
    """Yield the same for agencies, and a warning for each number and each notice that nobody outside can call."""
    for agency in corpus.agencies.values():
        if agency.contact:
            yield from _contact(agency.path, agency.contact)
            yield from _without_area(agency.path, agency.contact, area_code_of(agency))
    for row in corpus.notices.values():
        issuer = corpus.agencies.get(row.agency)
        if row.lacks_area and not area_code_of(issuer):
            notice = corpus.notice(row.id)
            if notice.contact:
                yield from _without_area(notice.path, notice.contact, None)
        elif (
            not (row.has_contact or row.withdrawn or corpus.is_damaged(row.id))
            and issuer
            and (issuer.contact or Contact()).empty
        ):
            message = "通报和单位都没有监督方式；页面会写“未公布”，查到后请补上 contact"
            notice = corpus.notice(row.id)
            yield warning(notice.path, notice, "contact", "no-contact", message)


def _without_area(path: str, contact: Contact, area: str | None) -> Iterator[Problem]:
    for phone in contact.phones:
        if is_local(phone.number) and not is_masked(phone.number) and not (phone.area_code or area):
            message = f"电话 {phone.number} 没有区号，外地打不通；请在单位文件里补上 area_code"
            yield warning(path, phone, "number", "no-area-code", message)


def _unprinted(notice: Notice, contact: Contact) -> Iterator[Problem]:
    """The contact card stands beside the document: what the notice printed has to be in its text as well."""
    says = notice.saying() if contact.phones else None
    for phone in contact.phones:
        if says and not says(phone.number):
            message = f"全文里没有印“{phone.number}”；原文印了的，请把那一句写进 closing（结语）"
            yield warning(notice.path, phone, "number", "contact-not-in-text", message)


def _contact(path: str, contact: Contact) -> Iterator[Problem]:
    masked = "公开联系方式不可用：“{}”被遮盖；请向单位查实后补上"
    for phone in contact.phones:
        if is_masked(phone.number):
            yield warning(path, phone, "number", "masked-contact", masked.format(phone.number))
        elif not is_dialable(phone.number):
            message = f"“{phone.number}”不像一个电话号码；一项只写一个号码，几个号码写几项，说明写在 label 里"
            yield error(path, phone, "number", "bad-phone", message)
    for email in contact.emails:
        if is_masked(email):
            yield warning(path, contact, "emails", "masked-contact", masked.format(email))
        elif not _EMAIL.fullmatch(folded(email)):
            yield error(
                path, contact, "emails", "bad-email", f"“{email}”不是电子邮箱；应像 name@example.cn，末尾不带标点"
            )
