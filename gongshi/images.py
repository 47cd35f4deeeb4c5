"""What a picture says beside itself: where it was taken, and texts. EXIF (JEITA CP-3451), XMP, comments.

A reader of our own, since all that matters are two tags: Pillow is 7 MB, decodes pixels, and has had its faults with
hostile files. This one only follows lengths and offsets inside the bytes that it was given, each once. It knows jpeg,
png, webp, tiff and gif by their first bytes, whatever their names are.
"""

import re
import struct
import zlib
from collections.abc import Iterator

SUFFIXES = (".jpg", ".jpeg", ".jfif", ".png", ".webp", ".tif", ".tiff", ".gif")

MAX_PARTS = 10_000  # segments or chunks of a file, entries of a directory
MAX_PROFILE = 1024 * 1024  # bytes of an unpacked text of a png
_GPS_IFD = 0x8825
_LATITUDE, _LONGITUDE = 2, 4
_XMP = (b"GPSLatitude", b"GPSLongitude")
_HEX = re.compile(rb"(?:\A|\n\s*\d+\n)([0-9a-fA-F\s]+)\Z")


def is_picture(raw: bytes) -> bool:
    """True for the kinds that can be looked into."""
    return (
        raw.startswith((b"\xff\xd8", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*", b"GIF8"))
        or raw[:4] + raw[8:12] == b"RIFFWEBP"
    )


def has_location(raw: bytes) -> bool:
    """True if a picture says where it was taken; what is damaged is read as far as it goes."""
    return any(_tiff_has_location(part) or any(word in part for word in _XMP) for part in _metadata(raw))


def texts(raw: bytes) -> str:
    """What stands in the descriptions of a picture, with all that is no text between; of a tiff nothing."""
    if raw.startswith((b"II*\0", b"MM\0*")):
        return ""  # the picture stands among its descriptions
    return "\0".join(part.decode("utf-8", "replace") for part in _metadata(raw))


def _metadata(raw: bytes) -> Iterator[bytes]:
    """The parts of a picture that describe it."""
    try:
        if raw.startswith(b"\xff\xd8"):
            yield from _jpeg(raw)
        elif raw.startswith(b"\x89PNG\r\n\x1a\n"):
            yield from _png(raw)
        elif raw[:4] == b"RIFF" and raw[8:12] == b"WEBP":
            yield from _webp(raw)
        elif raw[:4] in (b"II*\0", b"MM\0*", b"GIF8"):
            yield raw
    except (struct.error, IndexError):
        return


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
        if marker in (0xE1, 0xED, 0xFE):  # APP1 (EXIF, XMP), APP13 (IPTC), a comment
            yield raw[at + 4 : at + 2 + length].removeprefix(b"Exif\0\0")
        at += 2 + max(2, length)


def _png(raw: bytes) -> Iterator[bytes]:
    at = 8
    for _ in range(MAX_PARTS):
        length, kind = struct.unpack_from(">I4s", raw, at)
        if kind in (b"eXIf", b"iTXt", b"tEXt", b"zTXt"):
            yield _unpacked(kind, raw[at + 8 : at + 8 + length]).removeprefix(b"Exif\0\0")
        at += 12 + length


def _unpacked(kind: bytes, chunk: bytes) -> bytes:
    """The text of a chunk; of a profile that ImageMagick writes as hexadecimal digits, the profile."""
    keyword, _, text = chunk.partition(b"\0")
    if kind == b"zTXt":
        text = _inflated(text[1:])
    elif kind == b"iTXt" and text[:1] == b"\1":
        text = _inflated(text[2:].split(b"\0", 2)[-1])
    elif not keyword.startswith(b"Raw profile"):
        return chunk
    profile = _HEX.search(text) if keyword.startswith(b"Raw profile") else None
    if profile is None:
        return text
    digits = b"".join(profile[1].split())
    return bytes.fromhex(digits[: len(digits) // 2 * 2].decode())


def _inflated(packed: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, MAX_PROFILE)
    except zlib.error:
        return b""


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
