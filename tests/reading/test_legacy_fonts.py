import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.reading.legacy_fonts import from_legacy

# What the keyboard drivers of the time wrote for each letter, both encodings read as Windows-1252.
TCVN3 = {
    "à": "µ", "ả": "¶", "ã": "·", "á": "¸", "ạ": "¹", "ă": "¨", "ằ": "»", "ắ": "¾", "ặ": "Æ", "â": "©", "ầ": "Ç", "ấ": "Ê",
    "ậ": "Ë", "đ": "®", "ê": "ª", "ề": "Ò", "ế": "Õ", "ễ": "Ô", "ị": "Þ", "ò": "ß", "ô": "«", "ồ": "å", "ơ": "¬", "ờ": "ê",
    "ở": "ë", "ù": "ï", "ư": "\xad", "ừ": "õ", "ử": "ö", "ữ": "÷", "ứ": "ø", "ỷ": "û",
}  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("Hê ThÞ Dua", "Hờ Thị Dua"),
        ("Mïa A Chang", "Mùa A Chang"),
        ("NguyÔn V¨n H\xad¬ng", "Nguyễn Văn Hương"),
        ("Tr\xad¬ng ThÞ §µo", "Trương Thị Đào"),
        ("Sång A Khø", "Sồng A Khứ"),
        ("Giµng ThÞ Mû", "Giàng Thị Mỷ"),
        ("GiÕng", "Giếng"),
        ("NGUYÔN V¡N A", "NGUYỄN VĂN A"),
        ("Hä vµ tªn", "Họ và tên"),
        ("X· Lµng ChÕu", "Xã Làng Chếu"),
        ("H'M«ng", "H'Mông"),
        ("Vaøng Thò Dua", "Vàng Thị Dua"),
        ("Nguyeãn Vaên AÙnh", "Nguyễn Văn Ánh"),
        ("Haïng A Chang", "Hạng A Chang"),
        ("Phaïm Xuaân Ñöùc", "Phạm Xuân Đức"),
        ("ÑINH THÒ HAÏNH", "ĐINH THỊ HẠNH"),
        ("Ngaøy sinh", "Ngày sinh"),
    ],
)
def test_legacy_text_is_converted(typed: str, text: str) -> None:
    assert from_legacy(typed) == text
    assert from_legacy(unicodedata.normalize("NFD", typed)) == text


@pytest.mark.parametrize(
    "text",
    [
        "", "Mua A Chong", "Mùa A Chống", "Lò Văn Piếng", "Hà Lý", "Hoà", "Lê", "Lò Thò", "Hê A Chí", "Bản Cáo B", "thủy", "gì",
        "Đ", "ư", "François", "Noël Anaïs", "Raphaël", "Loïc", "Zoé", "Benoît", "Müller", "José", "où", "Åse Sørensen", "Peña",
        "«Lan»", "§1", "50 m²", "© 2023", "20°C", "½", "Nguyễn ®", "K'Sor H'Bia", "Đà Nẵng", "áo", "É",
    ],
)  # fmt: skip
def test_other_text_is_left_alone(text: str) -> None:
    assert from_legacy(text) is None
    assert from_legacy(unicodedata.normalize("NFD", text)) is None


@pytest.mark.parametrize("letter", sorted(TCVN3))
def test_each_tcvn3_letter(letter: str) -> None:
    syllable = "{}en" if letter == "đ" else "t{}n" if letter in "ăằắặâầấậ" else "t{}"

    assert from_legacy("Vµng " + syllable.format(TCVN3[letter])) == "Vàng " + syllable.format(letter)


def test_half_converted_cell_keeps_what_is_unicode_already() -> None:
    assert from_legacy("Hoàng Mïa NguyÔn") == "Hoàng Mùa Nguyễn"


@given(st.text(max_size=30))
def test_no_text_makes_it_fail_and_a_conversion_is_final(text: str) -> None:
    converted = from_legacy(text)

    assert converted is None or unicodedata.is_normalized("NFC", converted)


@given(st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyằắặầấậềếệịồốộờớợừứựỳỵ ", max_size=30))
def test_text_with_letters_that_only_unicode_has_is_never_touched(text: str) -> None:
    assert from_legacy(text + "ữ") is None
