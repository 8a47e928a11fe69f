from __future__ import annotations

import pytest

from records.id_card import read_card

CARD = "014215001234|050123456|Mùa A Chống|12052015|Nam|Bản Cáo A, Làng Chếu, Bắc Yên, Sơn La|01062023"


def test_what_a_card_says() -> None:
    card = read_card(CARD)
    assert card is not None
    assert (card.number, card.old_number, card.name) == ("014215001234", "050123456", "Mùa A Chống")
    assert (card.birth_date, card.sex, card.village) == ("12/05/2015", "Nam", "Bản Cáo A")
    assert card.commune_among(["Xã Háng Đồng", "Xã Làng Chếu", "Thị trấn Bắc Yên"]) == ""  # the district has its name
    assert card.commune_among(["Xã Háng Đồng", "Xã Làng Chếu"]) == "Xã Làng Chếu"


def test_a_card_without_an_old_number_and_with_more_behind() -> None:
    card = read_card("014315001234||Lò Thị Xuân|17092015|Nữ|Tiểu khu 3, TT. Bắc Yên, Bắc Yên, Sơn La|01062023|||x|")
    assert card is not None
    assert (card.old_number, card.sex, card.village, card.lost_letters) == ("", "Nữ", "Tiểu khu 3", False)


def test_letters_that_the_reader_could_not_type() -> None:
    card = read_card("014215001234||M?a A Ch?ng|12052015|Nam|B?n C?o A|01062023")
    assert card is not None
    assert card.lost_letters


@pytest.mark.parametrize("text", ["", "x", "014215001234", "1|2|3|4|5|6|7", "01421500123|||||||", "|" * 30, CARD * 3])
def test_no_card(text: str) -> None:
    assert read_card(text) is None
