"""What is personal is found, what looks like it is not, and no file makes the search take long. All numbers are invented."""

import io
import struct
import time
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongshi import inside, pdf
from gongshi.images import has_location
from gongshi.inside import look_inside
from gongshi.privacy import is_card, is_identity, key, masked, personal
from tests.conftest import SEEDS, TODAY

IDENTITY = "990100199003071230"  # of a region that does not exist
CARD = "6228480000000000018"

FOUND = [  # a text, and what is found in it
    ("手机13800001234。", "mobile", "13800001234"),
    ("第1行\n13800001234", "mobile", "13800001234"),
    ("手机：138 0000 1234，工作日", "mobile", "138 0000 1234"),
    ("李某(138-0000-1234)", "mobile", "138-0000-1234"),
    ("致电+86 13800001234", "mobile", "86 13800001234"),
    ("tel13800001234", "mobile", "13800001234"),
    ("１３８００００１２３４", "mobile", "１３８００００１２３４"),
    ("李某13800001234.jpg", "mobile", "13800001234"),
    (f"张某{IDENTITY}", "identity", IDENTITY),
    (f"身份证号：{IDENTITY[:6]} {IDENTITY[6:14]} {IDENTITY[14:]}。", "identity", "990100 19900307 1230"),
    ("身份证号990100900307123（旧）", "identity", "990100900307123"),
    (f"转入{CARD}。", "card", CARD),
    ("转入6228 4800 0000 0000 018", "card", "6228 4800 0000 0000 018"),
    ("开户行示例支行，账号4333330000000019", "card", "4333330000000019"),
    ("邮箱lisi@qq.com", "email", "lisi@qq.com"),
    ("发到 Li.Si@vip.163.com。", "email", "Li.Si@vip.163.com"),
    ("幸福小区3号楼2单元501室漏水", "address", "幸福小区3号楼2单元501室"),
    ("阳光花园12栋1203室", "address", "阳光花园12栋1203室"),
    ("李家村三组12号的水表", "address", "李家村三组12号"),
    ("家庭住址：示例县城关镇东街村", "address", "示例县城关镇东街村"),
    ("张某，男，住示例县东街25号", "address", "示例县东街25号"),
]
NOTHING = [
    "已遮盖：138****1234",
    "投资13800001234元",
    "拨付13800001234.56",
    "示例发〔2023〕13800001234号",
    "合同编号：13800001234",
    "批次YC13800001234",
    "流水2023138000012345678",
    "电话0990-7654321、4000001234",
    "99**************123",
    IDENTITY[:-1] + "1",
    f"统一社会信用代码：{IDENTITY}",
    "项目代码2020-990100-77-03-012345",
    "项目代码6228480000000000018",
    "地块6201022023000118的出让",
    "邮箱jiandu@water.example",
    "邮箱*@163.com",
    "改造3栋6单元72户",
    "政务服务中心3号楼205室",
    "府前大街77号1012房间",
    "湖滨街道老旧小区12号楼的居民反映，住房在东三路88号对面",
]


@pytest.mark.parametrize(("text", "kind", "written"), FOUND)
def test_what_is_personal_is_found(text: str, kind: str, written: str):
    assert [(found, text[start:end]) for found, start, end in personal(text)] == [(kind, written)]


@pytest.mark.parametrize("text", NOTHING)
def test_what_looks_like_it_is_not(text: str):
    assert list(personal(text)) == []


@pytest.mark.parametrize("text", [text for text, *_ in FOUND])
def test_what_is_shown_of_a_finding_is_none(text: str):
    for kind, start, end in personal(text):
        assert list(personal(masked(kind, text[start:end]))) == []


def test_check_digits():
    assert is_identity(IDENTITY)
    assert not any(is_identity(IDENTITY[:-1] + digit) for digit in "123456789X")
    assert is_card(CARD)
    assert not any(is_card(CARD[:-1] + digit) for digit in "012345679")


def test_several_in_one_run():
    numbers = " ".join(f"138{n:08}" for n in range(100))
    assert len(list(personal(numbers))) == 100


