"""Every component in every state, from the macros of the site: `python -m tests.gallery OUT` writes OUT/index.html."""

import shutil
from datetime import date
from pathlib import Path
from types import SimpleNamespace

from gongshi import urls
from gongshi.derive.cards import IssueItem, NoticeItem
from gongshi.derive.notice import Entry
from gongshi.derive.rows import ContactCard, EmailLine, PhoneLine, Status
from gongshi.derive.tally import Tally
from gongshi.model import BUCKETS
from gongshi.render import Renderer, Setting
from gongshi.templates import DEFAULT_TEMPLATES
