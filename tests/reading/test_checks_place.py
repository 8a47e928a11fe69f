from dataclasses import replace

import pytest

from records.reading.checks import judge
from records.reading.reference import Commune
from tests.reading.rows import ABSENT, Table, assert_fires, assert_silent, firing, judged, reference, row, silent


def cells(key: str, *texts: str) -> list[dict[str, str]]:
    return [{key: text} for text in texts]


TABLES = [
    Table(
        "commune.missing",
        "commune",
        fires=cells("commune", "", "chưa có", "-", "không rõ", "null"),
        silent=[*cells("commune", "Làng Chếu", "Xã Lạ", "03874", "TT Bắc Yên"), {"commune": ABSENT}],
    ),
    Table(
        "commune.unknown",
        "commune",
        fires=cells("commune", "Xã Lạ", "Chiềng Khoi", "99999", "Xã Bắc Yên", "Huyện Bắc Yên",
                    "Bắc Yên, Sơn La", "Huyện Bắc Yên, tỉnh Sơn La", "Làng Chếu, huyện Mộc Châu", "Hang Chú, Song Pe",
                    "Bản Làng Chếu"),
        silent=cells(
            "commune", "Xã Làng Chếu", "làng chếu", "LANG CHEU", "X. Làng Chếu", "3874", "Xín Vàng", "TT. Bắc Yên",
            "Bắc Yên", "X· Lµng ChÕu", "", "Xã Làng Chếu, huyện Bắc Yên", "Xã Làng Chếu - Bắc Yên - Sơn La",
            "Làng Chếu, H. Bắc Yên, T. Sơn La", "xã Làng Chếu huyện Bắc Yên tỉnh Sơn La", "làng chếu-bắc yên-sơn la",
            "Bản Cáo A, xã Làng Chếu, Bắc Yên", "TT Bắc Yên, Bắc Yên, Sơn La", "X· Lµng ChÕu - B¾c Yªn", "Ｌàng Chếu",
        ),
    ),
    Table(
        "village.missing",
        "village",
        severity="warning",
        group=None,
        fires=cells("village", "", "chưa có", "-", "x", "không"),
        silent=[*cells("village", "Cáo A", "Bản Cáo A", "Tiểu khu 1", "B¶n C¸o A"), {"village": ABSENT}],
    ),
    Table(
        "address.missing",
        "permanent_address",
        severity="notice",
        group=None,
        fires=cells("permanent_address", "", "chưa có", "-", "x", "không có"),
        silent=[*cells("permanent_address", "Cáo A", "Xã Làng Chếu", "1", "Sơn La"), {"permanent_address": ABSENT}],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("table", "cells", "suggestion"), firing(TABLES))
def test_fires(table: Table, cells: dict[str, str], suggestion: str) -> None:
    assert_fires(table, cells, suggestion)


@pytest.mark.parametrize(("table", "cells"), silent(TABLES))
def test_is_silent(table: Table, cells: dict[str, str]) -> None:
    assert_silent(table, cells)


@pytest.mark.parametrize("text", ["Xã Làng Chếu, huyện Bắc Yên", "Bản Cáo A - Làng Chếu - Bắc Yên - Sơn La"])
def test_a_commune_with_what_it_lies_in_is_that_commune(text: str) -> None:
    one = judged("children", {"commune": text})
    assert (one.values["commune"], one.typed["commune_code"]) == ("Xã Làng Chếu", "03874")


NEIGHBOUR = Commune("04000", "Xã Bên Kia", "xa", "122", "2020-01-01", "", "", ("Bên Kia", "Bên Kia Suối"))


@pytest.mark.parametrize("text", ["Xã Bên Kia", "Bên Kia", "ben kia", "4000", "x. Bên Kia", "Bên Kia Suối"])
def test_commune_of_another_district_is_elsewhere(text: str) -> None:
    two_districts = replace(reference("children"), communes=[*reference("children").communes, NEIGHBOUR])

    result = judge(row("children", {"commune": text}), two_districts)

    assert [(one.rule, one.severity, one.group) for one in result.findings] == [("commune.elsewhere", "error", 3)]
    assert (result.values["commune"], result.typed["commune_code"]) == ("Xã Bên Kia", "04000")


@pytest.mark.parametrize("text", ["Xã Làng Chếu", "Bắc Yên", "3874", "Xã Lạ", ""])
def test_commune_of_the_district_or_of_none_is_not_elsewhere(text: str) -> None:
    two_districts = replace(reference("children"), communes=[*reference("children").communes, NEIGHBOUR])

    result = judge(row("children", {"commune": text}), two_districts)

    assert "commune.elsewhere" not in {one.rule for one in result.findings}


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("làng chếu", "Xã Làng Chếu", "03874"),
        ("TT Bắc Yên", "Thị trấn Bắc Yên", "03856"),
        ("03862", "Xã Hang Chú", "03862"),
        ("Xã Lạ", "Xã Lạ", ""),
        ("-", "", ""),
    ],
)
def test_commune_is_written_by_its_name(text: str, value: str, code: str) -> None:
    result = judged("children", {"commune": text})

    assert (result.values["commune"], result.typed["commune_code"]) == (value, code)
