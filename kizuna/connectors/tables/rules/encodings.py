"""Which characters the bytes of a text file mean.

Charset detectors fail on Japanese CSV, so the order is strict: BOM, then UTF-16 without BOM (it is
the only one full of NULs), then ISO-2022-JP (its escapes are unmistakable), then UTF-8, then cp932,
never shift_jis, which loses 髙 ㈱ ① ～ －. EUC-JP decodes silently as cp932 rubbish and is therefore
only ever chosen by hand.
"""

import codecs
from dataclasses import dataclass
from pathlib import Path

from kizuna.errors import Invalid
from kizuna.words import Words

MARK = "\udcff"
"""Stands for bytes that are no character; a row that holds it is reported, not imported."""

ENCODINGS: dict[str, Words] = {
    "utf-8": Words(ja="UTF-8", en="UTF-8"),
    "cp932": Words(ja="Shift_JIS（Windows・CP932）", en="Shift_JIS (Windows, CP932)"),
    "euc_jp": Words(ja="EUC-JP", en="EUC-JP"),
    "utf-16-le": Words(ja="UTF-16（Excelの「Unicodeテキスト」）", en="UTF-16 (Excel “Unicode text”)"),
    "utf-16-be": Words(ja="UTF-16 ビッグエンディアン", en="UTF-16 big endian"),
    "iso2022_jp": Words(ja="JIS（ISO-2022-JP）", en="JIS (ISO-2022-JP)"),
}
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_BLOCK = 1 << 20
_LONGEST_LINE = 8 << 20
_BROKEN_SHARE = 0.001


class Undecodable(Invalid):
    """The bytes are no text in any encoding we know."""

    code = "undecodable"


class LineTooLong(Invalid):
    """Not a table: a single line of megabytes."""

    code = "line_too_long"


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoding:
    """The chosen codec, how many BOM bytes to skip, and how many places are no character in it."""

    codec: str
    skip: int = 0
    broken: int = 0


def _mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return MARK, error.end


codecs.register_error("kizuna-mark", _mark)


def choose_encoding(*, path: Path, chosen: str = "") -> Encoding:
    """Read the whole file once and decide; ``chosen`` is the manual switch and wins.

    Raises Undecodable, LineTooLong.
    """
    with path.open("rb") as file:
        head = file.read(4096)
    bom, skip = next(((codec, len(mark)) for mark, codec in _BOMS if head.startswith(mark)), ("", 0))
    if chosen:
        return _forced(path=path, codec=chosen, skip=skip if bom == chosen else 0)
    _refuse_endless_lines(path=path)
    certain = bom or _utf16_by_nulls(head=head) or _jis_by_escapes(head=head)
    if certain:
        return _forced(path=path, codec=certain, skip=skip)
    broken, sound = _count(path=path, codec="utf-8", skip=0)
    # cp932 gives a character to nearly every byte, also to damaged UTF-8; but cp932 text hardly ever holds
    # valid UTF-8 sequences, so where they are the rule, UTF-8 it is.
    if broken * 10 <= sound or not broken:
        return Encoding(codec="utf-8", broken=broken)
    broken, _ = _count(path=path, codec="cp932", skip=0)
    if broken > max(3, path.stat().st_size * _BROKEN_SHARE):
        raise Undecodable(_UNDECODABLE)
    return Encoding(codec="cp932", broken=broken)


def _forced(*, path: Path, codec: str, skip: int) -> Encoding:
    if codec not in ENCODINGS:
        raise Undecodable(_NO_SUCH_ENCODING.fill(name=codec, known=", ".join(ENCODINGS)))
    _refuse_endless_lines(path=path)
    return Encoding(codec=codec, skip=skip, broken=_count(path=path, codec=codec, skip=skip)[0])


def _count(*, path: Path, codec: str, skip: int) -> tuple[int, int]:
    """How many places are no character, and how many characters beyond ASCII there are."""
    decoder = codecs.getincrementaldecoder(codec)(errors="kizuna-mark")
    broken = sound = 0
    with path.open("rb") as file:
        file.seek(skip)
        last = False
        while not last:
            block = file.read(_BLOCK)
            last = not block
            text = decoder.decode(block, final=last)
            if not text.isascii():
                broken += text.count(MARK)
                sound += len(text) - len(text.encode("ascii", "ignore"))
    return broken, sound - broken


def _utf16_by_nulls(*, head: bytes) -> str:
    """ASCII in UTF-16 has a NUL in every second byte; a damaged 8-bit file has NULs on either side."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if len(head) >= 4 and max(even, odd) >= len(head) // 10 and min(even, odd) <= max(even, odd) // 10:
        return "utf-16-le" if odd > even else "utf-16-be"
    return ""


def _jis_by_escapes(*, head: bytes) -> str:
    return "iso2022_jp" if b"\x1b$B" in head or b"\x1b$@" in head else ""


def _refuse_endless_lines(*, path: Path) -> None:
    since = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            last = max(block.rfind(b"\n"), block.rfind(b"\r"))
            since = len(block) - last if last >= 0 else since + len(block)
            if since > _LONGEST_LINE:
                raise LineTooLong(_LINE_TOO_LONG)


_UNDECODABLE = Words(
    ja="文字コードが判別できません。テキストのCSVではないか、壊れています。"
    "Excelで開き「CSV UTF-8（コンマ区切り）」で保存し直してください。",
    en="The characters cannot be decoded: this is no text file, or it is damaged. Open it in Excel and save it as"
    " “CSV UTF-8 (comma delimited)”.",
)
_NO_SUCH_ENCODING = Words(
    ja="文字コード「{name}」は使えません。使えるもの: {known}",
    en="The encoding “{name}” is not supported. Supported: {known}",
)
_LINE_TOO_LONG = Words(
    ja="1行が8MBを超えています。改行で区切られた表ではないため読めません。ファイルの形式を確認してください。",
    en="One line is longer than 8 MB: this is not a table of lines. Please check the file's format.",
)
