from __future__ import annotations

import pytest

from campaigns.models import Campaign, Commune
from reconciliation.batch_codes import codes_in, next_code, short_codes


def test_every_commune_of_the_district_has_letters_of_its_own(campaign: Campaign) -> None:
    codes = short_codes(Commune.objects.in_campaign(campaign))
    assert len(codes) == len(set(codes.values())) == 16
    assert codes["03874"] == "LC"
    by_name = {c.short_name: codes[c.code] for c in Commune.objects.in_campaign(campaign)}
    assert (by_name["Hồng Ngài"], by_name["Hua Nhàn"]) == ("HNg", "HNh") or (
        by_name["Hồng Ngài"], by_name["Hua Nhàn"],
    ) == ("HNG", "HNH")  # fmt: skip


def test_communes_of_one_name_still_differ() -> None:
    communes = [Commune(code=f"0000{n}", name="Xã Tân Lập") for n in range(3)]
    codes = short_codes(communes)
    assert len(set(codes.values())) == 3


def test_a_code_starts_at_one(campaign: Campaign, lang_cheu: Commune) -> None:
    assert next_code(campaign, lang_cheu, "beneficiaries") == "LC-BT-01"
    assert next_code(campaign, lang_cheu, "children", "HT") == "LC-TE-HT-01"


@pytest.mark.parametrize(
    ("lines", "codes"),
    [
        (["Mã lô: LC-TE-01 Xã, thị trấn: Xã Làng Chếu"], ["LC-TE-01"]),
        (["mã lô lc - te – ht - 12"], ["LC-TE-HT-12"]),
        (["HNG-BT-100", "Số: …/BB-LC-TE-01"], ["HNG-BT-100"]),
        (["DANH SÁCH TRẺ EM", "Hẹn trả: 13-10-2023", "0912-000-111"], []),
        (["LC-TE-01, LC-TE-02"], ["LC-TE-01", "LC-TE-02"]),
    ],
)
def test_codes_are_found_above_the_table(lines: list[str], codes: list[str]) -> None:
    assert codes_in(lines) == codes
