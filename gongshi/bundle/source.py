"""What the files of all data are made of: the records of each table, and what is known of the site."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from gongshi import urls
from gongshi.model import License
from gongshi.outputs.data import Record
from gongshi.render import Setting

NO_LICENSE = "网站没有写明数据的许可"


@dataclass(frozen=True, slots=True)
class About:
    """What is known of the site and its data. `until` is the last day of which they tell, as ISO 8601."""

    site: str
    description: str
    operator: str
    license: License | None
    base_url: str | None
    until: str | None

    @property
    def title(self) -> str:
        """What all data together are called."""
        return f"{self.site} - 开放数据"

    @property
    def terms(self) -> str:
        """Under what terms they may be used, in words."""
        return f"{self.license.name}（{self.license.url}）" if self.license else NO_LICENSE

    @property
    def page(self) -> str | None:
        """The address of the page of open data, if the site has one."""
        return urls.absolute(self.base_url, urls.DATA) if self.base_url else None


def about(setting: Setting, until: str | None) -> About:
    """What a site says of itself."""
    site = setting.site
    return About(site.title, site.description, site.operator.name, site.license, setting.base_url, until)


@dataclass(frozen=True, slots=True)
class Source:
    """The JSON file of each table, and what they are about."""

    files: Mapping[str, Path]
    about: About

    def lines(self, table: str) -> Iterator[bytes]:
        """The records of a table as they are written, one after another."""
        with self.files[table].open("rb") as lines:
            yield from (line.removesuffix(b"\n").removesuffix(b",") for line in lines if line.startswith(b"{"))

    def records(self, table: str) -> Iterator[Record]:
        """The records of a table, one after another."""
        return map(_decode, self.lines(table))


_decode = msgspec.json.Decoder(dict).decode
