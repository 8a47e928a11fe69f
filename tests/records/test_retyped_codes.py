from __future__ import annotations

import pytest

from records import row_codes
from records.retyped_codes import readings

CODES = [code for number in range(1, 3000) if (code := row_codes.make(number))]
_TELEX = {"AA": "Â", "AW": "Ă", "EE": "Ê", "DD": "Đ", "AS": "Á", "AF": "À", "AR": "Ả", "AX": "Ã", "AJ": "Ạ", "ES": "É"}
_VNI = {"A1": "Á", "A2": "À", "A3": "Ả", "A4": "Ã", "A5": "Ạ", "A6": "Â", "A8": "Ă", "D9": "Đ", "E1": "É", "E6": "Ê"}


def test_a_right_code_is_read_as_nothing_else() -> None:
    assert all(readings(code) == {code} for code in CODES[:50])
    assert readings(f" {CODES[0][:3].lower()} {CODES[0][3:]} ") == {CODES[0]}


@pytest.mark.parametrize(("sign", "like"), [("0", "O"), ("0", "o"), ("1", "I"), ("1", "l")])
def test_signs_that_look_alike_are_put_back(sign: str, like: str) -> None:
    with_sign = [code for code in CODES if sign in code][:20]
    assert with_sign
    assert all(readings(code.replace(sign, like)) == {code} for code in with_sign)


@pytest.mark.parametrize("keyboard", [_TELEX, _VNI])
def test_what_a_vietnamese_keyboard_made_of_two_keys(keyboard: dict[str, str]) -> None:
    tried = 0
    for keys, letter in keyboard.items():
        for code in [code for code in CODES if keys in code][:5]:
            tried += 1
            assert code in readings(code.replace(keys, letter))
            assert code in readings(code.replace(keys, letter).lower())
    assert tried > 20


def test_a_mark_typed_later_in_the_word() -> None:
    code = next(code for code in CODES if code[1] == "A" and code[3] == "S")
    assert code in readings(code[0] + "Á" + code[2] + code[4:])


@pytest.mark.parametrize("text", ["", "?", "Nguyễn Văn A", "ÀÁẢÃẠ", "123456", "K3X9Q2ZZ", "ｋ３", "́́́"])
def test_nothing_of_the_kind(text: str) -> None:
    assert readings(text) == set()


def test_a_wrong_letter_is_guessed_back_from_nothing_else() -> None:
    """One wrong character of our own alphabet is never another person's code."""
    for code in CODES[:20]:
        for at in range(6):
            for other in row_codes.ALPHABET:
                wrong = code[:at] + other + code[at + 1 :]
                assert wrong == code or readings(wrong) == set()
