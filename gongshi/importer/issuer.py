"""Who speaks: the agency of an imported notice, from those that the site has, or a draft of a new one."""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from gongshi.contact import is_masked
from gongshi.importer.grammar import Draft
from gongshi.importer.paragraph import Paragraph
from gongshi.model import Agency, Contact, Region

MAX_LOOKED_AT = 2000  # characters of a paragraph in which names are looked for
UNNAMED = "未署名单位"
MAX_ID = 60  # characters of an id made of a name; addresses should fit a line
_PARTY = re.compile(r"(?:党组|党委|党总支|党支部|党工委|党组织)$")
_OFFICE = "(?:委员会|办公室|局|厅)"
_NAMED = re.compile(rf"(?<![一-鿿])[一-鿿]{{2,3}}[市县区州旗盟省][一-鿿]{{2,12}}?{_OFFICE}")


@dataclass(frozen=True, slots=True)
class Issuer:
    """An agency, whether it is a draft that has to be written, and what a person should check of it."""

    agency: Agency
    is_new: bool
    doubts: tuple[str, ...] = ()


def find_issuer(
    draft: Draft, paragraphs: Sequence[Paragraph], agencies: Mapping[str, Agency], regions: Mapping[str, Region]
) -> Issuer:
    """The agency that published a notice: by its names among those of the site, else a draft."""
    text = "".join(p.text[:MAX_LOOKED_AT] for p in paragraphs)
    candidates = _candidates(draft, text, regions)
    for name in candidates:
        for agency in agencies.values():
            if name in (agency.name, agency.party_body):
                return Issuer(agency, is_new=False)
    if not draft.issuer:  # nobody signed: who is spoken of?
        if named := [agency for agency in agencies.values() if agency.name in text]:
            most = max(named, key=lambda agency: (text.count(agency.name), agency.id))
            return Issuer(most, is_new=False, doubts=(f"原文没有落款，按文中提到的“{most.name}”登记",))
        for name in candidates:
            alike = [agency for agency in agencies.values() if _is_short_for(name, agency, text, regions)]
            if len(alike) == 1:
                doubt = f"原文只写“{name}”，按已有的“{alike[0].name}”登记"
                return Issuer(alike[0], is_new=False, doubts=(doubt,))
    return _drafted(draft, candidates, text, agencies, regions)


def _is_short_for(name: str, agency: Agency, text: str, regions: Mapping[str, Region]) -> bool:
    """Whether a name without its region (区水务局) can mean an agency: the text has to name the region, too."""
    region = regions.get(agency.region)
    return len(name) > 1 and agency.name.endswith(name) and region is not None and region.name in text


def _candidates(draft: Draft, text: str, regions: Mapping[str, Region]) -> list[str]:
    """Names that may be the issuer's, the surest first: as printed, and without the party group.

    Who signed is the issuer; what else the text names counts only where nobody did.
    """
    names = [draft.issuer]
    if not draft.issuer:
        contact = draft.notice.contact
        recipient = contact.postal.recipient if contact and contact.postal else None
        names = [draft.inspected, recipient or "", *_named(text, regions)]
    return list(dict.fromkeys(name for full in names if full for name in (full, agency_of(full))))


def _named(text: str, regions: Mapping[str, Region]) -> list[str]:
    """The name of an agency that a text has most: of a known region, else of what looks like one."""
    places = "|".join(re.escape(region.name) for region in regions.values()) or "(?!)"
    known = re.compile(rf"(?:{places})(?:(?!{places})[一-鿿]){{2,12}}?{_OFFICE}")
    found = Counter(known.findall(text)) or Counter(_NAMED.findall(text))
    return [name for name, _ in found.most_common(1)]


def agency_of(party_body: str) -> str:
    """The agency whose party group has a name: 中共示例市水务局党组 is of 示例市水务局."""
    return _PARTY.sub("", party_body).removeprefix("中共") if _PARTY.search(party_body) else party_body


def _drafted(
    draft: Draft,
    candidates: Sequence[str],
    text: str,
    agencies: Mapping[str, Agency],
    regions: Mapping[str, Region],
) -> Issuer:
    surest = agency_of(candidates[0]) if candidates else ""
    same = [each for each in candidates if agency_of(each).endswith(surest)]  # 区水务局, and elsewhere 东湖区水务局
    printed = max(same, key=lambda each: len(agency_of(each)), default="")
    name = agency_of(printed) or UNNAMED
    doubts = ["单位文件是导入时起草的，请补全领域（sector）、区号等" if printed else "没有认出是哪个单位，请填写名称"]
    region, sure = _region_of(name, text, regions)
    if not sure:
        doubts.append(f"单位名称里没有登记过的地区，暂记为 {region.code} {region.name}")
    agency = Agency(
        name=name,
        party_body=printed if _PARTY.search(printed) else None,
        region=region.code,
        region_inferred=not sure,
        contact=_usable(draft.notice.contact),
        id=_free(_latin(name, region.name), agencies),
    )
    return Issuer(agency, is_new=True, doubts=tuple(doubts))


def _usable(contact: Contact | None) -> Contact | None:
    """What of a notice's contact is worth keeping for its agency: nothing masked, and no hours of one notice."""
    if contact is None:
        return None
    phones = tuple(phone for phone in contact.phones if not is_masked(phone.number))
    emails = tuple(email for email in contact.emails if not is_masked(email))
    kept = replace(contact, phones=phones, emails=emails, hours=None)
    return kept if phones or emails else None


def _region_of(name: str, text: str, regions: Mapping[str, Region]) -> tuple[Region, bool]:
    """The region whose name the agency bears, for sure; else the one that the text names most, or the outermost one."""
    borne = [region for region in regions.values() if region.name in name]
    if borne:
        return max(borne, key=lambda region: (len(region.name), region.code)), True
    counts = {code: text.count(region.name) for code, region in regions.items()}
    best = max(counts, key=lambda code: (counts[code], code), default="")
    if best and counts[best]:
        return regions[best], False
    outermost = min(regions, key=lambda code: (not code.endswith("0000"), code), default="")
    return regions.get(outermost, Region("000000", "")), False


def _latin(name: str, region: str) -> str:
    """A name as an id, in pinyin: 东营市水务局 is dongyingshi-shuiwuju."""
    from pypinyin import lazy_pinyin

    parts = [part for part in name.partition(region) if part] if region else [name]
    words = ("".join(lazy_pinyin(part, errors="ignore")) for part in parts)
    plain = unicodedata.normalize("NFKD", "-".join(filter(None, words))).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain)[:MAX_ID].strip("-")
    return slug if re.match("[a-z]", slug) else f"agency-{slug}".strip("-")


def _free(wanted: str, taken: Mapping[str, object]) -> str:
    """An id that nobody has: the wanted one, or the same with a number."""
    return next(name for name in (wanted, *(f"{wanted}-{n}" for n in range(2, len(taken) + 3))) if name not in taken)
