"""The door to Gongshi: `python build.py [COMMAND]`; see gongshi/cli.py."""

import sys

try:
    from gongshi.cli import main
except ModuleNotFoundError as error:  # dependencies are missing: say how to get them instead of a traceback
    sys.exit(f"缺少依赖 {error.name}：请先运行 ./dev site，或 python -m pip install -e . 后再试。")

if __name__ == "__main__":
    sys.exit(main())
