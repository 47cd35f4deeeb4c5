"""`python -m tests.gallery OUT`."""

import sys
from pathlib import Path

from tests.gallery import write

if __name__ == "__main__":
    write(Path(sys.argv[1]))
