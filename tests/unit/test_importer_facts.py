"""Facts in running text, one table a function: how agencies word what the importer has to understand."""

import time

import pytest

from gongshi import model
from gongshi.checks.contacts import check_notice
from gongshi.contact import is_dialable, is_masked
from gongshi.importer import contacts, facts
from gongshi.problems import Severity

SLOW = 5.0  # seconds: far more than any hostile text takes, far less than what grows with its square


def given(value):
    return None if value is None else str(value)


# --- numbers and dates ---


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", 0), ("7", 7), ("１２", 12), ("〇", 0), ("二", 2), ("两", 2), ("十", 10), ("十二", 12), ("二十", 20), ("三十六", 36),
        ("一百", 100), ("一百零五", 105), ("二百三十", 230), ("一千零二十", 1020), ("二〇二四", 2024), ("二○二三", 2023), ("①", 1), ("⑫", 12),
        ("㉑", 21), ("⑴", 1), ("⒈", 1), ("", 0), ("A", 0), ("第二", 0), ("整改", 0), ("1a", 0),
    ],
)  # fmt: skip
def test_number(text, expected):
    assert facts.number(text) == expected


def test_folding_keeps_the_length():
    text = "电话：０９９０－５５５０１０１（办公室）；\u3000ａ＠ｂ．ｃｎ\xa0①“”。"
    assert facts.folded(text) == "电话:0990-5550101(办公室); a@b.cn ①“”。"
    assert len(facts.folded(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024年4月15日", "2024-04-15"), ("2024年04月05日", "2024-04-05"), ("2024 年 4 月 15 日", "2024-04-15"),
        ("２０２４年４月１５日", "2024-04-15"), ("二〇二四年四月十五日", "2024-04-15"), ("二○二三年十二月三十一日", "2023-12-31"),
        ("二O二四年一月二十日", "2024-01-20"), ("2024-04-15 10:32:07", "2024-04-15"), ("2024/4/5", "2024-04-05"), ("2024.4.15", "2024-04-15"),
        ("印发于2023年11月", "2023-11"), ("2023年6月中旬", "2023-06 中旬"), ("4月15日", None), ("2024年2月30日", None), ("2024年", None), ("", None),
        ("12024-04-15", None),
    ],
)  # fmt: skip
def test_day(text, expected):
    assert given(facts.day(text)) == expected


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("2024年4月15日", "", "2024-04-15"),
        ("　　　　二〇二四年四月十五日", "", "2024-04-15"),
        ("中共青石县水利局党组　2024年4月15日", "中共青石县水利局党组", "2024-04-15"),
        ("青石县水利局2024年4月15日", "青石县水利局", "2024-04-15"),
        ("2024-4-15", "", "2024-04-15"),
    ],
)
def test_line_with_the_date_of_signing(text, name, expected):
    assert (facts.before_date(text), given(facts.signed_date(text))) == (name, expected)


@pytest.mark.parametrize(
    "text",
    [
        "2024年4月", "青石县水利局", "公示期限：2024年4月15日", "自2023年1月1日起施行，有效期至2024年4月15日", "2024年4月15日前完成",
        "2024年4月31日", "现印发给你们，请认真落实。2024年4月15日", "2024年4月1日至2024年4月15日", "甲" * 200 + "2024年4月15日",
    ],
)  # fmt: skip
def test_line_that_is_no_date_of_signing(text):
    assert facts.signed_date(text) is None
    assert facts.before_date(text) == ""


