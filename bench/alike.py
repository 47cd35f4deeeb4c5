"""The alarm for copies among measures made of clauses that all share: what it finds, in what time and memory.

`python -m bench alike 250000` takes each kind of prose in a process of its own. A thousand measures are copied with a
tenth of their characters changed, put in or left out; the alarm has to put each copy into one group with its original.
"""

import multiprocessing
import os
import random
import resource
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor

from bench.measure import family, pss
from gongshi.cache import Cache
from gongshi.executors import Workers
from gongshi.health.alike import Measures, Sketch, folded, sketch

COPIES = 1_000
LOOK = 0.2  # seconds between two looks at the memory
_WHO = "局党组 分管领导 各科室 下属单位 机关党委 各镇街 项目单位 监理单位 财务科 人事科 办公室 执法大队 各村居"
_DO = (
    "召开 组织 开展 修订 完善 建立 健全 制定 印发 推进 落实 强化 加强 深化 细化 优化 督促 约谈 核查 排查 整治 清理 规范"
    " 压实 明确 梳理 对照 聚焦 紧盯 抓好"
)
_WHAT = (
    "专题会议 学习教育 警示教育 责任清单 问题台账 工作机制 监管制度 采购流程 财务管理办法 公务接待制度 供水管网改造"
    " 农村饮水安全 河道采砂管理 水质监测 安全生产检查 干部选拔任用 档案管理 党建工作考核 窗口服务 投诉处理 惠民补贴发放"
    " 低保对象认定 工程招投标 合同履约 政府购买服务 固定资产管理 公车使用 差旅费报销 执法案卷评查 行政审批事项"
    " 信访积案化解 防汛值班 污水处理厂运行 扬尘治理 垃圾分类 学校食堂 药品集中采购"
)
_END = (
    "确保整改到位 形成长效机制 切实提高工作效率 防止问题反弹回潮 实行销号管理 定期通报进展情况 推动工作落地见效"
    " 纳入年度考核 接受群众监督 逐级压实责任 杜绝类似问题再次发生 全面提升服务水平"
)
_LETTERS = [chr(0x4E00 + n) for n in range(3_000)]


def _grammar(rng: random.Random) -> Callable[[], str]:
    """Clauses of who does what."""
    who, do, what = _WHO.split(), _DO.split(), _WHAT.split()

    def clause() -> str:
        times = f"{rng.randint(1, 90)}次" if rng.random() < 1 / 5 else ""
        return rng.choice(who) * (rng.random() < 2 / 5) + rng.choice(do) + rng.choice(what) + times

    return clause


def _pool(size: int) -> Callable[[random.Random], Callable[[], str]]:
    """Clauses of a pool of so many: each stands in thousands of measures."""

    def kind(rng: random.Random) -> Callable[[], str]:
        make = _grammar(rng)
        pool = [make() + "".join(rng.choices(_LETTERS, k=rng.randint(0, 9))) for _ in range(size)]
        return lambda: rng.choice(pool)

    return kind


KINDS = {"verbs and objects": _grammar} | {f"pool of {size} clauses": _pool(size) for size in (250, 5_000, 100_000)}


def prose(kind: str, size: int, seed: int, copies: int = COPIES) -> tuple[list[str], list[tuple[int, int]]]:
    """Measures of 30 to 120 characters, their copies at the end; which is a copy of which."""
    rng = random.Random(seed)  # noqa: S311 - the same for the same seed
    clause, ends = KINDS[kind](rng), _END.split()
    texts = []
    for _ in range(size - copies):
        wanted = rng.randint(30, 115)
        text = ""
        while len(text) < wanted:
            text += f"{clause()}，"
        texts.append(f"{text}{rng.choice(ends)}。"[:120])
    planted = [(original, len(texts) + n) for n, original in enumerate(rng.sample(range(len(texts)), copies))]
    texts += [changed(texts[original], rng) for original, _ in planted]
    return texts, planted


def changed(text: str, rng: random.Random) -> str:
    """A copy with a tenth of the characters changed: half of the time each another one, else of all sorts."""
    letters = list(text)
    count = len(text) // 10
    if rng.random() < 1 / 2:
        for at in rng.sample(range(len(letters)), count):
            letters[at] = rng.choice(_LETTERS)
        return "".join(letters)
    for _ in range(count):
        at = rng.randrange(len(letters))
        gone, new = rng.choice(((0, 1), (1, 0), (1, 1)))
        letters[at : at + gone] = rng.choices(_LETTERS, k=new)
    return "".join(letters)


def grouped(texts: list[str], jobs: int) -> tuple[list[int], float]:
    """The group of each text, as the alarm has it (each alone has one of its own), and the seconds that it took."""
    started = time.monotonic()
    measures, cache = Measures(), Cache(None)
    try:
        with Workers(jobs) as workers:
            for n, found in enumerate(workers.map(_sketched, enumerate(texts), size=1_000)):
                measures.add(f"n{n}", f"n{n}.yaml", found)
            joined = measures.joined(cache, workers)
    finally:
        cache.close()
    seconds = time.monotonic() - started
    group: dict[int, int] = {}
    for number in measures.texts.values():
        waiting = [] if number in group else [number]
        for each in waiting:
            if each not in group:
                group[each] = number
                waiting += joined.get(each, ())
    return [group[measures.texts[folded(text)]] for text in texts], seconds


def _sketched(texts: Iterable[tuple[int, str]]) -> list[Sketch]:
    return [Sketch(str(n), n, 1, text, sketch(text)) for n, text in ((n, folded(text)) for n, text in texts)]


def measured(size: int, jobs: int) -> tuple[list[str], int]:
    """A table as Markdown, and how many copies were missed; memory is the largest sum of PSS."""
    lines = ["| prose | copies missed | wall | CPU | memory |", "| --- | --- | --- | --- | --- |"]
    missed = 0
    for kind in KINDS:
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as alone:
            done = alone.submit(_one, kind, size, jobs)
            memory = 0
            while not done.done():
                memory = max(memory, sum(map(pss, family(os.getpid())[1:])))
                time.sleep(LOOK)
            lost, wall, cpu = done.result()
        missed += lost
        lines.append(f"| {kind} | {lost} of {COPIES} | {wall:.0f} s | {cpu:.0f} s | {memory >> 20} MiB |")
    return lines, missed


def _one(kind: str, size: int, jobs: int) -> tuple[int, float, float]:
    texts, planted = prose(kind, size, seed=1)
    before = time.process_time()
    group, wall = grouped(texts, jobs)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = time.process_time() - before + used.ru_utime + used.ru_stime
    return sum(group[one] != group[copy] for one, copy in planted), wall, cpu