def test_headings_of_columns_count():
    assert [kind for kind, *_ in personal("示例镇东街村", "家庭住址")] == ["address"]
    assert list(personal("示例镇东街村", "办公地址")) == []
    assert list(personal("13800001234", "项目编号")) == []
    assert [kind for kind, *_ in personal("990100900307123", "身份证号")] == ["identity"]


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the real notices are not here")
def test_no_false_alarm_in_real_notices():
    texts = [path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt"))]
    assert texts
    assert [list(personal(text)) for text in texts] == [[] for _ in texts]


@given(st.text(alphabet="0123456789Xx -.@qc住镇村组号单元室，12", max_size=300))
def test_any_text_is_searched(text: str):
    for kind, start, end in personal(text):
        assert 0 <= start < end <= len(text)
        masked(kind, text[start:end])
        key(text[start:end])


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "13800001234 ",
        "1 ",
        "-1",
        "a@",
        "a.",
        "住",
        "住在",
        "，住",
        "单元1",
        "1单元",
        "号楼1",
        "村组",
        "组1号",
        "https://",
        "1" * 18 + "x",
    ],
)
def test_the_time_is_linear(piece: str):
    begun = time.process_time()
    for _ in zip(personal(piece * (600_000 // len(piece))), range(2_000), strict=False):
        pass
    assert time.process_time() - begun < 6


def test_a_declared_number_is_known_in_every_way_of_writing_it(content: Path, run):
    notice = content / "notices/2025/water-2025.yaml"
    written = notice.read_text("utf-8")
    text = "opening: 值班手机138-0000-1234、+86 13800001234、138 0000 1234，邮箱Lisi@qq.com，地址幸福小区3号楼2单元501室。\n"
    contact = "contact:\n  phones: [{number: '13800001234'}]\n  emails: [lisi@qq.com]\n  postal: {address: 示例市幸福小区3号楼2单元501室}\n"
    notice.write_text(written.replace("sections:", f"{text}sections:"), "utf-8")
    assert run("check", "--today", TODAY)[0] == 1
    notice.write_text(written.replace("sections:", f"{text}{contact}sections:"), "utf-8")
    assert run("check", "--today", TODAY)[0] == 0


def test_very_many_findings_and_exemptions_are_told_in_time(content: Path, run):
    notice = content / "notices/2025/water-2025.yaml"
    numbers = [f"138{n:08}" for n in range(20_000)]
    exempt = "".join(f"  - {{text: '{number}', reason: 甲}}\n" for number in numbers[:15_000])
    phones = "".join(f"    - {{number: '139{n:08}'}}\n" for n in range(10_000))
    text = f"closing: {'、'.join(numbers)}\nexempt:\n{exempt}contact:\n  phones:\n{phones}"
    notice.write_text(notice.read_text("utf-8") + text, "utf-8")
    begun = time.process_time()
    code, report, _ = run("check", "--today", TODAY)
    assert code == 1
    assert report.count("[mobile-number]") > 900, "5,000 are neither exempt nor declared"
    assert "[more]" in report
    assert time.process_time() - begun < 60


# Files


def _zip(files: dict[str, bytes | str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def _exif(order: str, *, gps: bool) -> bytes:
    mark = b"II*\0" if order == "<" else b"MM\0*"
    first = struct.pack(f"{order}IHHHIII", 8, 1, 0x8825, 4, 1, 26, 0)
    return mark + first + struct.pack(f"{order}HHHIII", int(gps), 2, 5, 3, 44, 0) + bytes(24)


def _pictures(*, gps: bool) -> dict[str, bytes]:
    exif = _exif(">", gps=gps)
    app = b"Exif\0\0" + exif
    chunk = struct.pack(">I4s", len(exif), b"eXIf") + exif + struct.pack(">I", zlib.crc32(b"eXIf" + exif))
    webp = b"WEBPEXIF" + struct.pack("<I", len(exif)) + exif
    return {
        "a.jpg": b"\xff\xd8\xff\xe0\0\4ab\xff\xe1" + struct.pack(">H", len(app) + 2) + app + b"\xff\xda",
        "a.png": b"\x89PNG\r\n\x1a\n" + chunk,
        "a.webp": b"RIFF" + struct.pack("<I", len(webp)) + webp,
        "a.tiff": _exif("<", gps=gps),
    }


@pytest.mark.parametrize("name", _pictures(gps=True))
def test_pictures_say_where_they_were_taken(name: str):
    assert has_location(_pictures(gps=True)[name])
    assert not has_location(_pictures(gps=False)[name])
    assert [finding.kind for finding in look_inside(name, _pictures(gps=True)[name], None).findings] == ["location"]


@given(st.binary(max_size=200), st.sampled_from(sorted(_pictures(gps=True))), st.integers(0, 120))
def test_a_damaged_picture_is_read_as_far_as_it_goes(noise: bytes, name: str, at: int):
    whole = _pictures(gps=True)[name]
    has_location(whole[:at] + noise)
    has_location(whole[:at] + noise + whole[at:])


def test_a_picture_of_xmp():
    packet = b"http://ns.adobe.com/xap/1.0/\0<x exif:GPSLatitude='1'/>"
    assert has_location(b"\xff\xd8\xff\xe1" + struct.pack(">H", len(packet) + 2) + packet + b"\xff\xd9")


def test_names_and_texts_in_a_zip():
    raw = _zip({"李某13800001234/a.txt": "邮箱lisi@qq.com", "b.zip": _zip({"c.txt": "手机13900001234"})})
    found = look_inside("a.zip", raw, None)
    assert {finding.text for finding in found.findings} == {"13800001234", "lisi@qq.com", "13900001234"}


def test_a_zip_in_a_zip_in_a_zip_is_not_opened():
    raw = _zip({"c.txt": "手机13900001234"})
    for _ in range(5):
        raw = _zip({"b.zip": raw})
    assert look_inside("a.zip", raw, None).unread


def test_what_cannot_be_read_is_said():
    for name in ("a.zip", "a.docx", "a.ofd", "a.doc", "a.pdf"):
        assert look_inside(name, b"PK\3\4 nothing", None).unread, name


def test_what_unpacks_to_very_much_is_not_unpacked():
    begun = time.process_time()
    raw = _zip({"[Content_Types].xml": "", "word/document.xml": b"<p>" + b" " * (inside.MAX_UNPACKED + 1) + b"</p>"})
    assert look_inside("a.docx", raw, None).unread == "解压后太大"
    assert time.process_time() - begun < 5


def test_a_zip_of_bombs():
    sheet = "<worksheet><sheetData>" + " " * 30_000_000 + "</sheetData></worksheet>"
    bomb = _zip({"[Content_Types].xml": "", "xl/worksheets/sheet1.xml": sheet})
    begun = time.process_time()
    assert look_inside("a.zip", _zip({f"{n}.xlsx": bomb for n in range(300)}), None).unread
    assert look_inside("a.zip", _zip({f"{n}.pdf": b"%PDF" for n in range(300)}), None).unread.endswith(
        "压缩包里的 PDF 太多"
    )
    assert time.process_time() - begun < 10


@pytest.mark.parametrize("xml", ["<p/>" * 4_000_000, "<p><t>1</t></p>" * 700_000, "<p>" * 100_000])
def test_very_many_elements(xml: str):
    begun = time.process_time()
    assert look_inside("a.docx", _zip({"[Content_Types].xml": "", "word/document.xml": f"<d>{xml}</d>"}), None).unread
    assert time.process_time() - begun < 20


def test_very_many_lines():
    begun = time.process_time()
    found = look_inside("a.txt", b"1\n" * 3_000_000 + b"13800001234 13900001234\n\n 13700001234", None)
    assert [(finding.line, finding.column) for finding in found.findings] == [
        (3_000_001, 1),
        (3_000_001, 13),
        (3_000_003, 2),
    ]
    assert look_inside("a.txt", b"\n" * 20_000_000, None).unread
    assert time.process_time() - begun < 10


def test_entities_that_grow():
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    xml = f'<!DOCTYPE p [<!ENTITY a0 "13800001234">{entities}]><p><t>&a11;</t></p>'
    begun = time.process_time()
    look_inside("a.docx", _zip({"[Content_Types].xml": "", "word/document.xml": xml}), None)
    assert time.process_time() - begun < 5


@given(st.binary(max_size=300))
def test_any_bytes_are_looked_into(raw: bytes):
    for name in ("a.zip", "a.docx", "a.ofd", "a.txt", "a.jpg", "a"):
        look_inside(name, raw, None)


def _pdf(pages: int, stream: bytes = b"BT (13800001234) Tj ET") -> bytes:
    body = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count "
    body += b"%d/Kids[%s]>>endobj\n" % (pages, b"3 0 R " * pages)
    body += (
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj\n"
    )
    body += b"4 0 obj<</Length %d>>stream\n%s\nendstream endobj\n" % (len(stream), stream)
    return (
        body
        + b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF"
    )


def test_pages_of_a_pdf():
    found = look_inside("a.pdf", _pdf(1, b"BT /F 9 Tf (13800001234) Tj ET"), None)
    assert [(finding.text, finding.where) for finding in found.findings] == [("13800001234", "第 1 页")]


def test_a_pdf_ends_in_time(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pdf, "PATIENCE", 3)
    begun = time.monotonic()
    found = look_inside("a.pdf", _pdf(400, b"BT /F 9 Tf " + b"(a) Tj " * 100_000 + b"ET"), None)
    assert found.unread
    assert time.monotonic() - begun < 30


def test_an_exemption_may_be_for_an_attachment_and_the_report_shows_nothing(content: Path, run):
    notice = content / "notices/2025/water-2025.yaml"
    folder = notice.with_suffix("")
    folder.mkdir()
    (folder / "a.txt").write_text("手机13800001234", "utf-8")
    (folder / "b.jpg").write_bytes(_pictures(gps=True)["a.jpg"])
    attached = "attachments:\n  - {title: 甲, file: a.txt}\n  - {title: 乙, file: b.jpg}\n"
    notice.write_text(notice.read_text("utf-8") + attached, "utf-8")
    code, report, _ = run("check", "--today", TODAY)
    assert code == 1
    assert "mobile-number" in report
    assert "photo-location" in report
    assert "13800001234" not in report
    exempt = "exempt:\n  - {text: '13800001234', reason: 值班手机}\n  - {text: b.jpg, reason: 公共场所}\n"
    notice.write_text(notice.read_text("utf-8") + exempt, "utf-8")
    code, report, summary = run("check", "--today", TODAY, "--strict")
    assert code == 0, "a note is no warning"
    assert report.count(": note: ") == 2
    assert "2 个说明" in summary
    assert "13800001234" not in report
    assert "::notice file=" in run("check", "--today", TODAY, "--format", "github")[1]
    assert run("check", "--today", TODAY)[1] == report, "remembered"