@pytest.mark.parametrize(
    ("text", "started", "ended", "inferred"),
    [
        ("动员阶段（4月26日至4月30日）", "2024-04-26", "2024-04-30", 1),
        ("动员阶段（4月26日至30日）", "2024-04-26", "2024-04-30", 1),
        ("自查阶段（5月）", "2024-05", "2024-05", 1),
        ("自查阶段（6月—7月）", "2024-06", "2024-07", 1),
        ("自查阶段（6月-7月）", "2024-06", "2024-07", 1),
        ("自查阶段（6月上旬到7月中旬）", "2024-06 上旬", "2024-07 中旬", 1),
        ("整治阶段（11月至次年2月）", "2024-11", "2024-11", 1),
        ("整治阶段（11月至2月）", "2024-11", "2025-02", 1),
        ("整治阶段（2023年11月至2024年2月）", "2023-11", "2024-02", 0),
        ("整治阶段（2023年11月20日至12月3日）", "2023-11-20", "2023-12-03", 0),
        ("总结阶段（十一月至十二月）", "2024-11", "2024-12", 1),
        ("总结阶段", None, None, 0),
        ("总结阶段（13月）", None, None, 1),
        ("2024年3月15日召开会议，5月31日前报送", "2024-03-15", "2024-03-15", 0),
    ],
)
def test_span(text, started, ended, inferred):
    start, end, missing = facts.span(text, 2024)
    assert (given(start), given(end), missing) == (started, ended, inferred)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024年6月底前", "2024-06"), ("2023年12月31日", "2023-12-31"), ("2023年12月31日前完成", "2023-12-31"), ("2024年底前", "2024"),
        ("2024年年底", "2024"), ("２０２４年末", "2024"), ("2024年6月中旬", "2024-06 中旬"), ("截至2024年9月", "2024-09"), ("立行立改", None),
        ("长期坚持", None), ("6月底前", None), ("", None),
    ],
)  # fmt: skip
def test_deadline(text, expected):
    assert given(facts.deadline(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected", "behind"),
    [
        ("填报登记表，于5月31日前报送至专班。", "2024-05-31", "报送至专班。"),
        ("各单位于11月底前报市政府。", "2024-11", "报市政府。"),
        ("8月底之前完成清零", "2024-08", "完成清零"),
        ("6月30日以前提交报告", "2024-06-30", "提交报告"),
        ("2023年12月末前上报", "2023-12", "上报"),
        ("9月10日召开会议，9月20日前上报", "2024-09-20", "上报"),
        ("6月上旬前报送", "2024-06 上旬", "报送"),
        ("9月10日召开会议", None, ""),
        ("会前准备", None, ""),
    ],
)
def test_due_before(text, expected, behind):
    found = facts.due_before(text, 2024)
    assert (found and str(found[0]), found[1] if found else "") == (expected, behind)
    assert facts.due_before("5月31日前报送", None) is None


def test_number_of_phases():
    phase = (model.Phase(title="动员"),)
    assert facts.phases([model.Section(text="行动分为七个阶段。", phases=phase)]) == 7
    assert facts.phases([model.Section(text="分3个阶段推进", phases=phase)]) == 3
    assert facts.phases([model.Section(text="分三个阶段", title="别处"), model.Section(phases=phase)]) == 0


# --- who inspected whom ---


@pytest.mark.parametrize(
    ("text", "body", "started", "ended", "feedback", "inferred"),
    [
        ("2022年3月1日至5月20日，县委第二巡察组对县水利局党组开展了巡察，并于2022年7月8日反馈了巡察意见。", "县委第二巡察组", "2022-03-01", "2022-05-20", "2022-07-08", ()),
        ("市委第九巡察组于2022年9月6日至12月2日对市体育局党组进行常规巡察。2023年2月10日，市委第九巡察组向市体育局党组反馈了意见。", "市委第九巡察组", "2022-09-06", "2022-12-02", "2023-02-10", ()),
        ("根据省委统一部署，2023年2月20日—4月28日，省委第五巡视组对青石市委进行了巡视，6月30日反馈意见。", "省委第五巡视组", "2023-02-20", "2023-04-28", "2023-06-30", ("feedback",)),
        ("2023年10月8日至2024年1月12日，区委第三巡察组对我局党组开展巡察，3月5日向我局党组反馈了巡察情况。", "区委第三巡察组", "2023-10-08", "2024-01-12", "2024-03-05", ("feedback",)),
        ("2023年10月8日至12月29日，区委第三巡察组对区城管局党委开展巡察，并于次年2月5日反馈了巡察意见。", "区委第三巡察组", "2023-10-08", "2023-12-29", "2024-02-05", ("feedback",)),
        ("二〇二三年三月六日至五月十二日，县委第一巡察组对县司法局党组开展了巡察。", "县委第一巡察组", "2023-03-06", "2023-05-12", None, ()),
        ("按照县委安排，由县委第六巡察组于2023年5月对县供电公司党委开展巡察。", "县委第六巡察组", "2023-05", None, None, ()),
        ("根据县委部署县委第六巡察组自2023年5月8日起至7月7日对县融媒体中心党组开展巡察。", "县委第六巡察组", "2023-05-08", "2023-07-07", None, ()),
        ("2023年5月8日至7月7日县委第六巡察组对县融媒体中心党组开展巡察。", "县委第六巡察组", "2023-05-08", "2023-07-07", None, ()),
        ("2023年4月，市委第五提级（交叉）巡察组进驻临江区卫生健康局。2023年7月14日反馈意见。", "市委第五提级（交叉）巡察组", "2023-04", None, "2023-07-14", ()),
        ("2022年6月6日至7月15日，白沙区委机动巡察二组对前进镇党委进行了巡察。", "白沙区委机动巡察二组", "2022-06-06", "2022-07-15", None, ()),
        ("2022年6月6日至7月15日，局党组巡察工作第3组对市水文站党支部进行了巡察。", "局党组巡察工作第3组", "2022-06-06", "2022-07-15", None, ()),
        ("2023年6月12日至8月25日，市审计局对市国资委2022年度预算执行情况进行了审计，2023年10月9日出具审计报告。", "市审计局", "2023-06-12", "2023-08-25", "2023-10-09", ()),
        ("3月12日至4月25日，县审计局派出审计组对县教育局2023年度财务收支进行审计，2024年6月3日送达审计报告。", "县审计局派出审计组", "2024-03-12", "2024-04-25", "2024-06-03", ("started", "ended")),
        ("省第二生态环境保护督察组于2021年9月1日至9月30日对我市开展督察，2021年12月15日反馈督察意见。", "省第二生态环境保护督察组", "2021-09-01", "2021-09-30", "2021-12-15", ()),
        ("市安全生产督导组于2024年3月18日交办“危化品仓库距离不足”问题。", "市安全生产督导组", None, None, "2024-03-18", ()),
        ("2024年3月18日，县作风建设专班转办群众反映的问题1件。", "县作风建设专班", None, None, "2024-03-18", ()),
        ("2023年8月18日，市委第三巡察组向市园林局党组反馈了巡察意见。", "市委第三巡察组", None, None, "2023-08-18", ()),
        ("2023年5月上旬至7月下旬，市委第三巡察组采取“一托二”方式，对市园林局党组开展巡察。", "市委第三巡察组", "2023-05 上旬", "2023-07 下旬", None, ()),
        ("2023年5月8日至7月7日，县委第六巡察组对县文联党组开展巡察。9月1日，县文联党组召开专题会议学习巡察反馈意见。9月15日整改方案印发。", "县委第六巡察组", "2023-05-08", "2023-07-07", None, ()),
        ("2023年5月8日至7月7日，县委第六巡察组对县文联党组开展巡察，8月1日反馈。\n一、总体情况\n2023年12月4日，县委巡察整改督查组对整改情况进行了督查。", "县委第六巡察组", "2023-05-08", "2023-07-07", "2023-08-01", ("feedback",)),
        ("2021年3月1日至4月30日，县委第一巡察组对局党组开展巡察，2021年6月4日反馈意见。2023年4月10日至4月21日，县委巡察整改督查组对整改落实情况进行了“回头看”，5月9日反馈督查意见。", "县委巡察整改督查组", "2023-04-10", "2023-04-21", "2023-05-09", ("feedback",)),
        ("中共青石县文联党组关于十三届县委第四轮巡察反馈意见整改情况的通报\n2023年5月8日至7月7日，县委第六巡察组对县文联党组开展巡察。", "县委第六巡察组", "2023-05-08", "2023-07-07", None, ()),
    ],
)  # fmt: skip
def test_inspection(text, body, started, ended, feedback, inferred):
    found = facts.inspection(text)
    assert found is not None
    assert found.body == body
    assert (given(found.started), given(found.ended), given(found.feedback)) == (started, ended, feedback)
    assert found.inferred == inferred


@pytest.mark.parametrize(
    "text",
    [
        "", "局党组高度重视巡察整改工作，成立整改工作领导小组。", "2023年3月至6月，八届市委第三轮巡察派出6个巡察组，对18个单位开展巡察。2023年8月，各巡察组反馈了意见。",
        "受县人民政府委托，报告审计查出问题的整改情况。", "2023年4月6日，局党组召开会议，对照县委第一巡察组反馈意见，研究整改措施。",
        "县委巡察工作领导小组办公室2023年4月6日印发《关于做好巡察整改的通知》。", "针对市委巡察组反馈的问题，逐项整改。",
    ],
)  # fmt: skip
def test_no_inspection(text):
    assert facts.inspection(text) is None
    assert facts.inspected(text) == ""


@pytest.mark.parametrize(
    ("text", "round_", "subject"),
    [
        ("2023年5月8日至7月7日，县委第六巡察组对县文联党组开展十三届县委第四轮巡察。", "十三届县委第四轮巡察", None),
        (
            "根据十届区委第十一轮常规巡察安排，2023年5月8日至7月7日，区委第六巡察组对区文联党组开展巡察。",
            "十届区委第十一轮常规巡察",
            None,
        ),
        (
            "中共青石县文联党组关于十三届县委第四轮巡察整改情况的通报\n2023年5月，县委第六巡察组对县文联党组开展巡察。",
            "十三届县委第四轮巡察",
            None,
        ),
        (
            "2023年5月，县委第六巡察组对县文联党组进行了为期两个月的意识形态责任制专项巡察。",
            None,
            "意识形态责任制专项巡察",
        ),
        ("2023年5月，市督导组对县医保局开展医保基金使用专项检查。", None, "医保基金使用专项检查"),
        ("2023年5月，县委第六巡察组对县文联党组进行了专项巡察。", None, None),
        ("2023年5月，县委第六巡察组对县文联党组开展巡察。局党组组织开展公务用车专项检查。", None, None),
    ],
)
def test_round_and_subject(text, round_, subject):
    found = facts.inspection(text)
    assert found is not None
    assert (found.round, found.subject) == (round_, subject)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023年5月，区委第六巡察组对区园林局党组进行了巡察。", "区园林局党组"),
        ("区委第六巡察组于2023年5月8日至7月7日对区第三中学党总支开展巡察。", "区第三中学党总支"),
        ("2023年5月，区委第六巡察组对前进街道党工委及所辖社区党组织开展巡察。", "前进街道党工委"),
        ("2023年5月，市委第二巡察组对市国有资本集团党委开展巡察。", "市国有资本集团党委"),
        ("2023年5月，县审计局对县广播电视台2022年度财务收支情况进行了审计。", ""),
        ("2023年5月，县审计局对县林业和草原局2022年度预算执行情况进行了审计。", "县林业和草原局"),
        ("2023年5月，县委第六巡察组对我局党组进行了巡察。", ""),
        ("2023年5月，县委第六巡察组对县文联党组、县科协党组开展巡察。", ""),
        ("2023年5月，市委第一巡察组对市师范高等专科学校党委开展巡察。", "市师范高等专科学校党委"),
        ("2023年5月，县委第六巡察组对县公安局、县司法局等6个单位开展巡察。", ""),
        ("2023年5月，省督察组对全市水环境开展督察。", ""),
    ],
)
def test_inspected(text, expected):
    assert facts.inspected(text) == expected


