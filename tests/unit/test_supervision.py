"""The supervision loop without a server: e-mails, letters, cards, codes, the level above, and the directory."""

import gzip
import re
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import lxml.html
import pytest
import segno
import vobject
from rjsmin import jsmin

from gongshi import urls
from gongshi.contact import MAX_TITLE, Mail
from gongshi.derive.reach import envelope
from gongshi.derive.rows import ContactCard, contact_card
from gongshi.derive.vcard import vcard
from gongshi.model import Contact, Phone, Postal
from gongshi.options import Options
from gongshi.outputs.supervision import AGENCIES_A_PAGE, SHOWN_AT_ONCE
from gongshi.pipeline import build
from gongshi.qr import LONGEST, MASK, QUIET, code
from gongshi.records import UNCHANGED
from tests.conftest import ROOT

BASE = "https://gs.example/sub/"
MOST = 2000  # characters of a mailto link that programs of all makes take


def _card(*phones: Phone, emails: tuple[str, ...] = (), postal: Postal | None = None, hours: str | None = None):
    card = contact_card(Contact(phones=phones, emails=emails, postal=postal, hours=hours), "0990")
    assert card
    return card


def _made(content: Path, output: Path, base_url: str | None = BASE) -> Path:
    assert build(Options(content=content, output=output, base_url=base_url, cache=None)).published
    return output


def _page(site: Path, path: str) -> lxml.html.HtmlElement:
    return lxml.html.fromstring((site / urls.output_file(path)).read_bytes().decode())


def _without_address(content: Path) -> None:
    site = content / "site.yaml"
    site.write_text(re.sub("base_url: .*\n", "", site.read_text()))


def _agency(content: Path, name: str, region: str, contact: str = "", sector: str = "sector: 水务\n") -> None:
    (content / "agencies" / f"{name}.yaml").write_text(f"name: {name}单位\nregion: '{region}'\n{sector}{contact}")


# E-mails


def _decoded(link: str) -> tuple[str, str, str]:
    """To whom, subject and body of a link, as RFC 6068 says: a plus sign is a plus sign."""
    parts = urlsplit(link.replace("+", "%2B"))
    fields = parse_qs(parts.query, strict_parsing=True)
    assert parts.scheme == "mailto"
    return unquote(parts.path), *(fields[name][0] for name in ("subject", "body"))


def test_an_email_says_which_notice_and_which_issue_it_is_about():
    title = "关于“放管服”（A&B）100%？＃1 的通报 + 说明"
    mail = Mail("mailto:a+b@x.example", title, f"{BASE}notices/x/")
    for link, about, place in (
        (mail.of_notice, "", ""),
        (mail.of_issue(3, "issue-3-a"), "第3个问题", "#issue-3-a"),
    ):
        assert re.fullmatch(r"mailto:[!-~]+", link)
        to, subject, body = _decoded(link)
        assert to == "a+b@x.example"
        assert subject == f"反映《{title}》{about}"
        lines = body.split("\r\n")
        assert lines[:3] == ["网址：", f"{BASE}notices/x/{place}", ""]
        assert "我看到的情况：" in lines
        assert "\n" not in body.replace("\r\n", "")


def test_an_email_of_a_site_without_an_address_has_none():
    _, subject, body = _decoded(Mail("mailto:a@x.example", "通报", None).of_issue(1, "issue-1"))
    assert subject == "反映《通报》第1个问题"
    assert "网址" not in body
    assert "issue" not in body


@pytest.mark.parametrize("sign", ["题", "𬭎", "%"])
def test_a_long_title_is_cut_so_that_the_link_stays_short(sign: str):
    mail = Mail("mailto:a@x.example", sign * 500, f"{BASE}notices/{'x' * 60}/")
    link = mail.of_issue(1000, "issue-" + "x" * 40)
    assert len(link) < MOST
    assert _decoded(link)[1] == f"反映《{sign * (MAX_TITLE - 1)}…》第1000个问题"


# What the page of a notice offers


