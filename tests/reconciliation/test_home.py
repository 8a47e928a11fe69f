"""What waits: facts in, things to do out. No database."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from campaigns.permissions import Role
from reconciliation.home import elsewhere, todo
from reconciliation.home_facts import Facts, Late
from reconciliation.report_calendar import ReportDue
from reconciliation.waiting import (
    Accounts,
    AllJobs,
    Exclusions,
    FileIn,
    InStage,
    OpenBatch,
    OwnJob,
    ToReview,
    ToSettle,
    UploadOut,
)

Day = datetime.date
TODAY = Day(2023, 10, 12)
WINDOWS = {
    register: {
        "review": (Day(2023, 10, 4), Day(2023, 10, 15)),
        "police": (Day(2023, 10, 16), Day(2023, 11, 2)),
        "update": (Day(2023, 11, 3), Day(2023, 11, 9)),
        "report": (Day(2023, 11, 10), Day(2023, 11, 14)),
    }
    for register in ("children", "beneficiaries")
}
AT = datetime.datetime(2023, 10, 11, 3, tzinfo=datetime.UTC)
BATCH = OpenBatch("LC-TE-01", "children", "police", "03874", "Xã Làng Chếu", TODAY, 64, 56, 0)


def facts(**some: object) -> Facts:
    return replace(Facts(TODAY, WINDOWS, in_commune=True, sends=True), **some)


def district(**some: object) -> Facts:
    return facts(in_commune=False, **some)


def shown(told: Facts) -> list[tuple]:
    return [(item.due, item.count, item.title, item.detail, item.url, item.act) for item in todo(told)]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (
            facts(review=[ToReview("children", 91, 86, 17, 4)]),
            (Day(2023, 10, 15), 91, "Trẻ em cần rà soát",
             "86 trong bốn nhóm của kế hoạch · 17 có gợi ý, dùng được một lượt · 4 đã hết việc, chờ đóng rà soát",
             "/ra-soat/?so=children", "Rà soát"),
        ),
        (
            facts(in_stage=[InStage("beneficiaries", "ready_for_police", 5, 1)]),
            (Day(2023, 11, 2), 5, "Đủ thông tin, chưa gửi công an", "Đối tượng bảo trợ",
             "/lo/?so=beneficiaries", "Lập danh sách"),
        ),
        (
            facts(in_stage=[InStage("children", "with_civil_registry", 3, 1)]),
            (Day(2023, 11, 2), 3, "Chờ gửi hộ tịch", "Trẻ em", "/lo/?so=children", "Lập danh sách"),
        ),
        (
            facts(settle=[ToSettle("LC-TE-01", "children", "Xã Làng Chếu", 6, {"S": 4, "": 2})]),
            (Day(2023, 11, 2), 6, "Dòng trả về, chờ quyết định", "Lô LC-TE-01 · 4 mã S, 2 chưa rõ mã",
             "/lo/LC-TE-01/quyet-dinh/", "Quyết định"),
        ),
        (
            facts(batches=[BATCH]),
            (TODAY, 8, "Dòng công an chưa trả lời", "Lô LC-TE-01 · đã trả lời 56 trong 64", "#reminder-police",
             "Lời nhắc"),
        ),
        (
            district(batches=[BATCH, replace(BATCH, code="HD-TE-01", commune_code="03869", rows=70)]),
            (TODAY, 2, "Lô tới hạn, chưa nhận đủ", "Trẻ em · 2 xã, còn 22 dòng", "/lo/?so=children", "Nhận lại"),
        ),
        (
            facts(exclusions=Exclusions(to_decide=2, asked=1)),
            (TODAY, 2, "Đề nghị đưa ra khỏi sổ, chờ người thứ hai", "Người đề nghị không tự xác nhận được",
             "/ra-khoi-so/", "Xem"),
        ),
        (
            district(files=[FileIn("TN-0007", "tre_em.xlsx", "children", AT,
                                   {"rows": 25146, "created": 38, "changed": 412})]),
            (TODAY, 1, "Tệp nhận vào, chờ áp dụng", "TN-0007 tre_em.xlsx · 25.146 dòng: 38 mới, 412 thay đổi",
             "/nhap/TN-0007/", "Xem khác biệt"),
        ),
        (
            district(to_bring_in={"children": Day(2023, 10, 3)}),
            (Day(2023, 10, 3), 1, "Sổ trẻ em chưa nhập tệp nào", "Xuất danh sách từ phần mềm của Bộ, rồi đưa tệp lên",
             "/nhap/?so=children", "Nhập tệp"),
        ),
        (
            district(late=[Late("children", "review", 5, "Xã Háng Đồng", "Muộn 12 ngày")]),
            (TODAY, 5, "Xã sẽ muộn rà soát trẻ em", "Muộn nhất Xã Háng Đồng: muộn 12 ngày",
             "/tien-do/?so=children", "Xem và nhắc"),
        ),
        (
            district(in_stage=[InStage("children", "cleaned", 1842, 16)], uploads_for=frozenset({"children"})),
            (Day(2023, 11, 9), 1842, "Trẻ em đã sạch, chưa cập nhật phần mềm", "16 xã, thị trấn",
             "/tai-len/?so=children", "Lập tệp tải lên"),
        ),
        (
            facts(uploads_out=[UploadOut("TL-0001", "beneficiaries", AT, 12)]),
            (Day(2023, 11, 9), 12, "Dòng đã tải lên, chưa ghi trả lời của phần mềm", "Tệp TL-0001 · lập T4 11/10",
             "/tai-len/TL-0001/", "Ghi trả lời"),
        ),
        (
            district(reports=[ReportDue("periodic", Day(2023, 10, 6), Day(2023, 10, 9), "Báo cáo định kỳ tuần 1")]),
            (Day(2023, 10, 9), 1, "Báo cáo định kỳ tuần 1", "Số liệu đến hết T6 06/10",
             "/bao-cao/?loai=periodic&den=06%2F10%2F2023", "Lập báo cáo"),
        ),
        (
            facts(own_jobs=[OwnJob(7, "Áp dụng tệp", failed=True)]),
            (TODAY, 1, "Áp dụng tệp: không thành", "Xem lý do rồi làm lại", "/viec-nen/7/", "Xem"),
        ),
        (
            facts(all_jobs=AllJobs(failed=2)),
            (TODAY, 2, "Việc nền không thành từ hôm qua", "", "/viec-nen/", "Xem lý do"),
        ),
    ],
)  # fmt: skip
def test_each_fact_becomes_one_thing_to_do(told: Facts, expected: tuple) -> None:
    assert shown(told) == [expected]


@pytest.mark.parametrize(
    "told",
    [
        facts(),
        facts(review=[ToReview("children", 0, 0, 0, 0)]),
        facts(batches=[replace(BATCH, due=Day(2023, 10, 13))]),  # not due yet
        facts(batches=[replace(BATCH, answered=64)]),
        facts(batches=[BATCH], sends=False),  # the partner's own list
        district(in_stage=[InStage("children", "ready_for_police", 5, 1)]),  # each commune sends its own
        facts(in_stage=[InStage("children", "cleaned", 9, 1)]),  # by the plan another updates
        facts(own_jobs=[OwnJob(7, "Áp dụng tệp", failed=False)]),
        facts(all_jobs=AllJobs(running=1)),
    ],
)
def test_what_is_nobody_s_turn_is_not_asked_for(told: Facts) -> None:
    assert todo(told) == []


def test_the_nearest_deadline_comes_first_and_what_has_none_last() -> None:
    told = facts(
        review=[ToReview("children", 86, 86, 0, 0)],
        in_stage=[InStage("children", "ready_for_police", 31, 1)],
        batches=[replace(BATCH, due=Day(2023, 10, 10))],
        accounts=Accounts(never_in=3),
    )
    assert [item.due for item in todo(told)] == [Day(2023, 10, 10), Day(2023, 10, 15), Day(2023, 11, 2), None]


def test_an_administrator_is_told_which_communes_lack_whom() -> None:
    names = [f"Xã {n}" for n in range(10)]
    (item,) = todo(facts(accounts=Accounts({Role.COMMUNE_POLICE: names, Role.COMMUNE_OFFICER: []})))
    assert (item.count, item.title) == (10, "Xã chưa có tài khoản: Công an xã")
    assert item.detail.endswith("Xã 7 và 2 xã khác")


def test_what_is_with_others_is_said_by_day_and_by_whom() -> None:
    later = replace(BATCH, due=Day(2023, 10, 18), answered=0)
    told = facts(
        batches=[
            BATCH, later, replace(later, code="LC-BT-01", register="beneficiaries", rows=14),
            replace(later, code="LC-TE-HT-01", kind="civil_registry", due=Day(2023, 10, 17), rows=3),
        ],
        exclusions=Exclusions(asked=1),
        own_jobs=[OwnJob(7, "Áp dụng tệp", failed=False)],
    )  # fmt: skip
    assert [(wait.due, wait.who, wait.text) for wait in elsewhere(told)] == [
        (Day(2023, 10, 17), "Hộ tịch", "3 trẻ em"),
        (Day(2023, 10, 18), "Công an", "64 trẻ em, 14 đối tượng bảo trợ"),
        (None, "Người thứ hai", "1 đề nghị đưa ra khỏi sổ do bạn lập"),
        (None, "Máy chủ", "Áp dụng tệp: đang làm"),
    ]
