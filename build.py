"""The door to Gongshi: `python build.py [COMMAND]`; see gongshi/cli.py. It also finds the environment of `./dev`."""

import subprocess
import sys
from pathlib import Path

try:
    from gongshi.cli import main
except ModuleNotFoundError as error:
    environment = Path(__file__).resolve().parent / ".venv"
    pythons = [path for path in (environment / "bin/python", environment / "Scripts/python.exe") if path.exists()]
    if pythons and Path(sys.prefix).resolve() != environment:
        sys.exit(subprocess.call([pythons[0], *sys.argv]))
    print(
        f"缺少依赖 {error.name}：请先运行一次 ./dev site，或 python -m pip install -r requirements.txt", file=sys.stderr
    )
    sys.exit(2)

if __name__ == "__main__":
    sys.exit(main())