# --- totals ---


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # what there is
        ("对照反馈意见，梳理出3个方面12个问题，制定整改措施36条。", {"aspects": 3, "issues": 12, "measures": 36}),
        ("针对反馈的４个方面、１５个具体问题，研究制定４７项整改措施。", {"aspects": 4, "issues": 15, "measures": 47}),
        ("反馈的四个方面十二个问题已建立台账。", {"aspects": 4, "issues": 12}),
        ("细化分解为问题18个、整改举措52项。", {"issues": 18, "measures": 52}),
        ("共查出问题1,204个，制定措施2,310条。", {"issues": 1204, "measures": 2310}),
        ("反馈5大类17个方面的22个问题。", {"aspects": 17, "issues": 22}),
        ("从五个方面作了部署，逐项建账。针对反馈的3个方面、9项问题，逐一明确责任。", {"aspects": 3, "issues": 9}),
        ("现将涉及我局的3个问题整改情况公示如下。", {"issues": 3}),
        ("反馈的9个问题均已制定整改措施，共31条。", {"issues": 9, "measures": 31}),
        ("反馈问题10个，细化为24个具体问题、制定61条措施。", {"issues": 24, "measures": 61}),
        # all is done
        ("梳理问题8个，制定措施20条，已全部完成整改。", {"issues": 8, "measures": 20, "issues_done": 8, "measures_done": 20}),
        ("反馈的8个问题已全部整改到位。", {"issues": 8, "issues_done": 8}),
        ("反馈的8个问题、20条措施均已完成整改。", {"issues": 8, "measures": 20, "issues_done": 8, "measures_done": 20}),
        ("共梳理问题8个。截至目前，所有问题均已整改完成。", {"issues": 8, "issues_done": 8}),
        ("共有8个问题和20项措施，目前全部办结。", {"issues": 8, "measures": 20, "issues_done": 8, "measures_done": 20}),
        ("梳理问题8个，制定措施20条，各项措施已全部完成。", {"issues": 8, "measures": 20, "measures_done": 20}),
        # some is
        ("12个问题已完成整改10个，正在推进2个。", {"issues": 12, "issues_done": 10, "issues_open": 2}),
        ("反馈问题25个，已完成整改19个、正在整改6个，整改完成率76%。", {"issues": 25, "issues_done": 19, "issues_open": 6}),
        ("反馈的30个问题，完成整改26个，基本完成并持续整改3个，未完成1个。", {"issues": 30, "issues_done": 26, "issues_ongoing": 3, "issues_open": 1}),
        ("反馈的30个问题中，26个已完成整改，3个取得阶段性成效，1个正在整改。", {"issues": 30, "issues_done": 26, "issues_ongoing": 3, "issues_open": 1}),
        ("问题30个，已整改27个，长期坚持3个。", {"issues": 30, "issues_done": 27, "issues_ongoing": 3}),
        ("已有11个问题、30项措施完成整改，其余2项措施正在推进。", {"issues_done": 11, "measures_done": 30, "measures_open": 2}),
        ("制定整改措施40条，已完成38条（含长期坚持5条），正在按计划推进2条。", {"measures": 40, "measures_done": 38, "measures_long_term": 5, "measures_open": 2, "done_includes_long_term": True}),
        ("制定措施40条，已完成38条，其中长期坚持5条。", {"measures": 40, "measures_done": 38, "measures_long_term": 5, "done_includes_long_term": True}),
        ("6个问题已完成5个、16条措施已完成15条。", {"issues": 6, "issues_done": 5, "measures": 16, "measures_done": 15}),
        ("已完成整改问题9个、措施20条，尚未完成整改问题1个。", {"issues_done": 9, "measures_done": 20, "issues_open": 1}),
        ("已办结问题14个；持续推进3个。", {"issues_done": 14, "issues_open": 3}),
        ("销号问题14个，未销号1个。", {"issues_done": 14, "issues_open": 1}),
        ("截至2024年5月底，20个问题中已完成并长期坚持18个，尚有2个问题未完成整改。", {"issues": 20, "issues_done": 18, "issues_open": 2}),
        ("已完成整改问题20个（其中需长期坚持的4个）。", {"issues_done": 20, "issues_ongoing": 4, "done_includes_long_term": True}),
        ("制定措施30条，已完成30条（包括长期任务（已取得阶段性成效）9条）。", {"measures": 30, "measures_done": 30, "measures_long_term": 9, "done_includes_long_term": True}),
        ("共反馈问题210个，制定措施640条。截至3月底，已完成整改问题200个；完成整改措施610条。", {"issues": 210, "measures": 640, "issues_done": 200, "measures_done": 610}),
        # something else
        ("召开专题会议12次，培训干部340人次，新建制度7项，已完成5项。", {}),
        ("移交问题线索3件，立案2人。", {}),
        ("召开民主生活会，查摆问题21个，制定措施30条。", {}),
        ("协调解决群众反映问题15个。", {}),
        ("开展自查，发现问题9个，已整改9个。", {}),
        ("建立问题清单5个，措施清单2项。", {}),
        ("第3个问题已完成整改。", {}),
        ("一个问题一个问题抓整改。", {}),
        ("用3个月时间完成整改，开展5个工作日集中督办。", {}),
        ("确保12月底前将剩余3个问题全部整改到位。", {}),
        ("上轮巡察反馈的15个问题已完成整改14个，1个正在整改。", {}),
        ("上次通报的15个问题已完成14个。本次巡察反馈问题6个，已完成整改5个。", {"issues": 6, "issues_done": 5}),
        ("对反馈问题照单全收，坚决整改到位。", {}),
        ("", {}),
    ],
)  # fmt: skip
def test_totals(text, expected):
    assert facts.totals(text) == expected
    assert model.Totals(**expected)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("关于廉政风险防控方面（共2个具体问题、7条整改措施）", {"issues": 2, "measures": 7}),
        ("(二)基层党建方面(3个问题,9项措施)", {"issues": 3, "measures": 9}),
        ("基层党建方面（整改措施4条）", {"measures": 4}),
        ("基层党建方面（共3个问题，已完成2个）", {"issues": 3, "issues_done": 2}),
        ("关于“两个责任（主体责任、监督责任）”落实不力的问题", {}),
        ("基层党建方面3个问题", {}),
    ],
)
def test_totals_of_a_part(title, expected):
    assert facts.totals_of_part(title) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("新建制度5项，修订完善制度3项。", [("新建制度", "5", "项"), ("修订完善制度", "3", "项")]),
        ("制定及修改完善管理制度12个", [("制定及修改完善管理制度", "12", "个")]),
        ("建立健全长效机制９项", [("建立健全长效机制", "9", "项")]),
        ("新建17项制度，完善了4项内控制度", [("新建制度", "17", "项"), ("完善内控制度", "4", "项")]),
        ("给予党纪政务处分3人，诫勉谈话5人，批评教育12人次。", [("给予党纪政务处分", "3", "人"), ("诫勉谈话", "5", "人"), ("批评教育", "12", "人次")]),
        ("约谈和通报批评8名", [("约谈和通报批评", "8", "名")]),
        ("问责党员干部6人", [("问责党员干部", "6", "人")]),
        ("组织处理0人", [("组织处理", "0", "人")]),
        ("挽回经济损失1,369.5万元，追回个人承担的差旅费7.13万元，清退资金820元。", [("挽回经济损失", "1369.5", "万元"), ("追回个人承担的差旅费", "7.13", "万元"), ("清退资金", "820", "元")]),
        ("新建制度5项。\n新建制度5项。", [("新建制度", "5", "项")]),
        ("召开会议5次，培训80人次，盘活资产63处，废止制度2项，立案4件，惠及群众3.8万人。", []),
        ("研究制定整改措施8条，建立台账3个。", []),
    ],
)  # fmt: skip
def test_figures(text, expected):
    assert [(each.label, str(each.value), each.unit) for each in facts.figures(text)] == expected


