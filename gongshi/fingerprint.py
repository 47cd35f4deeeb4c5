"""Hashes: of values, of files, of the program itself. What has the same hash is not made again."""

import os
import sys
from functools import cache
from hashlib import blake2b
from pathlib import Path

SIZE = 16  # bytes of a hash


def digest(*parts: bytes) -> bytes:
    """One hash of several parts; where one ends and the next begins counts."""
    hashed = blake2b(digest_size=SIZE)
    for part in parts:
        hashed.update(len(part).to_bytes(8, "little"))
        hashed.update(part)
    return hashed.digest()


@cache
def program() -> bytes:
    """The hash of this program: its own files, Python, and the names (with versions) of the installed packages.

    What another program made is never taken for what this one would make.
    """
    package = Path(__file__).parent
    own = [file.read_bytes() for file in sorted(package.rglob("*.py"))]
    folders = [folder for folder in map(Path, filter(None, sys.path)) if folder.is_dir()]
    installed = sorted(entry.name for folder in folders for entry in os.scandir(folder) if entry.name.endswith("-info"))
    return digest(*own, sys.version.encode(), "\n".join(installed).encode())