def test_every_issue_and_the_notice_offer_phone_email_and_letter(content: Path, tmp_path: Path):
    page = _page(_made(content, tmp_path / "site"), "notices/water-2025/")
    (issue,) = page.xpath("//section[@id='issue-1']/details[contains(@class,'added')]")
    links = [a.get("href") for a in issue.xpath(".//a")]
    assert links[0] == "tel:+869902345678"
    assert _decoded(links[1])[0] == "jiandu@water.example"
    assert f"{BASE}notices/water-2025/#issue-1" in _decoded(links[1])[2]
    assert links[2] == "../../agencies/water/letter/"
    beside = [a.get("href") for a in page.get_element_by_id("contact").xpath(".//a")]
    assert "tel:+869902345678" in beside
    assert {"../../agencies/water/letter/", "../../agencies/water/contact.vcf"} <= {*beside}
    assert [_decoded(link)[1] for link in beside if "?" in link] == [
        "反映《中共示例市水务局党组关于巡察整改进展情况的通报》"
    ]


MASKED = "contact: {phones: [{number: '0990-*'}], emails: ['*@*.com']}\n"


def _masked(content: Path) -> None:
    """The agency of the notice stands below another one, and cannot be reached."""
    _agency(content, "water", "990102", MASKED)


def _said(site: Path) -> str:
    return " ".join(_page(site, "notices/water-2025/").get_element_by_id("contact").text_content().split())


def test_a_masked_contact_says_so_and_offers_the_level_above(content: Path, tmp_path: Path):
    _masked(content)
    _agency(content, "province", "990000", "contact: {phones: [{number: '0991-1111111'}]}\n")
    _agency(content, "city", "990100", "contact: {phones: [{number: '0990-2222222'}]}\n")
    _agency(content, "other", "990100", "contact: {phones: [{number: '0990-3333333'}]}\n", "sector: 交通\n")
    site = _made(content, tmp_path / "site")
    said = _said(site)
    assert "单位公布的电话和邮箱被遮盖或者不完整，用不了。" in said
    assert "可以找上一级的同类单位：city单位" in said
    assert "12345" in said
    issue = _page(site, "notices/water-2025/").get_element_by_id("issue-1")
    assert next(a.get("href") for a in issue.xpath("./details//a")) == "tel:+869902222222"
    for path in ("agencies/water/", "agencies/water/letter/", "agencies/water/poster/", "supervision/990102/"):
        assert "0990-2222222" in _page(site, path).text_content(), path
    assert not (site / "agencies/water/contact.vcf").exists()
    # Another level is asked only where this one cannot be reached either.
    _agency(content, "city", "990100", "contact: {postal: {address: 某街1号}}\n")
    assert "province单位" in _said(_made(content, tmp_path / "site"))


def test_without_a_level_above_there_are_the_hotlines(content: Path, tmp_path: Path):
    _masked(content)
    site = _made(content, tmp_path / "site")
    assert "本站没有上一级同类单位的电话，可以拨打下面的热线： 12345" in _said(site)
    (report,) = _page(site, "notices/water-2025/").xpath("//section[@id='issue-1']/p[contains(@class,'report')]/a")
    assert report.get("href") == "#contact"
    assert "12345" in _page(site, "agencies/water/poster/").find_class("digits")[0].text_content()


def test_a_poster_does_not_send_to_a_level_above_that_has_no_phone(content: Path, tmp_path: Path):
    _masked(content)
    _agency(content, "city", "990100", "contact: {emails: [city@example.cn]}\n")
    page = _page(_made(content, tmp_path / "site"), "agencies/water/poster/")
    assert page.find_class("digits")[0].text_content() == "12345"
    assert "city" not in page.find_class("poster")[0].text_content()


def test_the_agency_s_contact_stands_in_for_a_masked_one_of_the_notice(content: Path, tmp_path: Path):
    (notice,) = content.rglob("water-2025.yaml")
    notice.write_text(notice.read_text().replace("verbatim", "digest") + MASKED)
    said = _said(_made(content, tmp_path / "site"))
    assert "通报公布的电话和邮箱被遮盖或者不完整，用不了。" in said
    assert "这是单位另外公布的 监督电话2345678" in said
    assert "上一级" not in said