# --- statuses and who answers ---

WORDINGS = [
    "已完成", "完成整改", "已完成整改", "已全部完成整改", "全部完成整改", "已基本完成整改", "基本完成", "基本完成并持续整改", "已完成并长期坚持",
    "已完成整改并长期坚持", "整改完成", "已整改完成", "整改到位", "已整改到位", "已全部整改到位", "基本整改到位", "已整改", "均已整改",
    "部分整改", "部分完成整改", "已办结", "办结", "已销号", "完成销号", "长期任务已取得阶段性成效", "长期任务取得阶段性成效", "已取得阶段性成效", "取得阶段性成果",
    "取得明显成效", "正在整改", "正在推进", "正在按计划推进", "正在有序推进", "持续推进", "推进中", "整改中", "持续整改", "长期坚持", "立行立改", "立知立改",
    "即知即改", "边查边改", "未完成", "未整改", "未完成整改", "尚未完成", "尚未整改到位", "未办结", "未销号",
]  # fmt: skip


@pytest.mark.parametrize("wording", WORDINGS)
def test_every_wording_of_a_status(wording):
    assert facts.status_of_sentence(f"该问题{wording}。一是修订台账。") == wording
    assert facts.status_at_end(f"一是修订台账。{wording}。") == wording
    assert facts.status_of_title(f"台账不全（{wording}）") == wording


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("该问题已整改到位。", "已整改到位"), ("该问题，已完成整改。", "已完成整改"), ("目前，该问题已完成整改。", "已完成整改"), ("此项整改任务正在推进，", "正在推进"),
        ("该问题已完成整改", "已完成整改"), ("本事项目前正在整改；", "正在整改"), ("已完成整改。一是追回资金。", "已完成整改"), ("持续整改。", "持续整改"),
        ("该问题涉及面广。", ""), ("该问题整改责任单位为办公室。", ""), ("已完成整改方案的制定。", ""), ("立行立改，迅速组织清查。", ""), ("已完成台账修订。", ""),
        ("一是修订台账。已完成整改。", ""), ("", ""),
    ],
)  # fmt: skip
def test_status_of_a_first_sentence(text, expected):
    assert facts.status_of_sentence(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("滞留资金已下达。已完成整改。", "已完成整改"), ("滞留资金已下达；该问题已整改到位", "已整改到位"), ("核减工程款。目前，正在整改。", "正在整改"),
        ("核减工程款。（已完成）", "已完成"), ("核减工程款（整改状态：持续整改）。", "持续整改"), ("滞留资金已下达。\n已完成", "已完成"), ("资金已下达，办公楼维修已完成。", ""),
        ("计划年底前完成整改。", ""), ("已完成整改。下一步加强管理。", ""), ("", ""),
    ],
)  # fmt: skip
def test_status_at_the_end(text, expected):
    assert facts.status_at_end(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("台账不全。（已完成）", "已完成"), ("台账不全【取得阶段性成效】", "取得阶段性成效"), ("台账不全[ 未完成 ]", "未完成"), ("台账不全(整改进度：正在整改)", "正在整改"),
        ("台账（已完成部分）不全", ""), ("任务已完成但台账不全", ""), ("台账不全（共3条措施）", ""), ("", ""),
    ],
)  # fmt: skip
def test_status_of_a_title(text, expected):
    assert facts.status_of_title(text) == expected


