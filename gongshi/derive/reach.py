"""Whom a reader can turn to: who published the notice, else the nearest level above that can be reached, and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import msgspec

from gongshi.contact import Mail, folded, is_masked
from gongshi.derive.lists import AgencyRow, RegionRow
from gongshi.derive.rows import ContactCard, EmailLine, PhoneLine


class Above(msgspec.Struct, frozen=True):
    """The agency of the same sector in the nearest region above that can be called or written to."""

    name: str
    path: str
    contact: ContactCard


@dataclass(frozen=True, slots=True)
class Reach:
    """How to reach somebody about a notice. Without a phone and an e-mail there are only the hotlines."""

    phone: PhoneLine | None
    mail: Mail | None  # to whom, with the notice in its subject
    above: Above | None  # whose phone and e-mail these are, if not those of the notice or its agency

    @property
    def nobody(self) -> bool:
        """True if neither a phone nor an e-mail works."""
        return not (self.phone or self.mail)


class Envelope(msgspec.Struct, frozen=True):
    """Where a letter goes; what is missing or masked is left to be filled in by hand."""

    recipient: str
    address: str
    postcode: str
    digits: tuple[str, ...]  # of the postcode, a box each; six empty ones if there is none


POSTCODE = 6  # digits


def levels(agencies: Iterable[AgencyRow], regions: Mapping[str, RegionRow]) -> dict[str, Above]:
    """For each agency that cannot be reached the one above it, if there is one."""
    silent = []
    able: dict[tuple[str, str | None], AgencyRow] = {}
    for row in agencies:
        if row.contact and row.contact.usable:
            able.setdefault((row.region.code, row.agency.sector), row)
        elif row.agency.sector:
            silent.append(row)
    found: dict[str, Above] = {}
    for row in silent:
        higher = (able.get((r.code, row.agency.sector)) for r in reversed(regions[row.region.code].ancestors))
        if (nearest := next(filter(None, higher), None)) and nearest.contact:
            found[row.agency.id] = Above(nearest.agency.name, nearest.path, nearest.contact)
    return found


def reach(cards: Iterable[ContactCard | None], above: Above | None, title: str, page: str | None) -> Reach:
    """How to reach somebody: the first of `cards` that works, for phone and e-mail each, else the level above."""
    own = [card for card in cards if card]
    if not any(card.usable for card in own) and above:
        phone, email = first_phone((above.contact,)), _first_email((above.contact,))
    else:
        above, phone, email = None, first_phone(own), _first_email(own)
    mail = Mail(email.link, title, page) if email and email.link else None
    return Reach(phone, mail, above)


def first_phone(cards: Iterable[ContactCard]) -> PhoneLine | None:
    """The first number that can be dialled."""
    return next((phone for card in cards for phone in card.phones if phone.link), None)


def _first_email(cards: Iterable[ContactCard]) -> EmailLine | None:
    return next((email for card in cards for email in card.emails if email.link), None)


def trouble(card: ContactCard | None, whose: str) -> str:
    """Why nobody can be called or written to, in plain words; empty if somebody can be."""
    if card is None:
        return f"{whose}没有公布监督方式。"
    if card.usable:
        return ""
    if what := [name for name, lines in (("电话", card.phones), ("邮箱", card.emails)) if lines]:
        return f"{whose}公布的{'和'.join(what)}被遮盖或者不完整，用不了。"
    return f"{whose}只公布了通信地址，没有电话和邮箱。"


def envelope(name: str, card: ContactCard | None) -> Envelope:
    """Where a letter to an agency goes."""
    recipient, address, postcode = (card.recipient, card.address, card.postcode) if card else (None, None, None)
    known = folded(_readable(postcode))
    digits = tuple(known) if len(known) == POSTCODE and known.isascii() and known.isdigit() else ("",) * POSTCODE
    return Envelope(_readable(recipient) or name, _readable(address), known, digits)


def _readable(text: str | None) -> str:
    return "" if text is None or is_masked(text) else text
