"""The form at `/admin/` can only save where it is told the way."""

from collections.abc import Iterator
from datetime import date

from gongshi.checks.place import error
from gongshi.corpus import Corpus
from gongshi.model import HOSTS
from gongshi.problems import Problem

_NEEDED = {
    "github": {"repo": "仓库，例如 repo: shili/gongshi", "base_url": "登录服务的网址，例如 base_url: https://login.example.cn"},
    "gitlab": {"repo": "仓库，例如 repo: shili/gongshi", "app_id": "在 GitLab 登记应用后得到的编号"},
    "gitea": {
        "repo": "仓库，例如 repo: shili/gongshi",
        "base_url": "Gitea 的网址，例如 base_url: https://git.example.cn",
        "app_id": "在 Gitea 登记应用后得到的编号",
    },
    "local": {},
}  # fmt: skip


def check_site(corpus: Corpus, _: date) -> Iterator[Problem]:
    """What the host of the repository needs is given."""
    admin = corpus.site.admin
    if admin is None:
        return
    for key, what in _NEEDED[admin.backend].items():
        if getattr(admin, key) is None:
            message = f"网页表单保存到 {HOSTS[admin.backend]}，还要写 {key}（{what}）"
            yield error(corpus.site.path, admin, key, "admin-incomplete", message)