@pytest.mark.parametrize(
    ("text", "lead", "units"),
    [
        ("规范窗口。【牵头部门：政务科 责任部门：各县（市）区局、执法队】", ["政务科"], ["各县（市）区局", "执法队"]),
        ("规范窗口。【牵头部门:政务科责任部门:各科室】", ["政务科"], ["各科室"]),
        ("规范窗口。（牵头部门：政务科；配合部门：法规科、财务科）。", ["政务科"], ["法规科", "财务科"]),
        ("规范窗口。（牵头单位：政务科、信访科）\n整改结果：已完成", ["政务科", "信访科"], []),
        ("规范窗口。(责任单位:政务科)", [], ["政务科"]),
        ("规范窗口。[责任领导：副局长 责任科室：政务科]", ["副局长"], ["政务科"]),
        ("规范窗口。（主办单位：政务科，协办单位：法规科）", ["政务科"], ["法规科"]),
        ("甲。（牵头部门：甲科）\n乙。（牵头部门：乙科；责任部门：丙科）", ["乙科"], ["丙科"]),
        ("规范窗口（含政务服务大厅）。", [], []),
        ("【牵头部门：政务科】规范窗口，限时办结。", [], []),
        ("牵头部门：政务科", [], []),
        ("", [], []),
    ],
)
def test_responsibility(text, lead, units):
    assert facts.responsibility(text) == (tuple(lead), tuple(units))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("财务科、各县（市、区）局，办公室；信访科。", ["财务科", "各县（市、区）局", "办公室", "信访科"]),
        ("财务科 办公室", ["财务科", "办公室"]),
        ("办公室（信息中心", ["办公室（信息中心"]),
        ("、、", []),
    ],
)
def test_names(text, expected):
    assert facts.names_in(text) == expected


