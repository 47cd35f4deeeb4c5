"""What the form at `/admin/` is made of and is not ours: fetched from npm once, checked, and kept in the cache.

Only a site that has the form needs npm. The packages are pinned by version and by the SHA-512 of the whole package as
the registry states it, and only the files that are published are taken out of it.
"""

import base64
import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

MAX_SECONDS = 300  # for one package, over a slow line


@dataclass(frozen=True, slots=True)
class Package:
    """A package of npm: `taken` maps a file in it, or a folder of scripts (with a slash), to where it is published."""

    name: str
    version: str
    sha512: str  # of the package, base64
    taken: Mapping[str, str]


PACKAGES = (
    Package(
        "decap-cms",
        "3.16.3",
        "hf+dPlCh7TJmWl8+6VRzHYOWhri5xgUknrZbDewaWe4s9B7xJ8PQugp2QHeSldMUKzav6+z0oIpwUYhUJDYtYw==",
        {
            "package/dist/decap-cms.js": "cms.js",
            "package/dist/decap-cms.js.LICENSE.txt": "decap-cms.js.LICENSE.txt",
        },
    ),
    Package(
        "yaml",
        "2.9.1",
        "3NxN8+78OdzbT7C/WjGsyfPAtJaN3FNDsWxv7Y7mcDsT/oOmgW8BpyQQFFBnvZE3j9Y2Sdz1ULFLezL7Eb2yFw==",
        {"package/browser/": "yaml/", "package/LICENSE": "yaml/LICENSE.txt"},
    ),
)


class VendorError(Exception):
    """A package could not be had; the words are for the editor."""


def vendored(cache: Path, packages: tuple[Package, ...] = PACKAGES) -> dict[str, Path]:
    """The published files of the packages by their path below `admin/`. Raises VendorError."""
    found: dict[str, Path] = {}
    for package in packages:
        folder = cache / "vendor" / f"{package.name}-{package.version}"
        if not folder.is_dir():
            _fetch(package, folder)
        found |= {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
    return found


def _fetch(package: Package, folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise VendorError("要用 npm 取网页表单的程序，这台电脑没有装 npm；请先安装 Node.js，或从 site.yaml 删去 admin")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as name:
        temporary = Path(name)
        command = [npm, "pack", "--silent", "--ignore-scripts", "--pack-destination", name]
        try:
            subprocess.run(  # noqa: S603 - npm of the system, with fixed arguments
                [*command, f"{package.name}@{package.version}"],
                check=True, cwd=name, capture_output=True, timeout=MAX_SECONDS,
            )  # fmt: skip
            packed = next(temporary.glob("*.tgz")).read_bytes()
        except (OSError, subprocess.SubprocessError, StopIteration):
            raise VendorError(
                f"npm 没有取到 {package.name} {package.version}；请检查网络和 npm 的设置（npm ping），再生成一次"
            ) from None
        if base64.b64encode(hashlib.sha512(packed).digest()).decode() != package.sha512:
            raise VendorError(f"取到的 {package.name} {package.version} 与应有的不符，没有使用；请检查 npm 用的软件源")
        files = temporary / "files"
        for path, body in _taken(package, next(temporary.glob("*.tgz"))):
            target = files / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(body)
        if not folder.is_dir():  # another build may have been faster
            files.rename(folder)


def _taken(package: Package, packed: Path) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(packed) as archive:
        for member in archive:
            for inside, path in package.taken.items():
                scripts = inside.endswith("/") and member.name.startswith(inside) and member.name.endswith(".js")
                if member.isfile() and (scripts or member.name == inside):
                    held = archive.extractfile(member)
                    yield path + member.name.removeprefix(inside), held.read() if held else b""
