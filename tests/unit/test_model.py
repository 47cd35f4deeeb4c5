"""Every field of the model is used by the demonstration content or by a golden folder, so that none is only promised."""

import dataclasses

from gongshi import model
from gongshi.decode import Report, decode
from gongshi.source import parse_yaml
from tests.conftest import FORM, ROOT, read_content

FOLDERS = [ROOT / "content", *(case / "content" for case in sorted((ROOT / "tests" / "good").iterdir()))]

# A site with the form needs npm, which golden folders do without: tests/unit/test_form.py, tests/browser/test_admin.py.
ELSEWHERE = {("Site", "admin"), *(("Admin", f.name) for f in dataclasses.fields(model.Admin))}


def test_every_field_is_used_by_good_content():
    used: set[tuple[str, str]] = set()
    for folder in FOLDERS:
        agencies, notices = read_content(folder)
        settings = (folder / "site.yaml").read_bytes() + FORM.encode()
        site = decode(model.Site, parse_yaml(settings, "").root, Report(""))
        _collect((site, *agencies, *notices), used)
    records = [value for value in vars(model).values() if isinstance(value, type) and issubclass(value, model.Located)]
    fields = {(record.__name__, f.name) for record in records for f in dataclasses.fields(record) if f.metadata}
    assert fields - used - ELSEWHERE == set()


def _collect(value: object, used: set[tuple[str, str]]) -> None:
    if isinstance(value, dict):
        value = tuple(value.values())
    if isinstance(value, tuple):
        for item in value:
            _collect(item, used)
    if isinstance(value, model.Located):
        used.update((type(value).__name__, key) for key in value.at)
    if dataclasses.is_dataclass(value):
        for f in dataclasses.fields(value):
            _collect(getattr(value, f.name), used)
