"""Finds out how a text file is encoded, reading it whole but keeping little of it."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Final

from django.utils.translation import gettext_lazy as _

from stockhub.exchange.tables import FileError

_SAMPLE: Final = 65_536
_CHUNK: Final = 1 << 20
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_TEXT_CONTROLS: Final = frozenset(b"\t\n\r\f\x1b")


def detect_encoding(path: Path) -> str:
    """The encoding's name. Raises `FileError` for what is no text."""
    with path.open("rb") as handle:
        sample = handle.read(_SAMPLE)
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return name
    if wide := _utf16_without_mark(sample):
        return wide
    controls = sum(byte < 32 and byte not in _TEXT_CONTROLS for byte in sample)
    if controls > len(sample) // 50 and controls > 8:
        raise FileError("binary", _("This is no text, no XLSX and no parquet file. Export the table as CSV in UTF-8."))
    if decodes(path, "utf-8"):
        return "utf-8"
    if decodes(path, "gb18030") and _looks_chinese(path):
        return "gb18030"
    return _guessed(sample)


def decodes(path: Path, encoding: str) -> bool:
    """Whether all of the file is valid in the encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as handle:
            while chunk := handle.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _utf16_without_mark(sample: bytes) -> str:
    """Latin text in UTF-16 has a zero in every second byte."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = max(len(sample) // 2, 1)
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 * half and odd < 0.05 * half else ""


def _looks_chinese(path: Path) -> bool:
    """Nearly all of what is not ASCII are common Chinese characters and punctuation: other encodings decode to rare ones."""
    seen = common = 0
    decoder = codecs.getincrementaldecoder("gb18030")()
    with path.open("rb") as handle:
        while (chunk := handle.read(_CHUNK)) and seen < 2_000:
            for character in decoder.decode(chunk):
                if character > "\x7f":
                    seen += 1
                    common += _is_common(character)
    return seen > 0 and common >= 0.9 * seen


def _is_common(character: str) -> bool:
    try:
        raw = character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    # Rows 16 to 55 are the 3,755 most frequent characters, below 10 is punctuation.
    return len(raw) == 2 and (raw[0] - 0xA0 <= 55)


def _guessed(sample: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    # What cannot be told is read as UTF-8; the rows that are not are reported one by one.
    return best.encoding if best is not None else "utf-8"
