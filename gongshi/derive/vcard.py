"""An agency as a vCard 3.0 (RFC 2426), the version that phones of all makes import."""

from collections.abc import Iterator

from gongshi.contact import is_masked
from gongshi.contentlines import escaped, folded
from gongshi.derive.rows import ContactCard, PhoneLine

PLAIN_LABELS = (None, "电话")  # that tell nothing of a number


def vcard(name: str, card: ContactCard, page: str | None) -> bytes:
    """The card of an agency: what works of its contact, and the address of its page."""
    return folded(_lines(name, card, page))


def _lines(name: str, card: ContactCard, page: str | None) -> Iterator[str]:
    phones = [phone for phone in card.phones if phone.link]
    whole = escaped(name)
    yield from ("BEGIN:VCARD", "VERSION:3.0", f"N:{whole};;;;", f"FN:{whole}", f"ORG:{whole}")
    for phone in phones:
        yield f"TEL;TYPE=WORK,VOICE:{_number(phone)}"
    for email in card.emails:
        if email.link:
            yield f"EMAIL;TYPE=INTERNET:{escaped(email.link.removeprefix('mailto:'))}"
    if card.address and not is_masked(card.address):
        postcode = card.postcode if card.postcode and not is_masked(card.postcode) else ""
        yield f"ADR;TYPE=WORK:;;{escaped(card.address)};;;{escaped(postcode)};"
    if page:
        yield f"URL:{page}"
    notes = [f"{phone.label or '电话'} {phone.number}" for phone in phones if _tells(phone)]
    if card.hours:
        notes.append(f"受理时间 {card.hours}")
    if notes:
        yield f"NOTE:{escaped('；'.join(notes))}"
    yield "END:VCARD"


def _number(phone: PhoneLine) -> str:
    """What is dialled. An extension is told in the note: phones read what stands for it here in different ways."""
    return (phone.link or "").removeprefix("tel:").partition(";")[0]


def _tells(phone: PhoneLine) -> bool:
    return phone.label not in PLAIN_LABELS or ";" in (phone.link or "")
