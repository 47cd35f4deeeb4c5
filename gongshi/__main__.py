"""`python -m gongshi` is the installed command."""

import sys

from gongshi.cli import main

sys.exit(main())