# --- around the text ---


@pytest.mark.parametrize(
    ("text", "published", "source"),
    [
        ("来源:白沙市纪委监委网站发布时间:2023-06-21", "2023-06-21", "白沙市纪委监委网站"),
        ("发布时间：2024-07-19 10:32 来源：南湖县林业局 浏览次数：57", "2024-07-19", "南湖县林业局"),
        ("信息来源：区体育局　　发布日期：2024年7月9日　　字号：大 中 小", "2024-07-09", "区体育局"),
        ("成文日期：2024-05-01\n发布日期：2024-05-06\n来源：县政府办", "2024-05-06", "县政府办"),
        ("来源： 发布时间：2024/7/9", "2024-07-09", ""),
        ("来源：本站\n作者：办公室", None, "本站"),
        ("浏览次数：57", None, ""),
        ("", None, ""),
    ],
)
def test_publication(text, published, source):
    when, who = facts.publication(text)
    assert (given(when), who) == (published, source)


def test_attached_thing():
    assert facts.attached_thing("成立市局专项行动领导小组（见附件1），办公室设在法规科。") == "市局专项行动领导小组"
    assert facts.attached_thing("名单见附件1。") == ""


# --- contact ---


@pytest.mark.parametrize(
    ("text", "phones"),
    [
        ("联系电话：0990-5550101", ["0990-5550101"]),
        ("电　话：（0990）5550101。", ["（0990）5550101"]),
        ("电 话 0990 5550101", ["0990 5550101"]),
        ("联系电话：０９９０－５５５０１０１；", ["０９９０－５５５０１０１"]),
        ("监督电话：0990—5550101", ["0990—5550101"]),
        ("监督电话0990--5550101", ["0990--5550101"]),
        ("监督电话：010-55501010、010-55501011", ["010-55501010", "010-55501011"]),
        ("监督电话：0990-5550101/5550102，5550103", ["0990-5550101", "5550102", "5550103"]),
        ("如有意见，请拨打电话（监督电话：0990-5550101）反映", ["0990-5550101"]),
        ("监督电话：0990-5550101（办公室）、0990-5550102（机关纪委）", ["0990-5550101", "0990-5550102"]),
        ("电话：5550101", ["5550101"]),
        ("联系方式：5550101", ["5550101"]),
        ("联系方式:电话5550101;邮编:990101", ["5550101"]),
        ("手机：139 5550 0101", ["139 5550 0101"]),
        ("值班电话13955500101（工作日8:30-12:00）", ["13955500101"]),
        ("热线：12388", ["12388"]),
        ("服务热线：400-555-0101", ["400-555-0101"]),
        ("电话：+86-990-5550101", ["+86-990-5550101"]),
        ("电话：0990-5550101转8008", ["0990-5550101转8008"]),
        ("电话：0990-5550101-808", ["0990-5550101-808"]),
        ("联系电话：0990-555****，139****5555", ["0990-555****", "139****5555"]),
        ("联系方式:0990-*;", ["0990-*"]),
        ("联系电话：0990-555××××", ["0990-555××××"]),
        ("电话/传真：0990-5550101", ["0990-5550101"]),
        ("电话（传真）：0990-5550101", ["0990-5550101"]),
        ("电话：0990-5550101\n传真：0990-5550102", ["0990-5550101"]),
        ("传真：0990-5550102、0990-5550103；电话：0990-5550101", ["0990-5550101"]),
        ("传真电话：0990-5550102，邮箱：a@b.example", []),
        ("电话：0990-5550101，电话：0990-5550101", ["0990-5550101"]),
        ("公示期限：2024年9月2日至2024年9月8日，2024-09-02起，邮编990101，a@b.example", []),
        ("涉及资金5550101元、13955500101元，地址：5550101号，a@b.example", []),
        ("网址：http://www.qingshi.example/2024/0990-5550101.html，a@b.example", []),
        ("电话：99999999999，a@b.example", []),
        ("受理时间8:30-12:00、14:30-18:00，身份证号990101199001010011，a@b.example", []),
        ("信用代码11990101MB5550101X，QQ 5550101，a@b.example", []),
    ],
)
def test_phones(text, phones):
    found = contacts.contact(text)
    assert found is not None or phones == []
    assert [phone.number for phone in (found.phones if found else ())] == phones


