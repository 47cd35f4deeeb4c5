"""Whether a picture says where it was taken: EXIF (JEITA CP-3451, GPS IFD) and XMP in jpeg, png, webp, tiff.

A reader of our own, since all that matters are two tags: Pillow is 7 MB, decodes pixels, and has had its faults with
hostile files. This one only follows lengths and offsets inside the bytes that it was given, each once.
"""

import struct
from collections.abc import Iterator

SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff")

MAX_PARTS = 10_000  # segments or chunks of a file, entries of a directory
_GPS_IFD = 0x8825
_LATITUDE, _LONGITUDE = 2, 4
_XMP = (b"GPSLatitude", b"GPSLongitude")


def has_location(raw: bytes) -> bool:
    """True if a picture says where it was taken; what is damaged is read as far as it goes."""
    try:
        return any(_tiff_has_location(part) or any(word in part for word in _XMP) for part in _metadata(raw))
    except (struct.error, IndexError):
        return False


def _metadata(raw: bytes) -> Iterator[bytes]:
    """The parts of a picture that describe it."""
    if raw.startswith(b"\xff\xd8"):
        yield from _jpeg(raw)
    elif raw.startswith(b"\x89PNG\r\n\x1a\n"):
        yield from _png(raw)
    elif raw[:4] == b"RIFF" and raw[8:12] == b"WEBP":
        yield from _webp(raw)
    elif raw[:4] in (b"II*\0", b"MM\0*"):
        yield raw


def _jpeg(raw: bytes) -> Iterator[bytes]:
    at = 2
    for _ in range(MAX_PARTS):
        if raw[at] != 0xFF:  # noqa: PLR2004 - the mark of a segment
            return
        marker = raw[at + 1]
        if marker in (0xDA, 0xD9):  # the picture itself begins, or all ends
            return
        if marker == 0xFF or marker == 0x01 or 0xD0 <= marker <= 0xD8:  # noqa: PLR1714, PLR2004 - without a length
            at += 1 if marker == 0xFF else 2  # noqa: PLR2004
            continue
        (length,) = struct.unpack_from(">H", raw, at + 2)
        if marker == 0xE1:  # noqa: PLR2004 - APP1
            yield raw[at + 4 : at + 2 + length].removeprefix(b"Exif\0\0")
        at += 2 + max(2, length)


def _png(raw: bytes) -> Iterator[bytes]:
    at = 8
    for _ in range(MAX_PARTS):
        length, kind = struct.unpack_from(">I4s", raw, at)
        if kind in (b"eXIf", b"iTXt", b"tEXt"):
            yield raw[at + 8 : at + 8 + length]
        at += 12 + length


def _webp(raw: bytes) -> Iterator[bytes]:
    at = 12
    for _ in range(MAX_PARTS):
        kind, length = struct.unpack_from("<4sI", raw, at)
        if kind in (b"EXIF", b"XMP "):
            yield raw[at + 8 : at + 8 + length].removeprefix(b"Exif\0\0")
        at += 8 + length + length % 2


def _tiff_has_location(tiff: bytes) -> bool:
    """True if the first directory leads to one of places, and that one has a latitude or longitude."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if not order:
        return False
    try:
        (first,) = struct.unpack_from(f"{order}I", tiff, 4)
        places = [value for tag, _, value in _entries(tiff, order, first) if tag == _GPS_IFD]
        return any(
            tag in (_LATITUDE, _LONGITUDE) and count for at in places[:1] for tag, count, _ in _entries(tiff, order, at)
        )
    except struct.error:
        return False


def _entries(tiff: bytes, order: str, at: int) -> Iterator[tuple[int, int, int]]:
    """Tag, count and value of each entry of a directory."""
    (number,) = struct.unpack_from(f"{order}H", tiff, at)
    for n in range(min(number, MAX_PARTS)):
        tag, _, count, value = struct.unpack_from(f"{order}HHII", tiff, at + 2 + 12 * n)
        yield tag, count, value
