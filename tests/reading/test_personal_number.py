import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.reading.personal_number import (
    bare_digits,
    broken_rules,
    is_old_id,
    is_placeholder,
    number_sex,
    number_year,
    province_is_known,
    read_number,
    same_number,
    usable_number,
    with_lost_zeros,
)
from records.reading.vietnamese import tidy

PROVINCES = frozenset({"001", "004", "014", "096"})
CELL = st.one_of(st.text(max_size=20), st.from_regex(r"[0-9OolIeE+./,'\- ]{1,16}", fullmatch=True))
TWELVE = st.from_regex(r"[0-9]{12}", fullmatch=True)


@pytest.mark.parametrize(
    ("text", "kind", "read", "repaired"),
    [
        ("014215001234", "twelve", "014215001234", ""),
        ("014.215,001-234", "twelve", "014215001234", ""),
        ("'014215001234.0", "twelve", "014215001234", ""),
        ("014 215 001 234", "twelve", "014215001234", ""),
        ("14215001234.0", "other", "14215001234", ""),
        ("14215001234,0", "other", "14215001234", ""),
        ("111111111111", "placeholder", "111111111111", ""),
        ("012.345.678.910", "placeholder", "012345678910", ""),
        ("", "none", "", ""),
        ("chưa có", "none", "", ""),
        ("0.0", "none", "", ""),
        ("đang làm", "no_digit", "đang làm", ""),
        ("E+", "no_digit", "E+", ""),
        ("1,43E+10", "exponent", "1,43E+10", ""),
        ("1.43e10", "exponent", "1.43e10", ""),
        ("O1421500l23I", "lookalike", "O1421500l23I", "014215001231"),
        ("O14215", "other", "O14215", ""),
        ("014215001234a", "other", "014215001234a", ""),
        ("٠١٤٢١٥٠٠١٢٣٤", "other", "٠١٤٢١٥٠٠١٢٣٤", ""),
    ],
)
def test_read_number(text: str, kind: str, read: str, repaired: str) -> None:
    assert read_number(text) == (kind, read, repaired)


@given(CELL)
def test_reading_a_number_never_fails_and_is_stable(text: str) -> None:
    reading = read_number(tidy(text))
    again = read_number(tidy(reading.text))

    assert again.text == reading.text
    assert again.kind == reading.kind
    assert usable_number(reading.text) == (reading.text if reading.kind == "twelve" else "")


@given(st.text(max_size=20), st.text(max_size=20))
def test_asking_about_any_text_never_fails(one: str, other: str) -> None:
    assert same_number(one, other) == same_number(other, one)
    assert is_old_id(one) in (True, False)
    assert bare_digits(bare_digits(one) + "1")
    with_lost_zeros(one, "nam", 2015, PROVINCES)


@given(TWELVE)
def test_what_twelve_digits_say(number: str) -> None:
    assert number_sex(number) == ("nam" if number[3] in "02468" else "nu")
    assert 1900 <= number_year(number) <= 2399
    assert broken_rules(number, number_sex(number), number_year(number), {number[:3]}) == (
        ["number.placeholder"] if is_placeholder(number) else []
    )


@pytest.mark.parametrize(
    ("number", "sex", "year"),
    [("014085001234", "nam", 1985), ("014187001234", "nu", 1987), ("014215001234", "nam", 2015), ("014301001234", "nu", 2001)],
)  # fmt: skip
def test_sex_and_year(number: str, sex: str, year: int) -> None:
    assert (number_sex(number), number_year(number)) == (sex, year)


@pytest.mark.parametrize(
    ("number", "known"),
    [("014", True), ("101", True), ("295", True), ("100", False), ("296", False), ("015", False), ("999", False)],
)
def test_province(number: str, known: bool) -> None:
    assert province_is_known(number + "215001234", PROVINCES) is known


@pytest.mark.parametrize(
    ("digits", "sex", "year", "restored"),
    [
        ("14215001234", "nam", 2015, "014215001234"),
        ("14215001234", "", 2015, "014215001234"),
        ("14215001234", "nam", None, "014215001234"),
        ("14215001234", "", None, None),
        ("14215001234", "nu", 2015, None),
        ("14215001234", "nam", 2014, None),
        ("1215001234", "nam", 2015, "001215001234"),
        ("2215001234", "nam", 2015, None),
        ("15215001234", "nam", 2015, None),
        ("50912218", "", None, "050912218"),
        ("60912218", "nam", 2015, None),
        ("014215001234", "nam", 2015, None),
        ("1421500123a", "nam", 2015, None),
        ("", "nam", 2015, None),
    ],
)
def test_lost_zeros(digits: str, sex: str, year: int | None, restored: str | None) -> None:
    assert with_lost_zeros(digits, sex, year, PROVINCES) == restored


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("014215001234", "014215001234", True),
        ("014215001234", "14215001234", True),
        ("050912218", "050912218", True),
        ("050912218", "50912218", False),
        ("014215001234", "014215001235", False),
        ("", "", False),
        ("chưa có", "chưa có", False),
    ],
)
def test_same_number(one: str, other: str, same: bool) -> None:
    assert same_number(one, other) is same


@pytest.mark.parametrize(
    "number", ["000000000000", "999999999999", "012345678901", "123456789012", "012345678910", "210987654321"]
)
def test_placeholder(number: str) -> None:
    assert is_placeholder(number)


@pytest.mark.parametrize("number", ["014215001234", "000000000001", "012345678911", "102030405060", "121212121212"])
def test_no_placeholder(number: str) -> None:
    assert not is_placeholder(number)
