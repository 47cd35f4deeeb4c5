"""Phone numbers and addresses as printed, and the links that they become."""

import re
import unicodedata

from gongshi.model import Agency, Phone

_MASK = re.compile(r"[*＊×●]|[xX]{2}|\(略\)|（略）")
_EXTENSION = re.compile(r"(?:转|ext\.?\s*|(?<=\d{7})-)\s*(\d{1,5})\s*$", re.IGNORECASE)


def folded(text: str) -> str:
    """Full-width digits and all dashes as half-width ones: what is printed stays, what is dialled is this."""
    return re.sub("[‐-―−]+", "-", unicodedata.normalize("NFKC", text))


def is_masked(text: str) -> bool:
    """True for a contact that was printed with asterisks or gaps (0754-*): nobody can use it."""
    return bool(_MASK.search(text))


def area_code_of(agency: Agency | None) -> str | None:
    """The area code of an agency: its own, else that of its first phone that has one."""
    if agency is None:
        return None
    phones = agency.contact.phones if agency.contact else ()
    return agency.area_code or next((phone.area_code for phone in phones if phone.area_code), None)


def is_local(number: str) -> bool:
    """True for a fixed line without its area code: seven or eight digits."""
    return bool(re.fullmatch(r"[2-8]\d{6,7}", re.sub(r"[\s()-]", "", _EXTENSION.sub("", folded(number)))))


def tel(phone: Phone, area_code: str | None) -> str | None:
    """The `tel:` link (RFC 3966) of a phone as printed; None if it is masked or cannot be dialled from elsewhere.

    The area code is added where the number lacks it; fixed lines and mobiles are written for the whole world (+86).
    """
    if is_masked(phone.number):
        return None
    number = folded(phone.number)
    extension = _EXTENSION.search(number)
    digits = re.sub(r"\D", "", _EXTENSION.sub("", number))
    suffix = f";ext={extension.group(1)}" if extension else ""
    if number.strip().startswith("+"):
        return f"tel:+{digits}{suffix}"
    if is_local(number):
        area = phone.area_code or area_code
        return f"tel:+86{area[1:]}{digits}{suffix}" if area else None
    if re.fullmatch(r"0\d{9,11}", digits):
        return f"tel:+86{digits[1:]}{suffix}"
    if re.fullmatch(r"86(?:0?\d{10}|1[3-9]\d{9})", digits):
        return f"tel:+86{digits[2:].removeprefix('0')}{suffix}"
    if re.fullmatch(r"1[3-9]\d{9}", digits):
        return f"tel:+86{digits}{suffix}"
    return f"tel:{digits}{suffix}" if digits else None


def mailto(email: str) -> str | None:
    """The `mailto:` link of an address as printed; None if it is masked."""
    return None if is_masked(email) else f"mailto:{folded(email)}"
