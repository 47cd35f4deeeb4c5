"""The form at `/admin/`: off unless asked for, made of what was pinned, and able to say everything that the model can."""

import base64
import dataclasses
import hashlib
import io
import json
import os
import re
import tarfile
import typing
from collections.abc import Callable
from pathlib import Path

import pytest

from gongshi import model, vendor
from gongshi.forms import Offered, connects_to, form
from gongshi.options import Options
from gongshi.serve import Preview
from gongshi.vendor import Package, VendorError, vendored
from tests.conftest import FORM

SITE = model.Site(
    schema="1", title="甲", description="乙", operator=model.Operator(name="丙"),
    statuses=model.Vocabulary(**{bucket: model.StatusWords(label=bucket) for bucket in model.BUCKETS}),
)  # fmt: skip


def packed(files: dict[str, str]) -> bytes:
    """A package of npm."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w:gz") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
    return raw.getvalue()


def package(raw: bytes) -> Package:
    sha512 = base64.b64encode(hashlib.sha512(raw).digest()).decode()
    return Package("form", "1.0.0", sha512, {"package/dist/form.js": "cms.js", "package/lib/": "yaml/"})


PACKED = packed(
    {"package/dist/form.js": "1", "package/lib/a/b.js": "2", "package/lib/c.txt": "3", "package/install.js": "4"}
)


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An npm that puts down what lies in `answer`, and counts how often it was asked."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "npm").write_text(
        f'#!/bin/sh\necho "$*" >> {folder}/asked\n[ -e {folder}/answer ] || exit 1\n'
        f'for last; do name="$last"; done\ncp {folder}/answer "$5/x.tgz"\n'
    )
    (folder / "npm").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return folder


def test_only_what_is_published_is_taken_and_only_once(npm: Path, tmp_path: Path) -> None:
    (npm / "answer").write_bytes(PACKED)
    found = vendored(tmp_path / "cache", (package(PACKED),))
    assert {path: file.read_text() for path, file in found.items()} == {"cms.js": "1", "yaml/a/b.js": "2"}
    assert vendored(tmp_path / "cache", (package(PACKED),)) == found
    (asked,) = (npm / "asked").read_text().splitlines()
    assert re.fullmatch(r"pack --silent --ignore-scripts --pack-destination \S+ form@1\.0\.0", asked)


def test_another_package_is_not_used(npm: Path, tmp_path: Path) -> None:
    (npm / "answer").write_bytes(packed({"package/dist/form.js": "evil"}))
    with pytest.raises(VendorError, match="与应有的不符"):
        vendored(tmp_path / "cache", (package(PACKED),))
    assert [path for path in (tmp_path / "cache").rglob("*") if path.is_file()] == []


def test_the_editor_is_told_what_is_missing(npm: Path, content: Path, run, monkeypatch: pytest.MonkeyPatch) -> None:
    site = content / "site.yaml"
    site.write_text(site.read_text() + FORM)
    line = site.read_text().count("\n") - 1
    code, out, _ = run("build")
    assert code == 1
    assert f"content/site.yaml:{line}:8: error: npm 没有取到 decap-cms" in out
    monkeypatch.setattr(vendor.shutil, "which", lambda _: None)
    assert "没有装 npm" in run("build")[1]
    assert not Path("site").exists()
    assert run("check")[0] == 0  # it publishes nothing, so it needs nothing


def test_a_site_without_a_form_has_nothing_of_it(npm: Path, content: Path, run) -> None:
    assert run("build")[0] == 0
    assert not Path("site/admin").exists()
    assert not (npm / "asked").exists()


def test_a_form_is_switched_on_and_off(
    npm: Path, content: Path, run: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    (npm / "answer").write_bytes(PACKED)
    monkeypatch.setattr(vendor.vendored, "__defaults__", ((package(PACKED),),))
    site = content / "site.yaml"
    before = site.read_text()
    assert run("build")[0] == 0
    without = {path: path.read_bytes() for path in sorted(Path("site").rglob("*")) if path.is_file()}
    site.write_text(before + FORM)
    assert run("build")[0] == 0
    there = {path.name for path in Path("site/admin").iterdir()}
    assert there == {"index.html", "config.json", "admin.js", "splice.js", "cms.js", "yaml"}
    page = Path("site/admin/index.html").read_text()
    assert "connect-src &#39;self&#39; blob: https://git.example.cn;" in page
    assert not any(b"admin/" in path.read_bytes() for path in without if path.suffix in {".html", ".xml", ".txt"})
    config = json.loads(Path("site/admin/config.json").read_text())
    assert config["backend"]["name"] == "gitlab"
    assert config["publish_mode"] == "editorial_workflow"
    site.write_text(before)
    assert run("build")[0] == 0
    assert {path: path.read_bytes() for path in sorted(Path("site").rglob("*")) if path.is_file()} == without


def test_a_preview_leaves_the_form_alone(npm: Path, content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = packed({"package/dist/form.js": "write('<head></head>')"})
    (npm / "answer").write_bytes(raw)
    monkeypatch.setattr(vendor.vendored, "__defaults__", ((package(raw),),))
    site = content / "site.yaml"
    site.write_text(site.read_text() + FORM)
    preview = Preview(Options(content=content, output=content.parent / "site"), lambda _: None)
    preview.rebuild()

    def get(path: str) -> bytes:
        return b"".join(preview({"PATH_INFO": path}, lambda *_: None))

    assert get("/admin/cms.js") == b"write('<head></head>')"
    assert b"livereload.js" not in get("/admin/")  # what is filled in would be lost when the content changes
    assert b"livereload.js" in get("/")


@pytest.mark.parametrize(
    ("given", "origins"),
    [
        ({"backend": "local"}, ("http://127.0.0.1:8081",)),
        ({"backend": "local", "api_root": "http://127.0.0.1:9000/api/v1"}, ("http://127.0.0.1:9000",)),
        ({"backend": "github", "base_url": "https://login.example.cn"}, ("https://api.github.com",)),
        ({"backend": "gitlab"}, ("https://gitlab.com",)),
        (
            {"backend": "gitlab", "base_url": "https://a.example.cn", "api_root": "https://b.example.cn/api/v4"},
            ("https://b.example.cn", "https://a.example.cn"),
        ),
        ({"backend": "gitea", "base_url": "https://git.example.cn:3000/sub"}, ("https://git.example.cn:3000",)),
    ],
)
def test_the_page_may_talk_to_its_host_alone(given: dict[str, str], origins: tuple[str, ...]) -> None:
    assert connects_to(model.Admin(**given)) == origins


@pytest.mark.parametrize(
    ("given", "backend"),
    [
        ({"backend": "local"}, {"name": "proxy", "proxy_url": "http://127.0.0.1:8081/api/v1", "branch": "main"}),
        (
            {"backend": "github", "repo": "a/b", "branch": "site", "base_url": "https://login.example.cn"},
            {"name": "github", "repo": "a/b", "branch": "site", "base_url": "https://login.example.cn"},
        ),
        (
            {"backend": "gitlab", "repo": "a/b", "app_id": "1"},
            {"name": "gitlab", "repo": "a/b", "branch": "main", "auth_type": "pkce", "app_id": "1"},
        ),
        (
            {"backend": "gitea", "repo": "a/b", "app_id": "1", "base_url": "https://git.example.cn/"},
            {"name": "gitea", "repo": "a/b", "branch": "main", "auth_type": "pkce", "app_id": "1",
             "base_url": "https://git.example.cn/", "api_root": "https://git.example.cn/api/v1"},
        ),
    ],
)  # fmt: skip
def test_the_host_is_told_as_decap_wants_it(given: dict[str, str], backend: dict[str, str]) -> None:
    told = form(SITE, model.Admin(**given), Path("content"), Offered((), ()))["backend"]
    assert told.pop("commit_messages")
    assert told == backend


def names(fields: list[dict[str, typing.Any]], path: str = "") -> set[str]:
    own = {f"{path}{field['name']}" for field in fields}
    return own.union(*(names(field.get("fields", []), f"{path}{field['name']}.") for field in fields))


def of_model(cls: typing.Any, path: str = "") -> set[str]:
    found = set()
    hints = typing.get_type_hints(cls)
    for field in dataclasses.fields(cls):
        if field.metadata:
            found.add(path + field.name)
            inner = [
                arg for arg in (hints[field.name], *typing.get_args(hints[field.name])) if dataclasses.is_dataclass(arg)
            ]
            for each in inner:
                if hasattr(each, "at"):
                    found |= of_model(each, f"{path}{field.name}.")
    return found


def test_the_form_can_say_everything() -> None:
    config = form(SITE, model.Admin(backend="local"), Path("content"), Offered((("已完成", "已完成"),), ()))
    _, notices, agencies, settings = config["collections"]
    assert names(notices["fields"]) == of_model(model.Notice)
    assert names(agencies["fields"]) == of_model(model.Agency)
    left_out = {name for name in of_model(model.Site) if name.partition(".")[0] in {"schema", "admin"}}
    assert names(settings["files"][0]["fields"]) == of_model(model.Site) - left_out
