"""An agency as a vCard 3.0 (RFC 2426), the version that phones of all makes import."""

import re
from collections.abc import Iterator

from gongshi.contact import is_masked
from gongshi.derive.rows import ContactCard, PhoneLine

LINE = 75  # bytes of a line before it is folded
PLAIN_LABELS = (None, "电话")  # that tell nothing of a number


def vcard(name: str, card: ContactCard, page: str | None) -> bytes:
    """The card of an agency: what works of its contact, and the address of its page."""
    return b"".join(_folded(line) for line in _lines(name, card, page))


def _lines(name: str, card: ContactCard, page: str | None) -> Iterator[str]:
    phones = [phone for phone in card.phones if phone.link]
    whole = _escaped(name)
    yield from ("BEGIN:VCARD", "VERSION:3.0", f"N:{whole};;;;", f"FN:{whole}", f"ORG:{whole}")
    for phone in phones:
        yield f"TEL;TYPE=WORK,VOICE:{_number(phone)}"
    for email in card.emails:
        if email.link:
            yield f"EMAIL;TYPE=INTERNET:{_escaped(email.link.removeprefix('mailto:'))}"
    if card.address and not is_masked(card.address):
        postcode = card.postcode if card.postcode and not is_masked(card.postcode) else ""
        yield f"ADR;TYPE=WORK:;;{_escaped(card.address)};;;{_escaped(postcode)};"
    if page:
        yield f"URL:{page}"
    notes = [f"{phone.label or '电话'} {phone.number}" for phone in phones if _tells(phone)]
    if card.hours:
        notes.append(f"受理时间 {card.hours}")
    if notes:
        yield f"NOTE:{_escaped('；'.join(notes))}"
    yield "END:VCARD"


def _number(phone: PhoneLine) -> str:
    """What is dialled. An extension is told in the note: phones read what stands for it here in different ways."""
    return (phone.link or "").removeprefix("tel:").partition(";")[0]


def _tells(phone: PhoneLine) -> bool:
    return phone.label not in PLAIN_LABELS or ";" in (phone.link or "")


def _escaped(text: str) -> str:
    return re.sub(r"([\\;,])", r"\\\1", " ".join(text.split()))


def _folded(line: str) -> bytes:
    """A line as bytes, folded between characters: what goes on begins with a space."""
    parts, size = [""], 0
    for char in line:
        width = len(char.encode())
        if size + width > LINE:
            parts.append(" ")
            size = 1
        parts[-1] += char
        size += width
    return "\r\n".join((*parts, "")).encode()
