"""A report's document: fetched into a temporary file, unpacked while it is read, in bounded memory.

Amazon packs some documents with gzip, and writes them in the character set of the marketplace: UTF-8, cp1252 in Europe, cp932 in Japan.
"""

from __future__ import annotations

import codecs
import io
import re
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, Final

from stockhub.pluginapi import HttpRequest, HttpResponse
from stockhub.pluginapi.connectors import ConnectorContext, ThrottledError, UnavailableError, UnreadableAnswerError, retry_after
from stockhub_amazon.calls import USER_AGENT, account_of, call, path_of
from stockhub_amazon.fields import FieldError, text, text_or_empty
from stockhub_amazon.sites import Region

MOST_BYTES: Final = 1 << 30
MOST_UNPACKED: Final = 4 << 30
#: Reports are text that packs well, by some thirty times; a bomb packs by a thousand.
_MOST_RATIO: Final = 200
_CHUNK: Final = 1 << 18
_LONGEST_LINE: Final = 1 << 20
_CHARSET: Final = re.compile(r"charset\s*=\s*\"?([\w.:-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Document:
    """A fetched document. `lines` counts those with a header; `is_ended` says that the last one has its end."""

    file: BinaryIO
    packed: bool
    encoding: str
    lines: int
    is_ended: bool

    def text(self) -> io.TextIOWrapper:
        """The whole document as text, from its beginning; read in pieces."""
        self.file.seek(0)
        raw: io.RawIOBase = _Unpacking(self.file) if self.packed else _Rewound(self.file)
        return io.TextIOWrapper(io.BufferedReader(raw, _CHUNK), encoding=self.encoding, newline="")


class _Rewound(io.RawIOBase):
    """A file that closing the reader over it leaves open."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        piece = self._file.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)


class _Unpacking(io.RawIOBase):
    """gzip, unpacked in pieces of bounded size, with an end to how much it may grow."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._unpacker = zlib.decompressobj(wbits=31)
        self._rest = b""
        self._read = self._written = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        piece = self._piece(len(buffer))
        buffer[: len(piece)] = piece
        self._written += len(piece)
        if self._written > MOST_UNPACKED or (self._written > 1 << 24 and self._written > _MOST_RATIO * self._read):
            raise UnreadableAnswerError("The report unpacks to far more than a report is: it is not taken.", code="gzip_bomb")
        return len(piece)

    def _piece(self, most: int) -> bytes:
        while True:
            packed = self._rest or self._file.read(_CHUNK)
            if not self._rest:
                self._read += len(packed)
            if self._unpacker.eof:
                if not packed and not self._unpacker.unused_data:
                    return b""
                # Several members after each other are one document.
                packed = self._unpacker.unused_data + packed
                self._unpacker = zlib.decompressobj(wbits=31)
            elif not packed:
                raise UnreadableAnswerError("The packed report ends in the middle.", code="half_document")
            try:
                piece = self._unpacker.decompress(packed, most)
            except zlib.error:
                raise UnreadableAnswerError("The packed report cannot be unpacked.", code="bad_gzip") from None
            self._rest = self._unpacker.unconsumed_tail
            if piece:
                return piece


@contextmanager
def opened(context: ConnectorContext, document_id: str, *, is_table: bool = True) -> Iterator[Document]:
    """The document, fetched and looked through once. The temporary file is gone afterwards."""
    answer = call(context, "getReportDocument", "GET", "/reports/2021-06-30" + path_of("documents", document_id))
    try:
        url, algorithm = text_of_url(answer), text_or_empty(answer, "compressionAlgorithm")
        text(answer, "reportDocumentId")
    except FieldError as error:
        raise UnreadableAnswerError(error.message, code="bad_field") from None
    if algorithm not in ("", "GZIP"):
        raise UnreadableAnswerError(f"The report is packed with {algorithm[:20]}, which nobody here can unpack.", code="unknown_packing")
    with tempfile.TemporaryFile(prefix="stockhub-report-") as file:
        response = context.platform.download("", HttpRequest("GET", url, {"user-agent": USER_AGENT}), file, most_bytes=MOST_BYTES)
        _check(response, context)
        region = account_of(context).region
        yield looked_through(file, packed=algorithm == "GZIP", charset=_charset(response), region=region, is_table=is_table)


def text_of_url(answer: object) -> str:
    """Whole: pre-signed addresses are long."""
    url = answer.get("url") if isinstance(answer, dict) else None
    if not isinstance(url, str) or not url.startswith(("https://", "http://")):
        raise FieldError("url", "The document has no address (url).")
    return url


def _check(response: HttpResponse, context: ConnectorContext) -> None:
    if response.status in (403, 404, 410):
        raise UnavailableError("The report's address has expired; the next attempt asks for a new one.", code="address_expired")
    after = retry_after(response.headers, context.now())
    if response.status == 429:
        raise ThrottledError("The report's store wants to be left alone.", after_seconds=after)
    if response.status != 200:
        raise UnavailableError(f"The report's store answered {response.status}.", code=f"http_{response.status}", after_seconds=after)


def _charset(response: HttpResponse) -> str:
    match = _CHARSET.search(response.headers.get("content-type", ""))
    if not match:
        return ""
    try:
        name = codecs.lookup(match[1]).name
    except LookupError:
        raise UnreadableAnswerError(f"The report is in {match[1][:40]}, which nobody here can read.", code="unknown_charset") from None
    # Who says ISO-8859-1 means Windows' superset of it, by an old custom of the web.
    return "cp1252" if name == "iso8859-1" else name


def looked_through(file: BinaryIO, *, packed: bool, charset: str, region: Region, is_table: bool = True) -> Document:
    """Counts the lines, finds the character set, and refuses what is no report, before anything of it is used."""
    file.seek(0)
    packed = packed or file.read(2) == b"\x1f\x8b"
    file.seek(0)
    source = _Unpacking(file) if packed else _Rewound(file)
    start = b""
    lines = since_newline = 0
    last = b""
    is_utf8 = not charset
    decoder = codecs.getincrementaldecoder("utf-8")()
    while piece := source.read(_CHUNK):
        start = start or piece[:4]
        lines += piece.count(b"\n")
        newline = piece.rfind(b"\n")
        since_newline = len(piece) - newline - 1 if newline >= 0 else since_newline + len(piece)
        if is_table and since_newline > _LONGEST_LINE:
            raise UnreadableAnswerError("The report has a line of more than a million characters.", code="giant_line")
        if is_utf8:
            is_utf8 = _decodes(decoder, piece)
        last = piece[-1:]
    if not last:
        raise UnreadableAnswerError("The report's document is empty, without even a header.", code="empty_document")
    if start.lstrip().startswith(b"<"):
        raise UnreadableAnswerError("The report's document is HTML or XML, not a table.", code="no_table")
    return Document(file, packed, _encoding(start, charset, region, is_utf8=is_utf8), lines + (last != b"\n"), last == b"\n")


def _decodes(decoder: codecs.IncrementalDecoder, piece: bytes) -> bool:
    try:
        decoder.decode(piece)
    except UnicodeDecodeError:
        return False
    return True


def _encoding(start: bytes, charset: str, region: Region, *, is_utf8: bool) -> str:
    """A byte order mark wins over what the header says, and that over a guess by region."""
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if charset:
        return charset
    if is_utf8:
        return "utf-8"
    return "cp932" if region is Region.FAR_EAST else "cp1252"
