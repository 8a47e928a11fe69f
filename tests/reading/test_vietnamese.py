import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.reading.vietnamese import fold, fold_words, is_none_word, sort_key, tidy

TEXT = st.text(max_size=40)
VIETNAMESE = st.text(
    alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyàảãáạằắặầấậèẻẽéẹềếệìíịòóọồốộờớợùúụừứựỳýỵ '-.ĐẮ", max_size=30
)


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        ("Mùa A Chống", "Mùa A Chống"),
        ("  Mùa  A\tChống\n", "Mùa A Chống"),
        ("Mùa\u00a0A\u2003Chống", "Mùa A Chống"),
        ("Mù\u200ba\ufeff A\u200d", "Mùa A"),
        ("Mu\u0300a", "Mùa"),
        ("dòng 1\r\ndòng 2", "dòng 1 dòng 2"),
        ("a\x00b\x07", "ab"),
        ("\ud800a", "a"),
        ("Hoàng\xad Anh", "Hoàng Anh"),
        ("H\xad¬ng", "H\xad¬ng"),
        ("", ""),
        ("   ", ""),
    ],
)
def test_tidy(text: str, tidied: str) -> None:
    assert tidy(text) == tidied


@given(TEXT)
def test_tidy_is_done_once_and_for_all(text: str) -> None:
    tidied = tidy(text)

    assert tidy(tidied) == tidied
    assert tidied == tidied.strip()
    assert unicodedata.is_normalized("NFC", tidied)


@pytest.mark.parametrize(
    ("text", "folded", "words"),
    [
        ("Họ và tên", "hovaten", "ho va ten"),
        ("ĐƯỜNG", "duong", "duong"),
        ("H'Mông", "hmong", "hmong"),
        ("H’mông", "hmong", "hmong"),
        ("Gia-rai", "giarai", "giarai"),
        ("Số CCCD/CMND", "socccdcmnd", "so cccd cmnd"),
        ("Hoà", "hoa", "hoa"),
        ("Hòa", "hoa", "hoa"),
        ("  N.T.N.S ", "ntns", "n t n s"),
        ("Cha - Họ tên", "chahoten", "cha ho ten"),
        ("", "", ""),
        ("…", "", ""),
    ],
)
def test_fold(text: str, folded: str, words: str) -> None:
    assert (fold(text), fold_words(text)) == (folded, words)


@given(st.one_of(TEXT, VIETNAMESE))
def test_fold_does_not_depend_on_composition(text: str) -> None:
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))

    assert fold(composed) == fold(decomposed)
    assert fold_words(composed) == fold_words(decomposed)


@given(VIETNAMESE)
def test_fold_does_not_depend_on_case(text: str) -> None:
    assert fold(text.upper()) == fold(text.lower())


@given(st.one_of(TEXT, VIETNAMESE))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold_words(fold_words(text)) == fold_words(text)


@pytest.mark.parametrize(
    "names",
    [
        ["An", "Ăn", "Ân", "Bàn", "Cẩn", "Dân", "Đan", "En", "Ên", "On", "Ôn", "Ơn", "Un", "Ưn"],
        ["ba", "bà", "bả", "bã", "bá", "bạ"],
        ["An", "An Bình", "Anh"],
        ["Lò A", "Lò Ạ", "Lò B"],
        ["Mùa A Sở", "Mùa A Sử", "Mùa Thị An"],
        ["Vàng A", "Vàng A Sở", "Vang B"],
        ["Lê 2", "Lê A"],
    ],
)
def test_vietnamese_order(names: list[str]) -> None:
    backwards = names[::-1]

    assert sorted(backwards, key=lambda name: sort_key(name).encode()) == names


@given(st.one_of(TEXT, VIETNAMESE))
def test_order_does_not_depend_on_composition_or_case(text: str) -> None:
    assert sort_key(unicodedata.normalize("NFC", text)) == sort_key(unicodedata.normalize("NFD", text))
    assert sort_key("Đỳ") == sort_key("đỲ")


@pytest.mark.parametrize(
    "text",
    ["", "chưa có", "CHƯA CẤP", "chua lam", "Không", "không có", "K có", "x", "X", "-", "–", "--", "0", "null", "không rõ",
     "Không xác định", "kh«ng cã"],
)  # fmt: skip
def test_words_for_none(text: str) -> None:
    assert is_none_word(text)


@pytest.mark.parametrize(
    "text", ["Chu A Có", "00", "1", "xx", "chưa", "không phải", "Khoong", "k", "n", "không có số nào cả", "0 có", "Lò"]
)
def test_words_that_say_something(text: str) -> None:
    assert not is_none_word(text)


@given(TEXT)
def test_any_text_can_be_asked(text: str) -> None:
    assert is_none_word(text) in (True, False)
