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
from gongshi.registers import RegisterError, read_register
from tests.conftest import SEEDS, TODAY

IDENTITY = "990100199003071230"  # of a region that does not exist
CARD = "6228480000000000018"

FOUND = [  # a text, and what is found in it
    ("手机13800001234。", "mobile", "13800001234"),
    ("第1行\n13800001234", "mobile", "13800001234"),
    ("手机：138 0000 1234，工作日", "mobile", "138 0000 1234"),
    ("李某(138-0000-1234)", "mobile", "138-0000-1234"),
    ("致电+86 13800001234", "mobile", "86 13800001234"),
    ("致电+86-138-0000-1234", "mobile", "86-138-0000-1234"),
    ("tel13800001234", "mobile", "13800001234"),
    ("１３８００００１２３４", "mobile", "１３８００００１２３４"),
    ("李某13800001234.jpg", "mobile", "13800001234"),
    ("IMG_13800001234.jpg", "mobile", "13800001234"),
    ("lisi-13800001234", "mobile", "13800001234"),
    ("wechat13800001234", "mobile", "13800001234"),
    ("微信号：13800001234", "mobile", "13800001234"),
    ("支付宝账号13800001234", "mobile", "13800001234"),
    ("13800001234-1", "mobile", "13800001234"),
    ("13800001234abc", "mobile", "13800001234"),
    ("1.13800001234", "mobile", "13800001234"),
    ("王某（村支书）13800001234", "mobile", "13800001234"),
    ("李某(水管员)：13800001234", "mobile", "13800001234"),
    ("请拨打13800001234 次日回复", "mobile", "13800001234"),
    ("13800001234户主张某", "mobile", "13800001234"),
    ("13800001234人社所李某", "mobile", "13800001234"),
    ("李家村十二号13800001234", "mobile", "13800001234"),
    ("13800001234万某", "mobile", "13800001234"),
    ("13800001234 B栋", "mobile", "13800001234"),
    ("电话13800001234.2024年", "mobile", "13800001234"),
    ("https://a.example/?tel=13800001234", "mobile", "13800001234"),
    ("https://a.example，13800001234", "mobile", "13800001234"),
    ("138.0000.1234", "mobile", "138.0000.1234"),
    ("138  0000\t1234", "mobile", "138  0000\t1234"),
    ("138\u200b0000\u200b1234", "mobile", "138\u200b0000\u200b1234"),
    ("138\u00ad00001234", "mobile", "138\u00ad00001234"),
    ("138\u20090000\u20091234", "mobile", "138\u20090000\u20091234"),
    ("138**0000**1234", "mobile", "138**0000**1234"),
    ("138`0000`1234", "mobile", "138`0000`1234"),
    ("138&nbsp;0000&nbsp;1234", "mobile", "138&nbsp;0000&nbsp;1234"),
    ("138\\-0000\\-1234", "mobile", "138\\-0000\\-1234"),
    ("1 李某 138 0000 1234 2024-01-15", "mobile", "138 0000 1234"),
    ("手机1380 0001 234", "mobile", "1380 0001 234"),
    ("手机13800 001234", "mobile", "13800 001234"),
    ("1 3 8 0 0 0 0 1 2 3 4", "mobile", "1 3 8 0 0 0 0 1 2 3 4"),
    ("电话1380000\n1234", "mobile", "1380000\n1234"),
    (f"张某{IDENTITY}", "identity", IDENTITY),
    (f"身份证号：{IDENTITY[:6]} {IDENTITY[6:14]} {IDENTITY[14:]}。", "identity", "990100 19900307 1230"),
    ("身份证号990100900307123（旧）", "identity", "990100900307123"),
    ("公民身份号码990100900307123", "identity", "990100900307123"),
    ("身份证号990100199003071000", "identity", "990100199003071000"),
    (f"身份证No.{IDENTITY}", "identity", IDENTITY),
    (f"ID{IDENTITY}", "identity", IDENTITY),
    (f"{IDENTITY}zhangsan", "identity", IDENTITY),
    (f"{IDENTITY[:14]}\n{IDENTITY[14:]}", "identity", f"{IDENTITY[:14]}\n{IDENTITY[14:]}"),
    (f"张三,{IDENTITY},李家村", "identity", IDENTITY),
    (f"转入{CARD}。", "card", CARD),
    (f"张某（本人）{CARD}", "card", CARD),
    (f"存折编号{CARD}", "card", CARD),
    ("转入6228 4800 0000 0000 018", "card", "6228 4800 0000 0000 018"),
    ("开户行示例支行，账号4333330000000019", "card", "4333330000000019"),
    ("邮箱lisi@qq.com", "email", "lisi@qq.com"),
    ("邮箱lisi＠qq.com", "email", "lisi＠qq.com"),
    ("邮箱lisi#qq.com", "email", "lisi#qq.com"),
    ("邮箱lisi @263.net", "email", "lisi @263.net"),
    ("发到 Li.Si@vip.163.com。", "email", "Li.Si@vip.163.com"),
    ("[写信](mailto:lisi@eyou.com)", "email", "lisi@eyou.com"),
    ("幸福小区3号楼2单元501室漏水", "address", "幸福小区3号楼2单元501室"),
    ("张某反映，幸福小区3号楼2单元501漏水", "address", "幸福小区3号楼2单元501"),
    ("幸福小区三号楼二单元五〇一室", "address", "幸福小区三号楼二单元五〇一室"),
    ("幸福小区３号楼２单元５０１室", "address", "幸福小区３号楼２单元５０１室"),
    ("阳光花园12栋1203室", "address", "阳光花园12栋1203室"),
    ("送达地址：幸福花园12栋502", "address", "幸福花园12栋502"),
    ("地址：幸福小区3-2-501", "address", "幸福小区3-2-501"),
    ("阳光小区3#501室", "address", "阳光小区3#501室"),
    ("李家村三组12号的水表", "address", "李家村三组12号"),
    ("张某，李家村12号", "address", "李家村12号"),
    ("张某家在城关镇李家村12号", "address", "城关镇李家村12号"),
    ("张某通讯地址：城关镇东关村5组12号", "address", "城关镇东关村5组12号"),
    ("家庭住址：示例县城关镇东街村", "address", "示例县城关镇东街村"),
    ("常住地址：城关镇东街25号", "address", "城关镇东街25号"),
    ("张某，男，住示例县东街25号", "address", "示例县东街25号"),
    ("为家住示例县城关镇东街村25号的老人抄表", "address", "示例县城关镇东街村25号的老人抄表"),
]
NOTHING = [
    "已遮盖：138****1234、138***1234",
    "35*************123、6228***********018",
    "投资13800001234元",
    "合同额13800001234（元）",
    "共计13800001234余元",
    "拨付13800001234.56",
    "年供水量13800001234吨、13800001234立方米",
    "用电13800001234度、13800001234千瓦时",
    "示例发〔2023〕13800001234号",
    "示例办（2023）13800001234号",
    "合同编号：13800001234",
    "批次YC13800001234",
    "项目XM-13800001234",
    "合同2024-13800001234",
    "流水2023138000012345678",
    "用户户号13800001234",
    "水表号13800001234更换",
    "电表13912345678号",
    "12345热线受理号13912345678",
    "工单13912345678已办结",
    "信访件13912345678号",
    "12345热线13912345678号工单",
    "设备序号18612345678",
    "证书号15012345678",
    "见https://a.example/t20240115_13800001234.html",
    "快递单号SF1380000123456",
    "经度118.13800001234，纬度37.5",
    "示例县 15230 120045\n示例镇 1380 620 130",
    "电话0990-7654321、4000001234",
    "0531-88001234转8012、0531-88001234-8012",
    "拨打12388、12345、12380",
    "2024-01-15至2024-06-30，20240115 20240630",
    "99**************123",
    IDENTITY[:-1] + "1",
    f"统一社会信用代码：{IDENTITY}",
    "项目代码2020-990100-77-03-012345",
    "项目代码6228480000000000018",
    "地块6201022023000118的出让",
    "ISBN 9787100012345",
    "邮箱jiandu@water.example",
    "邮箱*@163.com、j***@163.com",
    "改造3栋6单元72户",
    "改造3号楼2单元150余户",
    "改造3号楼2单元150户居民",
    "电厂2单元350MW机组停运，1单元600兆瓦机组",
    "3号楼1单元2024年加装电梯",
    "检修电厂1单元5号机组、2单元3号锅炉",
    "示例县 1 152 1203 1404 22",
    "2单元300吨锅炉，2单元1000千瓦变压器",
    "政务服务中心3号楼205室",
    "水务局办公楼2单元305室",
    "幸福小区居委会在幸福小区3号楼101室办公",
    "便民服务点设在3号楼1单元101室",
    "府前大街77号1012房间",
    "府前街77号政务大厦3号楼205室",
    "李家村三组3号大棚漏水，二组1号蓄水池清淤",
    "东关村五组12号图斑已复垦",
    "李家村3组2号变压器增容，2号鱼塘清退，2号垃圾收集点",
    "完成李家村3号、4号机井维修",
    "反映某镇某村12号，张某村12号",
    "该居住用地位于人民路3号地块西侧",
    "国家住房和城乡建设部位于三里河路9号",
    "对群众居住小区3号楼外墙脱落进行维修",
    "居住在李家村三组的群众反映饮水难",
    "现住户在幸福路3号楼前集中反映",
    "清退公租房违规租住7套，人民路5号院整治",
    "居民住址只写到街道办事处，不写社区和路名",
    "住院患者在人民路25号医院就诊",
    "国家在人民路25号的项目",
    "湖滨街道老旧小区12号楼的居民反映，住房在东三路88号对面",
    "社区第一网格3号楼共48户",
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


@pytest.mark.parametrize(
    "text",
    [
        "13800001234,13900001234",
        "13800001234，13900001234——完",
        "13800001234/13900001234",
        "13800001234-13900001234",
        "138 0000 1234 139 0000 1234",
        "13800001234\n13900001234",
    ],
)
def test_two_numbers_in_a_row(text: str):
    assert [kind for kind, *_ in personal(text)] == ["mobile", "mobile"]


def test_numbers_in_a_run_without_end():
    numbers = [f"138{n:08}" for n in range(30_000)]
    text = "\n".join(numbers)
    assert [text[start:end] for _, start, end in personal(text)] == numbers


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
    for label in ("联系电话 编号", "手机号码", "项目负责人", "合同经办人", "案件当事人"):
        assert [kind for kind, *_ in personal("13800001234", label)] == ["mobile"], label
    for label in ("合同金额（元）", "水表号", "总投资", "流水号码"):
        assert list(personal("13800001234", label)) == [], label


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
        key(kind, text[start:end])


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
        "https://a 13800001234\n",
        "13800 001234\n甲",
        "某村1号",
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


def _docx(body: str = "", **parts: str | bytes) -> bytes:
    document = f"<w:document><w:body><w:p><w:r><w:t>正文</w:t></w:r></w:p>{body}</w:body></w:document>"
    named = {name.replace("__", "."): part for name, part in parts.items()}
    return _zip({"[Content_Types].xml": "<Types/>", "word/document.xml": document} | named)


def _xlsx(parts: dict[str, str], rows: str = "") -> bytes:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    return _zip(
        {
            "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
            "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="a" '
            f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
            '<sheet name="甲" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
            f'<Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="r2" Type="{office}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is>'
            f"<t>姓名</t></is></c></row>{rows}</sheetData></worksheet>",
        }
        | parts
    )


_SAID = "<w:p><w:r><w:t>138</w:t></w:r><w:r><w:t>0000</w:t></w:r><w:r><w:t>1234</w:t></w:r></w:p>"
_CELLS = "<w:tr><w:tc><w:p><w:t>{}</w:t></w:p></w:tc><w:tc><w:p><w:t>{}</w:t></w:p></w:tc></w:tr>"
PARTS = {
    "runs": ("a.docx", _docx(_SAID)),
    "beside a comment": ("a.docx", _docx("<w:p><w:t>138<!-- x -->00001234</w:t></w:p>")),
    "no-break hyphens": (
        "a.docx",
        _docx("<w:t>138</w:t><w:noBreakHyphen/><w:t>0000</w:t><w:noBreakHyphen/><w:t>1234</w:t>"),
    ),
    "an author": ("a.docx", _docx(**{"word/comments.xml": '<w:c><w:comment w:author="李某13800001234"/></w:c>'})),
    "words for a picture": ("a.docx", _docx('<w:p><wp:docPr descr="李某13800001234"/></w:p>')),
    "a link": ("a.docx", _docx(**{"word/_rels/document.xml.rels": '<R><R Target="tel:13800001234"/></R>'})),
    "a chart": ("a.docx", _docx(**{"word/charts/chart1.xml": "<c:c><c:v>1</c:v><c:v>13800001234</c:v></c:c>"})),
    "another main part": ("a.docx", _docx(**{"word/document2.xml": f"<w:d>{_SAID}</w:d>"})),
    "a document of its own": ("a.docx", _docx(**{"word/afchunk1.htm": "<p>138<b>0000</b>1234</p>"})),
    "properties": ("a.docx", _docx(**{"docProps/app.xml": "<P><Manager>李某13800001234</Manager></P>"})),
    "an embedded table": (
        "a.docx",
        _docx(**{"word/embeddings/b.xlsx": _xlsx({}, "<row r='2'><c r='A2'><v>13800001234</v></c></row>")}),
    ),
    "the name of a sheet": ("a.xlsx", _xlsx({"xl/other.xml": '<sheet name="李某13800001234"/>'})),
    "a footer": ("a.xlsx", _xlsx({"xl/worksheets/sheet9.xml": "<w><oddFooter>&amp;C电话13800001234</oddFooter></w>"})),
    "a formula": ("a.xlsx", _xlsx({}, "<row r='2'><c r='A2'><f>\"13800001234\"</f></c></row>")),
    "a cache": ("a.xlsx", _xlsx({"xl/pivotCache/pivotCacheRecords1.xml": '<r><s v="13800001234"/></r>'})),
    "a text that no cell shows": ("a.xlsx", _xlsx({"xl/sharedStrings.xml": "<sst><si><t>13800001234</t></si></sst>"})),
    "a zip like a document": ("a.zip", _zip({"[Content_Types].xml": "x", "b.txt": "13800001234"})),
    "behind what is damaged": ("a.zip", _zip({"a.csv": b"\xff\xff\xff", "b.txt": "13800001234"})),
    "a folder": ("a.zip", _zip({"13800001234/": b""})),
    "pieces of a page": (
        "a.ofd",
        _zip({"P/Content.xml": "<P><TextCode>138</TextCode><TextCode>00001234</TextCode></P>"}),
    ),
    "utf-16": ("a.txt", "李某13800001234".encode("utf-16-le")),
    "a csv of Excel": ("a.csv", "姓名,电话\n张某,13800001234\n".encode("utf-16")),
    "one cell": ("a.csv", '姓名,电话\n张某,"13800001234,"\n'.encode()),
}


@pytest.mark.parametrize("name", PARTS)
def test_every_part_of_a_file_is_read(name: str):
    file, raw = PARTS[name]
    found = look_inside(file, raw, None)
    assert {key(finding.kind, finding.text) for finding in found.findings} == {"13800001234"}


def test_the_cell_to_the_left_says_what_a_value_is():
    rows = [("家庭住址", "示例镇东街村12号"), ("银行卡号", "4333330000000019"), ("身份证号", "990100900307123")]
    document = _docx(f"<w:tbl>{''.join(_CELLS.format(*row) for row in rows)}</w:tbl>")
    table = "".join(f"{left},{value}\n" for left, value in rows).encode()
    for file, raw in (("a.docx", document), ("a.csv", table)):
        assert [finding.kind for finding in look_inside(file, raw, None).findings] == ["address", "card", "identity"]


def test_a_value_is_no_heading():
    raw = "姓名,家庭住址\n张某,地址不详\n李某,示例镇东街村12号\n".encode()
    assert [finding.line for finding in look_inside("a.csv", raw, None).findings] == [3]


def test_what_a_picture_says():
    comment = b"\xff\xd8\xff\xfe" + struct.pack(">H", 13) + b"13800001234\xff\xda"
    profile = zlib.compress(b"\nexif\n  46\n" + _exif("<", gps=True).hex().encode())
    chunk = b"Raw profile type exif\0\0" + profile
    png = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4s", len(chunk), b"zTXt") + chunk + bytes(4)
    assert [finding.kind for finding in look_inside("a.jpg", comment, None).findings] == ["mobile"]
    assert [finding.kind for finding in look_inside("a.png", png, None).findings] == ["location"]
    assert look_inside("a.jpg", b"\0\0\0\x18ftypheic", None).unread


def test_a_small_table_that_grows():
    cells = "".join(f"<row r='{n}'>" + '<c t="s"><v>0</v></c>' * 50 + "</row>" for n in range(2, 2_000))
    bomb = _xlsx({"xl/sharedStrings.xml": f"<sst><si><t>{'x' * 10_000}</t></si></sst>"}, cells)
    begun = time.process_time()
    assert "太多" in look_inside("a.xlsx", bomb, None).unread
    with pytest.raises(RegisterError, match="太多"):
        read_register("a.xlsx", bomb)
    assert time.process_time() - begun < 10


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


NOTICE = "notices/2025/water-2025.yaml"


def _attach(content: Path, name: str, raw: bytes, more: str = "") -> None:
    notice = content / NOTICE
    notice.with_suffix("").mkdir(exist_ok=True)
    (notice.with_suffix("") / name).write_bytes(raw)
    attached = f"attachments:\n  - {{title: 甲, file: {name}}}\n{more}"
    notice.write_text(notice.read_text("utf-8").partition("attachments:")[0] + attached, "utf-8")


def test_what_could_not_be_read_is_told_until_somebody_has_looked(content: Path, run):
    _attach(content, "a.doc", b"\xd0\xcf\x11\xe0")
    code, report, _ = run("check", "--today", TODAY)
    assert code == 0
    assert "[unread-attachment]" in report
    assert run("check", "--site", "--today", TODAY)[1].count("[unread-attachment]") == 1
    _attach(content, "a.doc", b"\xd0\xcf\x11\xe0", "exempt:\n  - {text: a.doc, reason: 已逐页看过}\n")
    report = run("check", "--site", "--today", TODAY)[1]
    assert "unread-attachment" not in report
    assert "unused-exempt" not in report
    assert "已逐页看过" in report


def test_very_many_exemptions_leave_nothing_unseen(content: Path, run):
    numbers = [f"138{n:08}" for n in range(1_200)]
    exempt = "".join(f"  - {{text: '{number}', reason: 甲}}\n" for number in numbers[:1_000])
    _attach(content, "a.txt", "\n".join(numbers).encode(), f"exempt:\n{exempt}")
    code, report, _ = run("check", "--today", TODAY)
    assert code == 1
    assert "没有全部查出" in report
    notice = content / NOTICE
    notice.write_text(notice.read_text("utf-8") + f"closing: {'、'.join(numbers[:1_100])}\n", "utf-8")
    (notice.with_suffix("") / "a.txt").write_text("无", "utf-8")
    code, report, _ = run("check", "--today", TODAY)
    assert code == 1
    assert "error: 这个文件还有 100 个问题" in report, "the first 1,000 are notes of exemptions"


def test_the_telephone_of_the_agency_may_be_printed(content: Path, run):
    notice = content / NOTICE
    written = notice.read_text("utf-8")
    notice.write_text(f"{written}closing: 监督电话13900001234，邮箱shuiwu@qq.com。\n", "utf-8")
    report = run("check", "--today", TODAY)[1]
    assert "[mobile-number]" in report
    agency = content / "agencies/water.yaml"
    before = agency.read_text("utf-8")
    contact = "contact: {phones: [{number: '13900001234'}], emails: [shuiwu@qq.com]}\n"
    agency.write_text(before.partition("contact:")[0] + contact, "utf-8")
    assert run("check", "--today", TODAY)[0] == 0
    notice.write_text(f"{written}closing: 监督邮箱wu@qq.com。\n", "utf-8")
    assert "[private-email]" in run("check", "--today", TODAY)[1], "no part of another address"


def test_an_exemption_is_for_one_photo(content: Path, run):
    photo = _pictures(gps=True)["a.jpg"]
    raw = _zip({"a.docx": _docx(**{"word/media/image1.jpeg": photo})})
    exempt = "exempt:\n  - {{text: {}, reason: 公共场所13800001234}}\n"
    _attach(content, "b.docx", _docx(**{"word/media/image1.jpeg": photo}), exempt.format("image1.jpeg"))
    code, report, _ = run("check", "--today", TODAY)
    assert code == 1
    assert "照片 b.docx/image1.jpeg" in report
    _attach(content, "b.docx", _docx(**{"word/media/image1.jpeg": photo}), exempt.format("b.docx/image1.jpeg"))
    code, report, _ = run("check", "--today", TODAY)
    assert code == 0
    assert "13800001234" not in report, "nor is what stands in a reason"
    _attach(content, "c.zip", raw)
    assert run("check", "--today", TODAY)[0] == 1


def test_a_report_shows_no_name_of_a_packed_file(content: Path, run):
    _attach(
        content,
        "a.zip",
        _zip({"李某13800001234.txt": "邮箱lisi@qq.com", "王某13900001234.jpg": _pictures(gps=True)["a.jpg"]}),
    )
    report = run("check", "--today", TODAY)[1]
    assert "李某138****1234.txt" in report
    assert "照片 a.zip/王某139****1234.jpg" in report
    assert "13800001234" not in report
    assert "13900001234" not in report


def test_names_of_files_and_labels_are_looked_at(content: Path, run):
    notice = content / NOTICE
    notice.write_text(notice.read_text("utf-8") + "labels: {status: 联系李某13800001234：}\n", "utf-8")
    assert "[mobile-number]" in run("check", "--today", TODAY)[1]
    (content / "pages/lisi-13700001234.md").write_text("# 甲\n\n乙\n", "utf-8")
    report = run("check", "--today", TODAY)[1]
    assert "137****1234" in report


def test_what_there_was_no_time_for_is_read_again(content: Path, run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pdf, "PATIENCE", 0.01)
    _attach(content, "a.pdf", _pdf(1, b"BT /F 9 Tf (13800001234) Tj ET"))
    code, report, _ = run("check", "--today", TODAY)
    assert code == 0
    assert "太费时间" in report
    monkeypatch.setattr(pdf, "PATIENCE", 120)
    assert "[mobile-number]" in run("check", "--today", TODAY)[1]
