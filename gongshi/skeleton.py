"""`new notice ID` and `new agency ID`: a commented skeleton that an editor fills in."""

from datetime import date
from pathlib import Path

from gongshi.decode import check_id
from gongshi.problems import UsageError
from gongshi.schema import modeline

_AGENCY = """\
{modeline}
# 单位：{id}。填好后运行 python build.py check 检查；不用的行可以删去。
# 单位全称
name:
# 党组全称，没有可删去
party_body:
# 地区代码（GB/T 2260，6 位），要先登记在 regions.yaml
region:
# 领域，例如：交通运输
sector:
# 电话区号，例如 '0546'
area_code:
# 监督方式。号码照原样写，7、8 位的座机会自动加上区号
contact:
  phones:
    - number:
      label: 监督电话
  emails: []
  postal:
    address:
    recipient:
    postcode:
  # 受理时间，例如：工作日 9:00—17:00
  hours:
"""

_NOTICE = """\
{modeline}
# 通报：{id}。填好后运行 python build.py check 检查；不用的行可以删去。
# 注释请像这样单独写一行；内容里有“: ”或“ #”时，请给整个值加引号。
# 种类：rectification 整改通报、plan 方案、announcement 公告
kind: rectification
title:
# 单位编号，即 agencies 里的文件名（不带 .yaml）
agency:
published: {today}
# verbatim 全文、digest 摘要
text: verbatim
source:
  name:
  url:
# 没有巡察的，删去这一段。日期写成 2023-06-08；只知道月份写 2023-06
inspection:
  body:
  started:
  ended:
  feedback:
# 通报自己写明的总数，没写的删去
declared:
  issues:
  measures:
numbering: {{section: '一、', aspect: (一), issue: '1.', measure: (1)}}
opening: |
  导语写在这里。
sections:
  - title: 整改工作基本情况
    text: |
      正文写在这里，段落之间空一行。
  - title: 整改落实进展情况
    aspects:
      - title: 第一个方面的标题
        issues:
          - id: '1'
            title: 第一个问题
            status: 已完成
            measures:
              - 第一条整改措施。
closing: |
  欢迎监督。
# 照通报上印的写
contact:
  phones:
    - number:
  emails: []
signed:
  by:
  date: {today}
"""


def new(kind: str, new_id: str, content: Path, today: date) -> Path:
    """Write the skeleton of a notice or an agency and return its path.

    Raises UsageError if the id cannot be an address or is taken.
    """
    if problem := check_id(new_id, new_id):
        raise UsageError(problem.message)
    if not content.is_dir():
        raise UsageError(f"找不到内容文件夹 {content}；请在项目的根目录运行，或用 --content 指定")
    if kind == "agency":
        path, text = content / "agencies" / f"{new_id}.yaml", _AGENCY.format(id=new_id, modeline=modeline("agency"))
        taken = [path] if path.exists() else []
    else:
        path = content / "notices" / str(today.year) / f"{new_id}.yaml"
        text = _NOTICE.format(id=new_id, today=today.isoformat(), modeline=modeline("notice"))
        taken = sorted((content / "notices").rglob(f"{new_id}.yaml"))
    if taken:
        raise UsageError(f"{taken[0]} 已经存在；请换一个编号")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)
    return path
