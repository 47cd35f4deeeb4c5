"""Phone numbers and addresses as printed, and the links that they become."""

import re
import unicodedata
from urllib.parse import quote

from gongshi.model import Agency, Phone

_MASK = re.compile(r"[*＊×●]|[xX]{2}|\(略\)|（略）")
_EXTENSION = re.compile(r"(?:[(（]?\s*(?:转|分机|ext\.?)\s*(\d{1,6})\s*[)）]?|(?<=\d{7})-(\d{1,5}))\s*$", re.IGNORECASE)


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
    return bool(re.fullmatch(r"[2-8]\d{6,7}", re.sub(r"[\s()-]", "", _taken_apart(number)[0])))


def tel(phone: Phone, area_code: str | None) -> str | None:
    """The `tel:` link (RFC 3966) of a phone as printed; None if it is masked or cannot be dialled from elsewhere.

    The area code is added where the number lacks it; fixed lines and mobiles are written for the whole world (+86).
    """
    if is_masked(phone.number):
        return None
    whole, suffix = _taken_apart(phone.number)
    digits = re.sub(r"\D", "", whole)
    area = phone.area_code or area_code
    if is_local(whole):
        return f"tel:+86{area[1:]}{digits}{suffix}" if area else None
    # 0086, +86 and 86 all mean the same; behind them a fixed line may still have its 0.
    if match := re.fullmatch(r"(?:00)?86(0?[1-9]\d{8,10})", digits):
        return f"tel:+86{match.group(1).removeprefix('0')}{suffix}"
    if re.fullmatch(r"0\d{9,11}", digits):
        return f"tel:+86{digits[1:]}{suffix}"
    if re.fullmatch(r"1[3-9]\d{9}", digits):
        return f"tel:+86{digits}{suffix}"
    if whole.startswith("+") and re.fullmatch(r"\d{8,15}", digits):
        return f"tel:+{digits}{suffix}"
    return f"tel:{digits}{suffix}" if re.fullmatch(r"\d{3,6}|[48]00\d{7}", digits) else None


def is_dialable(number: str) -> bool:
    """True for a number of a shape that exists, as printed: one number, with or without its area code."""
    return tel(Phone(number=number), "010") is not None


def _taken_apart(number: str) -> tuple[str, str]:
    """A number without its extension, and the extension as RFC 3966 writes it; a dash may begin either."""
    whole = folded(number).strip()
    match = _EXTENSION.search(whole)
    if not match:
        return whole, ""
    before, printed = whole[: match.start()], match.group(1)
    digits = re.sub(r"\D", "", before)
    if not printed and not re.fullmatch(r"[2-8]\d{6,7}|0\d{9,11}", digits):
        return whole, ""  # 1381234-5678 and 4001234-567 are one number each
    if not printed and digits.startswith(("400", "800")):
        return whole, ""
    return before, f";ext={printed or match.group(2)}"


def mailto(email: str) -> str | None:
    """The `mailto:` link of an address as printed; None if it is masked."""
    return None if is_masked(email) else f"mailto:{folded(email)}"


MAX_TITLE = 60  # characters of a title in the subject of an e-mail


class Mail:
    """E-mails to one address about one notice: their subject and body are filled in (RFC 6068).

    `page` is the whole address of the notice's page, if there is one. Programs for e-mail cut links off at some 2,000
    characters, and a Chinese one takes nine: so the title is shortened, and that of an issue is left out.
    """

    def __init__(self, link: str, title: str, page: str | None) -> None:
        shown = title if len(title) <= MAX_TITLE else title[: MAX_TITLE - 1] + "…"
        self._start = f"{link}?subject={quote(f'反映《{shown}》', safe='')}"
        self._page = quote(f"网址：\r\n{page}", safe="") if page else ""

    @property
    def of_notice(self) -> str:
        """The link for an e-mail about the whole notice."""
        return f"{self._start}&body={self._page}{_FORM}"

    def of_issue(self, ordinal: int, anchor: str) -> str:
        """The link for an e-mail about one issue. They are made by the thousand: only what differs is put together."""
        place = f"%23{anchor}" if self._page else ""
        return f"{self._start}{_ORDINAL[0]}{ordinal}{_ORDINAL[1]}&body={self._page}{place}{_FORM}"


_ORDINAL = (quote("第"), quote("个问题"))
_FORM = quote("\r\n\r\n时间和地点：\r\n\r\n我看到的情况：\r\n\r\n怎样联系我（可以不写）：\r\n", safe="")
