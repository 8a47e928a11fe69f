from __future__ import annotations

import pytest

from campaigns.errors import WorkRefused
from campaigns.models import Campaign, Commune, User
from records import imports, own_files
from records.models import FileStatus, Record
from tests.records.conftest import Receive
from tests.records.export_files import HEADINGS, child, workbook

COMMUNES = ("Làng Chếu", "Háng Đồng", "Tạ Xùa", "Song Pe")
DISTRICT = [child(n, commune=COMMUNES[n % 4]) for n in range(40)]


def without(*keys: str) -> dict[str, str]:
    return {key: heading for key, heading in HEADINGS.items() if key not in keys}


def swapped(row: dict[str, str]) -> dict[str, str]:
    return row | {"father_name": row["mother_name"], "mother_name": row["father_name"]}


def shifted(rows: list[dict[str, str]], by: int) -> list[dict[str, str]]:
    """Codes stay, people move up: a column was sorted by itself."""
    return [other | {"system_code": row["system_code"]} for row, other in zip(rows, rows[by:] + rows[:by], strict=True)]


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        (workbook(DISTRICT, headings=without("personal_number")), "Số định danh"),
        (workbook(DISTRICT[:19]), "40 dòng; tệp này: 19 dòng"),
        (workbook([*DISTRICT, *(child(n) for n in range(100, 141))]), "40 dòng; tệp này: 81 dòng"),
        (workbook([row for row in DISTRICT if row["commune"] != "Tạ Xùa" and row["commune"] != "Song Pe"]), "Thiếu xã"),
        (workbook(map(swapped, DISTRICT)), "Hai cột cha và mẹ đổi chỗ"),
        (workbook(shifted(DISTRICT, 1)), "họ tên, ngày sinh khác hẳn"),
        (workbook([row | {"full_name": ""} for row in DISTRICT[:21]] + DISTRICT[21:]), "21 trên 40 dòng"),
        (workbook([row | {"commune": "Xã Chiềng Lạ"} for row in DISTRICT[:21]] + DISTRICT[21:]), "ngoài huyện"),
        (workbook(DISTRICT, headings=without("system_code")), "Không có cột mã"),
    ],
)  # fmt: skip
def test_a_file_unlike_the_others_is_asked_about(receive: Receive, system: User, content: bytes, seen: str) -> None:
    imports.apply(receive(DISTRICT), by=system)
    before = list(Record.objects.order_by("pk").values())
    file = receive(content)
    for step in (imports.compare, imports.apply):
        with pytest.raises(WorkRefused) as refused:
            step(file, by=system)
        assert refused.value.code == "suspect_file"
        assert seen in refused.value.message
    file.refresh_from_db()
    assert file.status == FileStatus.REFUSED
    assert file.counts["suspicions"][0]["what"] in refused.value.message
    assert list(Record.objects.order_by("pk").values()) == before
    imported = imports.apply(file, by=system, anyway="đã gọi hỏi xã")
    assert (imported.applied, imported.needs_person) == (True, True)
    file.refresh_from_db()
    assert file.overruled_because == "đã gọi hỏi xã"


@pytest.mark.parametrize(
    "content",
    [
        workbook(DISTRICT[:20]),
        workbook([*DISTRICT, *(child(n) for n in range(100, 140))]),
        workbook([row for row in DISTRICT if row["commune"] != "Tạ Xùa"]),
        workbook([*map(swapped, DISTRICT[:20]), *DISTRICT[20:]]),
        workbook([row | {"full_name": ""} for row in DISTRICT[:20]] + DISTRICT[20:]),
        workbook(DISTRICT, headings=without("phone", "village")),
        workbook([child(1)], mark=own_files.MARK),
    ],
)
def test_a_file_like_the_others_passes(receive: Receive, system: User, content: bytes) -> None:
    imports.apply(receive(DISTRICT), by=system)
    assert not imports.apply(receive(content), by=system).needs_person


def test_an_extract_is_not_counted(receive: Receive, system: User) -> None:
    imports.apply(receive(DISTRICT), by=system)
    imports.apply(receive(DISTRICT[:2], partial=True), by=system)
    assert not imports.apply(receive(DISTRICT), by=system).needs_person


def test_a_small_file_is_no_measure(receive: Receive, system: User) -> None:
    imports.apply(receive(DISTRICT[:19]), by=system)
    assert not imports.apply(receive(DISTRICT), by=system).needs_person


def test_a_commune_file_full_of_others(receive: Receive, system: User, lang_cheu: Commune) -> None:
    with pytest.raises(WorkRefused, match="ngoài Xã Làng Chếu"):
        imports.apply(receive(DISTRICT, commune=lang_cheu), by=system)


def test_files_of_one_commune_are_measured_by_each_other(
    receive: Receive, system: User, lang_cheu: Commune, campaign: Campaign
) -> None:
    imports.apply(receive(DISTRICT), by=system)
    own = [row for row in DISTRICT if row["commune"] == "Làng Chếu"]
    assert not imports.apply(receive(own, commune=lang_cheu), by=system).needs_person


def test_thresholds_come_from_the_plan(receive: Receive, system: User, campaign: Campaign) -> None:
    campaign.settings["suspect_file"]["empty_name_share"] = 0.9
    campaign.save()
    nameless = [row | {"full_name": ""} for row in DISTRICT[:30]] + DISTRICT[30:]
    assert not imports.apply(receive(nameless), by=system).needs_person