def test_nobody_published_anything(content: Path, tmp_path: Path):
    _agency(content, "water", "990100")
    site = _made(content, tmp_path / "site")
    assert "通报和单位都没有公布监督方式。" in _said(site)
    assert "没有公布监督方式" in _page(site, urls.SUPERVISION).text_content()


# Letters and cards


def test_a_letter_leaves_blank_what_is_masked():
    whole = envelope("局", _card(postal=Postal(address="某路1号", recipient="办公室", postcode="１２３４５６")))
    assert (whole.recipient, whole.address, whole.digits) == ("办公室", "某路1号", tuple("123456"))
    masked = envelope("局", _card(postal=Postal(address="(略) 某路", recipient="*", postcode="*")))
    assert (masked.recipient, masked.address, masked.digits) == ("局", "", ("",) * 6)
    assert envelope("局", None).recipient == "局"


def _read(card: ContactCard, name: str = "局") -> vobject.base.Component:
    written = vcard(name, card, f"{BASE}agencies/x/")
    lines = written.split(b"\r\n")
    assert lines[-1] == b""
    assert b"\n" not in b"".join(lines)
    assert all(len(line) <= 75 for line in lines)
    for line in lines:
        line.decode()  # no character is torn apart
    return vobject.readOne(written.decode(), validate=True)


def test_a_card_has_what_works_and_nothing_else():
    phones = (
        Phone(number="2345678", label="监督电话"),
        Phone(number="0990-2345679转802", label="值班室"),
        Phone(number="0990-*"),
        Phone(number="13800001111"),
    )
    postal = Postal(address="某路1号；甲座,3层", postcode="999000")
    card = _card(*phones, emails=("a@x.example", "*@*.com"), postal=postal, hours="工作日 9:00—17:00")
    read = _read(card, "示例市水务局（" + "很长的名字，" * 20 + "；\\完）")
    assert read.version.value == "3.0"
    assert read.fn.value == "示例市水务局（" + "很长的名字，" * 20 + "；\\完）"
    assert [tel.value for tel in read.tel_list] == ["+869902345678", "+869902345679", "+8613800001111"]
    assert [email.value for email in read.email_list] == ["a@x.example"]
    assert (read.adr.value.street, read.adr.value.code) == ("某路1号；甲座,3层", "999000")
    assert read.url.value == f"{BASE}agencies/x/"
    assert read.note.value == "监督电话 2345678；值班室 0990-2345679转802；受理时间 工作日 9:00—17:00"


def test_a_card_escapes_what_the_format_uses():
    read = _read(_card(Phone(number="12345")), "a;b,c\\n:d")
    assert (read.fn.value, read.n.value.family, read.org.value) == ("a;b,c\\n:d", "a;b,c\\n:d", ["a;b,c\\n:d"])


# Codes


def test_a_code_is_the_one_of_its_address():
    address = f"{BASE}notices/water-2025/"
    made = code(address)
    assert made
    matrix = segno.make_qr(address, error="m", mode="byte", mask=MASK, boost_error=False).matrix
    drawn = {
        (int(x) + n, int(y))
        for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)", made.path)
        for n in range(int(length))
    }
    assert drawn == {(x + QUIET, y + QUIET) for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark}
    assert made.side == len(matrix) + 2 * QUIET
    assert code("x" * (LONGEST + 1)) is None


def test_pages_have_the_code_of_their_own_address_and_none_without_a_base_url(content: Path, tmp_path: Path):
    site = _made(content, tmp_path / "site")
    agency = f"{BASE}agencies/water/"
    for path, address in (
        ("notices/water-2025/", f"{BASE}notices/water-2025/"),
        ("agencies/water/", agency),
        ("agencies/water/poster/", agency),
    ):
        (figure,) = _page(site, path).find_class("qr")
        assert figure.xpath(".//path[@stroke]/@d") == [code(address).path]
        assert address in figure.text_content()
        assert not figure.xpath(".//@style")  # the page's policy would not let it
    _without_address(content)
    site = _made(content, tmp_path / "bare", None)
    assert not [page for page in site.rglob("*.html") if 'class="qr"' in page.read_text()]
    assert "URL" not in (site / "agencies/water/contact.vcf").read_text()


