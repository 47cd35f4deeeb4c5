"""`python -m bench`."""
import sys
from pathlib import Path
from bench.corpus import write
if sys.argv[1]=="corpus": write(int(sys.argv[2]), Path(sys.argv[3]))
