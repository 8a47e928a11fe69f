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


def column_moved(rows: list[dict[str, str]], key: str, by: int) -> list[dict[str, str]]:
    """One column stands that many rows too low."""
    cells = [row[key] for row in rows]
    return [row | {key: cells[(n - by) % len(rows)]} for n, row in enumerate(rows)]


def named_as(rows: list[dict[str, str]], key: str) -> list[dict[str, str]]:
    return [row | {"full_name": row[key], key: row["full_name"]} for row in rows]


def turned(row: dict[str, str]) -> dict[str, str]:
    """Month first, as other machines write dates."""
    day, month, year = row["birth_date"].split("/")
    return row | {"birth_date": f"{month}/{day}/{year}"}


def year_of(number: int) -> dict[str, str]:
    """Another year of birth for each, in the number too."""
    year = 2008 + number % 9
    return {"birth_date": f"{number % 27 + 1:02d}/03/{year}", "personal_number": f"0142{year % 100:02d}{number:06d}"}


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        (workbook(DISTRICT, headings=without("personal_number")), "Số định danh"),
        (workbook(DISTRICT[:19]), "40 dòng; tệp này: 19 dòng"),
        (workbook([*DISTRICT, *(child(n) for n in range(100, 141))]), "40 dòng; tệp này: 81 dòng"),
        (workbook([row for row in DISTRICT if row["commune"] != "Tạ Xùa" and row["commune"] != "Song Pe"]), "Thiếu xã"),
        (workbook(map(swapped, DISTRICT)), "Hai cột cha và mẹ đổi chỗ"),
        (workbook(shifted(DISTRICT, 7)), "họ tên, ngày sinh khác hẳn"),
        (workbook(shifted(DISTRICT, 1)), "lệch nhau một dòng (trước nay: mỗi dòng một người; tệp này: họ tên và ngày sinh"),
        (workbook(column_moved(DISTRICT, "birth_date", 1)), "ngày sinh của 39 trên 40 dòng là của người ở dòng trên, ví"),
        (workbook(column_moved(DISTRICT, "personal_number", -1)), "dòng là của người ở dòng dưới"),
        (workbook(named_as(DISTRICT, "father_name")), "Cột họ tên và cột cha đổi chỗ"),
        (workbook(named_as(DISTRICT, "mother_name")), "Cột họ tên và cột mẹ đổi chỗ"),
        (workbook(map(turned, DISTRICT)), "Ngày và tháng sinh đổi chỗ"),
        (workbook(map(turned, DISTRICT)), "ghi tháng trước ngày sau (trước nay: ngày, rồi tháng; tệp này: 16 trên 40 dòng"),
        (workbook([row | {"commune": "Phiêng Ban"} for row in DISTRICT]), "Nhiều người chuyển sang xã khác"),
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


def test_what_was_seen_is_shown(receive: Receive, system: User) -> None:
    imports.apply(receive(DISTRICT), by=system)
    file = receive(workbook(map(turned, DISTRICT)))
    with pytest.raises(WorkRefused) as refused:
        imports.compare(file, by=system)
    file.refresh_from_db()
    seen = {s["what"]: s for s in file.counts["suspicions"]}
    assert seen["Ngày và tháng sinh đổi chỗ"]["examples"] == [
        f"dòng {row}: tệp ghi “03/{day}/2015”, sổ ghi “{day}/03/2015”" for row, day in ((5, "01"), (6, "02"), (8, "04"))
    ]
    assert "ví dụ dòng 5, 6, 8" in refused.value.message
    assert not [row["full_name"] for row in DISTRICT if row["full_name"] in refused.value.message]


@pytest.mark.parametrize(
    ("rows", "seen"),
    [
        ([turned(row) for row in DISTRICT], "ghi tháng trước ngày sau"),
        ([swapped(row) for row in DISTRICT], "Cột họ tên cha ghi tên phụ nữ"),
        (column_moved([row | year_of(n) for n, row in enumerate(DISTRICT)], "birth_date", 1), "Số định danh không hợp"),
    ],
)
def test_a_first_file_is_asked_about_too(receive: Receive, system: User, rows: list[dict[str, str]], seen: str) -> None:
    with pytest.raises(WorkRefused, match=seen):
        imports.apply(receive(rows), by=system)


def test_communes_that_the_file_leaves_out_are_not_gone_silently(
    receive: Receive, system: User, campaign: Campaign
) -> None:
    """The register was made of one file a commune; the next one is said to be of the district, and is of one."""
    for name in COMMUNES:
        own = [row for row in DISTRICT if row["commune"] == name]
        commune = Commune.objects.in_campaign(campaign).get(name__endswith=name.replace("Tạ Xùa", "Tà Xùa"))
        imports.apply(receive(own, commune=commune), by=system)
    only = [*(row for row in DISTRICT if row["commune"] == "Làng Chếu"), *(child(n) for n in range(200, 230))]
    with pytest.raises(WorkRefused, match="sổ có người của 4 xã, thị trấn; tệp này: chỉ có 1, không có ai của") as no:
        imports.apply(receive(only), by=system)
    assert "(10 người)" in no.value.message
    assert not Record.objects.filter(is_gone=True).exists()


def test_one_large_commune_is_enough(receive: Receive, system: User) -> None:
    many = [child(n, commune=("Háng Đồng", "Tạ Xùa", "Song Pe", "Làng Chếu", "Phiêng Ban")[n % 5]) for n in range(100)]
    imports.apply(receive(many), by=system)
    with pytest.raises(WorkRefused, match=r"chỉ có 4, không có ai của Xã Tà Xùa \(20 người\)"):
        imports.apply(receive([row for row in many if row["commune"] != "Tạ Xùa"]), by=system)


def test_half_of_a_register_that_came_in_parts(receive: Receive, system: User, lang_cheu: Commune) -> None:
    imports.apply(receive([child(n) for n in range(40)], commune=lang_cheu), by=system)
    with pytest.raises(WorkRefused, match=r"Ít dòng hơn hẳn .trước nay: sổ có 40 người; tệp này: 10 dòng"):
        imports.apply(receive([child(n) for n in range(10)]), by=system)


def test_our_own_list_with_a_column_sorted_by_itself(receive: Receive, system: User) -> None:
    imports.apply(receive(DISTRICT), by=system)
    moved = column_moved(column_moved(DISTRICT, "full_name", 3), "birth_date", 3)
    with pytest.raises(WorkRefused, match="khác hẳn"):
        imports.apply(receive(workbook(moved, mark=own_files.MARK)), by=system)