def test_names_of_phones():
    text = "联 系 电 话：0990-5550101（办公室）、0990-5550102；手机：13955500101；0990-5550103（工作日9:00—17:00）；联系方式：5550104"
    found = contacts.contact(text)
    assert found is not None
    assert [(phone.number, phone.label) for phone in found.phones] == [
        ("0990-5550101", "办公室"),
        ("0990-5550102", "联系电话"),
        ("13955500101", "手机"),
        ("0990-5550103", "手机"),
        ("5550104", None),
    ]
    assert found.hours == "工作日9:00—17:00"


@pytest.mark.parametrize(
    ("text", "emails"),
    [
        ("电子邮箱：slj@qingshi.example。", ["slj@qingshi.example"]),
        (
            "电子邮箱slj_2024@qingshi.gov.example，jgdw@slj.example",
            ["slj_2024@qingshi.gov.example", "jgdw@slj.example"],
        ),
        ("邮箱：ｓｌｊ＠ｑｓ．ｅｘａｍｐｌｅ", ["ｓｌｊ＠ｑｓ．ｅｘａｍｐｌｅ"]),
        ("邮箱：*@*63.example;", ["*@*63.example"]),
        ("邮箱：slj****@163.example", ["slj****@163.example"]),
        ("邮箱：slj@qs.example.", ["slj@qs.example"]),
        ("邮箱：slj@qs.example、slj@qs.example", ["slj@qs.example"]),
        ("邮箱：slj@qs，电话：5550101", []),
        ("邮箱：@qs.example，电话：5550101", []),
    ],
)
def test_emails(text, emails):
    found = contacts.contact(text)
    assert list(found.emails if found else ()) == emails


@pytest.mark.parametrize(
    ("text", "address", "recipient", "postcode"),
    [
        ("邮政信箱：青石县清源路18号青石县水利局；", "青石县清源路18号", "青石县水利局", None),
        (
            "通信地址：青石县清源路18号，青石县水利局办公室，邮编：990101",
            "青石县清源路18号",
            "青石县水利局办公室",
            "990101",
        ),
        (
            "通讯地址：青石县清源路18号县水利局机关党委（收），邮政编码：990101。",
            "青石县清源路18号",
            "县水利局机关党委",
            "990101",
        ),
        ("来信请寄：青石县清源路18号县水利局（邮编：990101）", "青石县清源路18号", "县水利局", "990101"),
        ("邮寄地址：青石县政务中心3号楼502室", "青石县政务中心3号楼502室", None, None),
        ("地　址：青石县清源路18号水利大厦6楼县水利局办公室", "青石县清源路18号水利大厦6楼", "县水利局办公室", None),
        ("邮政邮箱:青石县水利局党建办;", None, "青石县水利局党建办", None),
        ("邮政信箱：青石县0123信箱；邮政编码：990100。", "青石县0123信箱", None, "990100"),
        ("专门信箱：青石县第45号邮政专用信箱", "青石县第45号邮政专用信箱", None, None),
        ("地址：青石县前进镇人民政府院内", "青石县前进镇人民政府院内", None, None),
        ("通信地址：青石县清源路18号，电话：5550101", "青石县清源路18号", None, None),
        ("通信地址：青石县清源路18号\n电话：5550101\n邮编：990101", "青石县清源路18号", None, "990101"),
        ("邮箱：slj@qs.example　地址：青石县清源路中段县水利局", "青石县清源路中段", "县水利局", None),
        ("邮政信箱: (略) 青石县清源路6号县水利局;邮政编码:*。", "(略) 青石县清源路6号", "县水利局", "*"),
        ("联系方式：青石县水利局办公室，电话：5550101", None, "青石县水利局办公室", None),
        ("联系科室：县水利局财务科\n联系电话：5550101", None, "县水利局财务科", None),
        ("受理单位：青石县水利局\n来信地址：青石县国土巷3号", "青石县国土巷3号", "青石县水利局", None),
        ("联系人：李某某；联系电话：5550101", None, None, None),
        ("地址：青石县清源路18号，联系人：李某某，电话5550101", "青石县清源路18号", None, None),
        ("电话：5550101，邮　编：９９０１０１", None, None, "９９０１０１"),
    ],
)
def test_postal(text, address, recipient, postcode):
    found = contacts.contact(text)
    assert found is not None
    postal = found.postal or model.Postal()
    assert (postal.address, postal.recipient, postal.postcode) == (address, recipient, postcode)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("受理时间：工作日上午8:30至12:00，下午2:30至5:30\n电话：5550101", "工作日上午8:30至12:00，下午2:30至5:30"),
        ("接听时间为每天9:00—17:00；电话：5550101", "每天9:00—17:00"),
        ("电话：5550101（工作日8:30—12:00、14:30—17:30）", "工作日8:30—12:00、14:30—17:30"),
        ("请于工作日（上午8:00—12:00）拨打电话5550101", "工作日（上午8:00—12:00）"),
        ("请在工作日上午9时至11时向我们反映。电话：5550101", "工作日上午9时至11时"),
        ("公示时间：2024年1月15日至1月26日。电话：5550101", None),
        ("电话：5550101（办公室）", None),
        ("电话：5550101（受理电话的时间为工作日上午8:00—12:00）", "工作日上午8:00—12:00"),
        ("电话：5550101，接听电话的时间为9:00~17:00。", "9:00~17:00"),
    ],
)
def test_hours(text, hours):
    found = contacts.contact(text)
    assert found is not None
    assert found.hours == hours


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("监督电话：0990-5550101", True), ("邮寄地址：青石县工商街7号", True), ("邮政编码：990200", True), ("电子邮箱：a@b.example", True),
        ("联系方式：电话：5550202；邮政邮箱：青石县民政局办公室。", True), ("公示期限：2024年9月2日至9月8日。", False), ("欢迎广大群众监督。", False),
        ("以个人名义反映的，应署真实姓名和联系方式。", False), ("清理手机应用12个，优化服务热线流程。", False), ("公布举报电话和邮箱。", False), ("", False),
    ],
)  # fmt: skip
def test_is_contact(text, expected):
    assert contacts.is_contact(text) is expected


