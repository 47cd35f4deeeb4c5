"""Pages as linked data (schema.org, JSON-LD): what search engines and other programs read of them.

Addresses of linked data are whole ones, so whatever needs one is left out on a site without a `base_url`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gongshi import urls
from gongshi.dates import PartialDate
from gongshi.derive.rows import ContactCard

Linked = dict[str, Any]

_CONTEXT = "https://schema.org"


class Linker:
    """Makes linked data for one site."""

    def __init__(self, base_url: str | None, operator: str) -> None:
        self.base_url = base_url
        self.operator = operator

    def breadcrumb(self, steps: Sequence[tuple[str, str]]) -> Linked | None:
        """The way to a page: paths and names."""
        if not self.base_url:
            return None
        items = [
            {"@type": "ListItem", "position": n, "name": name, "item": self._address(path)}
            for n, (path, name) in enumerate(steps, 1)
        ]
        return {"@context": _CONTEXT, "@type": "BreadcrumbList", "itemListElement": items}

    def agency(
        self, name: str, path: str, *, party_body: str | None, region: str, contact: ContactCard | None
    ) -> Linked:
        """A public body, and how it is reached."""
        points: list[Linked] = []
        if contact:
            kind = {"@type": "ContactPoint", "availableLanguage": "zh-Hans"}
            points += [
                {**kind, "contactType": phone.label or "监督电话", "telephone": phone.link.removeprefix("tel:")}
                for phone in contact.phones
                if phone.link
            ]
            points += [
                {**kind, "contactType": "监督邮箱", "email": email.address} for email in contact.emails if email.link
            ]
        postal = contact and _present(
            {"@type": "PostalAddress"}, streetAddress=contact.address, postalCode=contact.postcode
        )
        return _present(
            {"@context": _CONTEXT, **self._body(name, path)},
            alternateName=party_body,
            areaServed={"@type": "AdministrativeArea", "name": region},
            contactPoint=points,
            address=postal,
        )

    def report(
        self,
        title: str,
        path: str,
        *,
        by: str,
        by_path: str,
        dates: Mapping[str, PartialDate | None],
        source: str | None,
    ) -> Linked:
        """A published notice. `dates` are those of schema.org: `datePublished`, `dateModified`."""
        return _present(
            {"@context": _CONTEXT, "@type": "Report", "name": title, "inLanguage": "zh-Hans"},
            publisher=self._body(by, by_path),
            isBasedOn=source,
            url=self._address(path),
            **{name: _iso(day) for name, day in dates.items()},
        )

    def dataset(
        self,
        name: str,
        description: str,
        files: Iterable[tuple[str, str, str]],
        *,
        terms: str | None = None,
        until: str | None = None,
    ) -> Linked:
        """The open data: its files are paths, media types and names; `terms` is the address of the licence."""
        distribution = [
            {"@type": "DataDownload", "name": title, "encodingFormat": kind, "contentUrl": self._address(path)}
            for path, kind, title in files
            if self.base_url
        ]
        return _present(
            {"@context": _CONTEXT, "@type": "Dataset", "name": name, "description": description},
            inLanguage="zh-Hans",
            isAccessibleForFree=True,
            license=terms,
            dateModified=until,
            publisher={"@type": "Organization", "name": self.operator},
            url=self._address(urls.DATA),
            distribution=distribution,
        )

    def _body(self, name: str, path: str) -> Linked:
        return _present({"@type": "GovernmentOrganization", "name": name}, url=self._address(path))

    def _address(self, path: str) -> str | None:
        return urls.absolute(self.base_url, path) if self.base_url else None


def _present(known: Linked, **more: Any) -> Linked:
    """An object without what is empty; one that says nothing but its type is empty itself."""
    found = known | {name: value for name, value in more.items() if value}
    return found if found.keys() - {"@type"} else {}


def _iso(day: PartialDate | None) -> str | None:
    """A date as ISO 8601 has it: a third of a month is no part of it."""
    return str(day).partition(" ")[0] if day else None