# The directory


@pytest.mark.parametrize(
    ("name", "slug"),
    [("交通运输", "交通运输"), ("教育/卫生 (A)", "教育-卫生-a"), ("../..", "-"), ("x" * 99, "x" * 40), ("a_b", "a-b")],
)
def test_a_sector_s_path_is_one_folder(name: str, slug: str):
    assert urls.slug(name) == slug
    assert urls.output_file(urls.supervision_of(name)) == f"supervision/sector/{slug}/index.html"


def _many(content: Path, count: int) -> None:
    for n in range(count):
        contact = f"contact: {{phones: [{{number: '0990-{2000000 + n}'}}]}}\n"
        _agency(content, f"a{n:04}", "990102", contact, f"sector: {'水务' if n % 2 else '交通 运输'}\n")


def test_a_small_directory_is_one_page(content: Path, tmp_path: Path):
    _many(content, SHOWN_AT_ONCE - 1)
    page = _page(_made(content, tmp_path / "site"), urls.SUPERVISION)
    assert len(page.xpath("//li[contains(@class,'card')]")) == SHOWN_AT_ONCE
    assert page.xpath("//a[@href='#region-990102']")


def test_a_large_directory_leads_to_pages_of_regions_and_sectors(content: Path, tmp_path: Path):
    count = AGENCIES_A_PAGE + 20
    _many(content, count)
    site = _made(content, tmp_path / "site")
    first = _page(site, urls.SUPERVISION)
    assert not first.xpath("//li[contains(@class,'card')]")
    assert first.get_element_by_id("region-990102").xpath("a/@href") == ["../supervision/990102/"]
    pages = [_page(site, path) for path in (urls.supervision_in("990102"), urls.supervision_in("990102", 2))]
    calls = [call for page in pages for call in page.xpath("//li[contains(@class,'card')]//a[@class='call']/@href")]
    assert sorted(calls) == [f"tel:+86990{2000000 + n}" for n in range(count)]
    assert pages[0].xpath("//section[contains(@class,'narrowed')]/h2/a/text()") == ["交通 运输", "水务"]
    of_sector = _page(site, urls.supervision_of("水务"))
    assert len(of_sector.xpath("//li[contains(@class,'card')]")) == count // 2 + 1
    assert of_sector.xpath("//section[contains(@class,'narrowed')]/@id") == ["region-990100", "region-990102"]


def test_a_new_notice_makes_none_of_it_again(content: Path, tmp_path: Path):
    of_agency = (urls.agency("water"), urls.letter("water"), urls.poster("water"), urls.vcard("water"))
    directory = (urls.SUPERVISION, urls.supervision_in("990100"), urls.supervision_of("水务"))
    why = (*of_agency, *directory)
    options = Options(content=content, output=tmp_path / "site", base_url=BASE, cache=tmp_path / "cache", why=why)
    assert build(options).published
    (notice,) = content.rglob("water-2025.yaml")
    notice.with_name("water-2026.yaml").write_text(notice.read_text())
    reasons = build(options).reasons
    assert [path for path in why if reasons[path] != UNCHANGED] == [urls.agency("water")]


def test_script_and_styles_are_small():
    script = (ROOT / "templates" / urls.SUPERVISION_SCRIPT).read_text()
    assert len(gzip.compress(jsmin(script).encode())) < 1024
    assert len(gzip.compress((ROOT / "templates" / urls.STYLE).read_bytes())) <= 14 * 1024


def test_forty_issues_with_all_their_links_stay_small(tmp_path: Path):
    site = _made(ROOT / "content", tmp_path / "site")
    page = (site / "notices/linyi-transport-2023/index.html").read_bytes()
    assert page.count(b'class="report added"') == 40
    assert len(gzip.compress(page)) <= 40 * 1024