def test_no_contact():
    assert contacts.contact("") is None
    assert contacts.contact("受理时间：工作日9:00—17:00") is None


# --- what is imported passes the checks, and no text takes long ---

PIECES = ["电话：", "传真：", "0990-", "5550101", "139****5555", "（办公室）", "、", "，", "；", "转801", "990101", "2024-09-02", "a@b", ".example", "*@*", "邮编：", "地址：", "路18号", "县水利局", "\n"]  # fmt: skip


def test_whatever_is_found_passes_the_check():
    for seed in range(4000):
        text = "".join(PIECES[(seed * 31 + i * (7 + seed % 13) + i * i) % len(PIECES)] for i in range(12))
        if found := contacts.contact(text):
            assert all(is_dialable(phone.number) or is_masked(phone.number) for phone in found.phones), text
            notice = model.Notice(kind="plan", title="甲", agency="a", text="digest", contact=found)
            assert [each.message for each in check_notice(notice, {}) if each.severity is Severity.ERROR] == []


EVERY = [
    facts.number, facts.folded, facts.day, facts.signed_date, facts.before_date, lambda text: facts.span(text, 2024), facts.deadline,
    lambda text: facts.due_before(text, 2024), facts.inspection, facts.inspected, facts.totals, facts.totals_of_part, lambda text: list(facts.figures(text)),
    facts.status_of_sentence, facts.status_at_end, facts.status_of_title, facts.responsibility, facts.names_in, facts.publication, facts.attached_thing,
    contacts.is_contact, contacts.contact,
]  # fmt: skip
HOSTILE = [
    "", "1", "(", ")", "（", "、", "年", "月", "日", " ", "\n", "*", "@", "-", "。", "，", "一", "十", "2024年", "1月", "2024年1月1日", "2024-01-01", "一个", "9个问题", "9个", "问题", "措施9条",
    "完成", "整改", "未完成整改", "正在", "长期", "已", "(9个", "()", "(()", "新建", "新建制度", "处分", "挽回", "挽回1", "县委第一巡察组", "巡察", "对", "由县委", "部署", "反馈", "1月1日反馈", "成立", "领导小组",
    "来源:", "发布时间:", "发布时间: ", "【牵头部门:", "【牵头部门:甲】\n", "责任部门:", "该问题", "a", "a@", "a@b.cn ", "a@b.", "0990-", "0990-5550101", "0990-5550101、", "电话", "电 话", "电话:5550101(甲)", "13955500101", "*-", "地址:", "地址:甲", "邮编:",
    "受理时间:", "受理时间:工作日", "请于", "请于工作日", "工作日", "8:", "路18号", "联系方式:", "甲局",
]  # fmt: skip


def test_no_text_is_an_error():
    for seed in range(3000):
        text = "".join(HOSTILE[(seed * 37 + i * (11 + seed % 17) + i * i * seed) % len(HOSTILE)] for i in range(25))
        for function in EVERY:
            function(text)


@pytest.mark.parametrize("piece", HOSTILE, ids=range(len(HOSTILE)))
def test_time_is_linear(piece):
    text = piece * (40_000 // max(1, len(piece)))
    started = time.perf_counter()
    for function in EVERY:
        function(text)
    assert time.perf_counter() - started < SLOW
