"""Where results are kept: a file a day and machine, to which each run adds."""

import datetime as dt
import json
import os
import platform
import re
from pathlib import Path
from typing import Any

from bench.generators import HERE
from bench.tables import report

FOLDER = HERE / "results"


def machine() -> dict[str, str]:
    """What figures depend on."""
    cpuinfo = Path("/proc/cpuinfo")
    model = re.search(r"model name\s*: (.*)", cpuinfo.read_text(encoding="utf-8")) if cpuinfo.exists() else None
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": model.group(1) if model else platform.machine(),
        "cores": str(os.cpu_count()),
        "memory": f"{memory:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
    }


def add(run: dict[str, Any], name: str) -> Path:
    """Add a run of one size to today's results of a machine, and write the tables anew; the Markdown file."""
    FOLDER.mkdir(exist_ok=True)
    today = dt.datetime.now(dt.UTC).date().isoformat()
    path = FOLDER / f"{today}-{name}.json"
    empty: dict[str, Any] = {"date": today, "machine": machine(), "runs": []}
    results = json.loads(path.read_text(encoding="utf-8")) if path.exists() else empty
    results["runs"].append(run)
    path.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    markdown = path.with_suffix(".md")
    markdown.write_text(report(results), encoding="utf-8")
    return markdown
