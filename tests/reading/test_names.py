import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.reading.names import read_name
from records.reading.vietnamese import fold_words, sort_key, tidy


@pytest.mark.parametrize(
    ("text", "name", "match", "middle"),
    [
        ("Mùa A Chống", "Mùa A Chống", "mua a chong", ("a",)),
        ("MÙA THỊ CHỐNG", "MÙA THỊ CHỐNG", "mua thi chong", ("thị",)),
        ("Hê ThÞ Dua", "Hờ Thị Dua", "ho thi dua", ("thị",)),
        ("H'Mông A Sở", "H'Mông A Sở", "hmong a so", ("a",)),
        ("Dua", "Dua", "dua", ()),
        ("Mùa - Chống", "Mùa - Chống", "mua chong", ("-",)),
        ("", "", "", ()),
    ],
)
def test_read_name(text: str, name: str, match: str, middle: tuple[str, ...]) -> None:
    reading = read_name(text)

    assert (reading.text, reading.match, reading.middle_words) == (name, match, middle)


@pytest.mark.parametrize("text", ["Mùa A", "H'Mông", "Gia-rai Y", "Ðinh Á", "Наташа", "Y Tế"])
def test_letters_hyphens_and_apostrophes_are_no_odd_signs(text: str) -> None:
    assert not read_name(text).odd


@pytest.mark.parametrize("text", ["Mùa A 2", "Mùa (A)", "Mùa. A", "Mùa_A", "Mùa\u20acA", "Mùa & A", "²"])
def test_digits_and_signs_are_odd(text: str) -> None:
    assert read_name(text).odd


@given(st.text(max_size=30).map(tidy))
def test_a_name_is_read_as_the_functions_on_text_read_it(text: str) -> None:
    reading = read_name(text)

    assert reading.match == fold_words(reading.text)
    assert reading.sort == (sort_key(reading.text) if reading.text else " ")[: len(reading.sort)]
