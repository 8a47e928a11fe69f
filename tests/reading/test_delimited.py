import codecs
import unicodedata

import pytest

from records.reading.delimited import Delimited
from records.reading.errors import ReadingError
from records.reading.vietnamese import from_legacy

TABLE = "STT;Họ và tên;Ngày sinh\n1;Mùa A Sừ;03/02/2011\n2;Lường Thị Ðỗ;2013\n"
ROWS = [["STT", "Họ và tên", "Ngày sinh"], ["1", "Mùa A Sừ", "03/02/2011"], ["2", "Lường Thị Đỗ", "2013"]]
TABLE_D = TABLE.replace("Ð", "Đ")


def _cp1258(text: str) -> bytes:
    """As Windows wrote it: the tone after its vowel, the vowel's own sign kept on the letter."""
    out = bytearray()
    for char in text:
        try:
            out += char.encode("cp1258")
        except UnicodeEncodeError:
            letters = unicodedata.normalize("NFD", char)
            tone = next(sign for sign in letters if sign in "\u0300\u0301\u0303\u0309\u0323")
            base = unicodedata.normalize("NFC", letters.replace(tone, ""))
            out += base.encode("cp1258") + tone.encode("cp1258")
    return bytes(out)


@pytest.mark.parametrize(
    "content",
    [
        TABLE_D.encode(),
        codecs.BOM_UTF8 + TABLE_D.encode(),
        TABLE_D.encode("utf-16"),
        codecs.BOM_UTF16_BE + TABLE_D.encode("utf-16-be"),
        TABLE_D.encode("utf-16-le"),
        TABLE_D.encode("utf-16-be"),
        _cp1258(TABLE_D),
        TABLE_D.replace(";", "\t").encode("utf-16"),
        TABLE_D.replace(";", ",").encode(),
        TABLE_D.replace(";", "|").encode(),
        TABLE_D.replace("\n", "\r\n").encode(),
        TABLE_D.replace("\n", "\r").encode(),
    ],
)
def test_encodings_and_separators(content: bytes) -> None:
    assert list(Delimited(content, "ds.csv").rows()) == ROWS


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("1,Löông Thò Ñoã,2011\n".encode("cp1252"), "Lương Thị Đỗ"),
        (b"1,L\xad\xeang Th\xde \xa7\xe7,2013\n", "Lường Thị Đỗ"),
    ],
)
def test_an_old_font_is_left_for_the_cells_to_tell(typed: bytes, name: str) -> None:
    row = next(iter(Delimited(typed, "ds.csv").rows()))
    assert from_legacy(row[1]) == name


def test_excels_own_first_line_names_the_separator_and_keeps_its_row_number() -> None:
    assert list(Delimited(b"sep=;\na,1;b,2;c,3\n", "ds.csv").rows()) == [[], ["a,1", "b,2", "c,3"]]


def test_a_quoted_line_break_stays_in_its_cell() -> None:
    assert list(Delimited(b'a,"b\nc",d\n1,2,3\n', "ds.csv").rows()) == [["a", "b\nc", "d"], ["1", "2", "3"]]


def test_a_quotation_mark_that_nobody_closed_swallows_no_rows() -> None:
    content = "a,b\n" + '1,"Sang\n' + "".join(f"{n},Xuân\n" for n in range(2, 100))
    assert len(list(Delimited(content.encode(), "ds.csv").rows())) == 100


@pytest.mark.parametrize("content", [b"\xff\xfea\x00\xd8", b"a,b\n1,\x00\x01\n" + b"x" * 4000])
def test_what_is_no_text_is_unreadable(content: bytes) -> None:
    with pytest.raises(ReadingError) as raised:
        list(Delimited(content, "ds.csv").rows())
    assert raised.value.code == "unreadable_file"
