"""The import pages: a file on its way into the register, as the district office sees it."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from campaigns import jobs
from campaigns.models import AuditEvent, Campaign, Commune, Job, User
from campaigns.models.job import JobStatus
from records import changes, imports
from records.models import ChangeKind, FileStatus, HeadingMap, Record, SourceFile
from records.views import import_work
from tests.records.export_files import HEADINGS, child, workbook

ODD = HEADINGS | {"personal_number": "Mã số trên thẻ", "phone": "Liên lạc nhà"}
MANY = [child(n) for n in range(1, 31)]
Committing = Callable[..., object]


@pytest.fixture
def office(client: Client, district: User) -> Client:
    client.force_login(district)
    return client


def put(client: Client, content: bytes, name: str = "te.xlsx", **fields: object) -> SourceFile:
    """Puts a file on the page and gives what was kept of it."""
    response = client.post(
        reverse("imports"), {"file": SimpleUploadedFile(name, content), "register": "children", **fields}
    )
    source_file = SourceFile.objects.latest("pk")
    assert response.url == reverse("import_file", args=[source_file.code])
    return source_file


def shown(client: Client, source_file: SourceFile) -> str:
    return client.get(reverse("import_file", args=[source_file.code])).content.decode()


def post(client: Client, name: str, source_file: SourceFile, **fields: object) -> HttpResponse:
    return client.post(reverse(name, args=[source_file.code]), fields)


def choice(source_file: SourceFile, **changed: str) -> dict[str, str]:
    """What the form of the columns sends: as drawn, save for some headings."""
    summary = source_file.summary
    by_index = {index: key for key, index in summary["column_index"].items()}
    texts = {heading: by_index.get(index, "") for index, heading in enumerate(summary["headings"])} | changed
    return {f"cot-{index}": texts[heading] for index, heading in enumerate(summary["headings"])}


def applied(client: Client, content: bytes, jobs_run: Committing, **fields: object) -> SourceFile:
    source_file = put(client, content, **fields)
    post(client, "compare_file", source_file, **choice(source_file))
    with jobs_run(execute=True):  # type: ignore[attr-defined]
        post(client, "apply_file", source_file)
    source_file.refresh_from_db()
    assert source_file.status == FileStatus.APPLIED
    return source_file


def test_a_file_goes_into_the_register(
    office: Client, campaign: Campaign, django_capture_on_commit_callbacks: Committing
) -> None:
    file = put(office, workbook([child(1), child(2, personal_number="")]))
    page = shown(office, file)
    assert "DANH SÁCH TRẺ EM" in page
    assert "014•••••••01" in page
    assert "014215000001" not in page
    assert Record.objects.count() == 0

    assert post(office, "compare_file", file, **choice(file)).url == reverse("import_file", args=[file.code])
    page = shown(office, file)
    assert "Áp dụng: 2 mới" in page
    assert "Chưa có số" in page
    assert Record.objects.count() == 0

    with django_capture_on_commit_callbacks():
        post(office, "apply_file", file)
    page = shown(office, file)
    assert "Ghi tệp vào sổ" in page
    assert "hx-trigger" in page
    assert "Áp dụng: 2 mới" not in page
    assert post(office, "discard_file", file).url == reverse("import_file", args=[file.code])
    assert "Chờ xong rồi làm bước tiếp theo" in shown(office, file)

    jobs.run(Job.objects.get(kind="apply_file").pk)
    page = shown(office, file)
    assert "Thêm 2 trẻ, đổi 0 hồ sơ, không đổi 0: đủ 2 dòng." in page
    assert Record.objects.count() == 2
    assert office.get(reverse("import_of_job", args=[file.pk])).url == reverse("import_file", args=[file.code])
    assert reverse("import_file", args=[file.code]) in office.get(reverse("imports")).content.decode()


def test_odd_columns_are_guessed_chosen_and_remembered(office: Client, system: User) -> None:
    file = put(office, workbook([child(1), child(2)], headings=ODD))
    page = shown(office, file)
    assert "các giá trị đầu có 9 hoặc 12 chữ số" in page
    assert "tên cột chưa gặp lần nào" in page
    assert "014215000001" not in page
    changed = {"Mã số trên thẻ": "personal_number", "Liên lạc nhà": "phone"}
    post(office, "compare_file", file, **choice(file, **changed))
    file.refresh_from_db()
    assert file.summary["column_index"]["personal_number"] == 6
    assert dict(HeadingMap.objects.values_list("shown", "field"))["Liên lạc nhà"] == "phone"
    again = put(office, workbook([child(1)], headings=ODD))
    assert again.summary["columns"]["personal_number"] == "Mã số trên thẻ"
    assert "Phòng Lao Động chọn ngày" in shown(office, again)


def test_one_field_for_two_columns_is_asked_again(office: Client) -> None:
    file = put(office, workbook([child(1)], headings=ODD))
    response = post(office, "compare_file", file, **choice(file, **{"Liên lạc nhà": "full_name"}))
    assert response.status_code == 422
    assert "đang chọn cho 2 cột: Họ và tên, Liên lạc nhà" in response.content.decode()
    file.refresh_from_db()
    assert file.status == FileStatus.RECEIVED


def test_another_sheet_can_be_read(office: Client) -> None:
    book = load_workbook(BytesIO(workbook([child(1), child(2), child(3)])))
    other = book.create_sheet("Xã khác")
    other.append(["STT", *HEADINGS.values()])
    other.append([1, *(child(9)[key] for key in HEADINGS)])
    book.create_sheet("Ghi chú").append(["chỉ để nhớ"])
    content = BytesIO()
    book.save(content)
    file = put(office, content.getvalue())
    assert '<option value="Xã khác">' in shown(office, file)
    post(office, "choose_sheet", file, sheet="Ghi chú")
    page = shown(office, file)
    assert "Không thấy dòng tiêu đề" in page
    post(office, "choose_sheet", file, sheet="Xã khác")
    page = shown(office, file)
    assert "Tệp này không dùng" not in page
    file.refresh_from_db()
    post(office, "compare_file", file, **choice(file))
    assert "Áp dụng: 1 mới" in shown(office, file)


def _encrypted() -> bytes:
    return bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 2000


def _without_heading() -> bytes:
    book = Workbook()
    book.active.append(["một", "hai"])
    content = BytesIO()
    book.save(content)
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"nothing of the kind", "te.xlsx", "te.xlsx"),
        (b"", "rong.xlsx", "rong.xlsx"),
        (_encrypted(), "khoa.xls", "khoa.xls"),
        (_without_heading(), "te.xlsx", "Không thấy dòng tiêu đề"),
        (workbook([]), "te.xlsx", "không có dòng dữ liệu nào"),
        (
            workbook([], headings={"system_code": "Mã đối tượng", "full_name": "Họ tên đối tượng", "category": "Loại đối tượng"}),
            "bt.xlsx",
            "danh sách đối tượng bảo trợ xã hội",
        ),
    ],
)  # fmt: skip
def test_a_refused_file_says_one_sentence_and_changes_nothing(
    office: Client, content: bytes, name: str, said: str
) -> None:
    file = put(office, content, name)
    assert file.status == FileStatus.REFUSED
    page = shown(office, file)
    assert said in page
    assert page.count(file.refused_because.replace('"', "&quot;")) == 1
    assert "Áp dụng" not in page
    assert Record.objects.count() == 0


def test_a_file_that_is_too_large_is_not_kept(office: Client, settings: object) -> None:
    settings.MAX_UPLOAD_MB = 0  # type: ignore[attr-defined]
    response = office.post(
        reverse("imports"), {"file": SimpleUploadedFile("te.xlsx", workbook([child(1)])), "register": "children"}
    )
    assert response.status_code == 422
    assert "hệ thống chỉ nhận tệp đến 0 MB" in response.content.decode()
    assert not SourceFile.objects.exists()


def test_a_form_without_a_file_says_so(office: Client) -> None:
    response = office.post(reverse("imports"), {"register": "children"})
    assert response.status_code == 422
    assert "Chưa có tệp nào được chọn" in response.content.decode()


def test_the_difference_shows_cells_and_what_is_kept(
    office: Client, system: User, campaign: Campaign, django_capture_on_commit_callbacks: Committing
) -> None:
    applied(office, workbook(MANY), django_capture_on_commit_callbacks)
    edited = Record.objects.get(system_code=child(4)["system_code"])
    changes.apply(
        changes.open_change_set(campaign, ChangeKind.EDIT, by=system), {edited.pk: {"mother_name": "Sồng Thị Sửa"}}
    )
    rows = [
        *MANY[:2], child(3, personal_number="014215999999"), child(4, mother_name="Sồng Thị Tệp"), *MANY[4:28],
        child(31), child(31, phone="2"),
    ]  # fmt: skip
    file = put(office, workbook(rows))
    post(office, "compare_file", file, **choice(file))
    page = shown(office, file)
    for said in (
        "Áp dụng: 1 mới, 2 thay đổi, 2 đánh dấu không còn", "014•••••••03", "014•••••••99", "Sồng Thị Sửa",
        "giữ của sổ, đã có người sửa", "1 dòng giữ lại", "Giữ lại, chưa nhận",
        "2 trẻ có trong sổ, không có trong tệp",
    ):  # fmt: skip
        assert said in page
    assert "014215999999" not in page
    edited.refresh_from_db()
    assert edited.value("mother_name") == "Sồng Thị Sửa"


def test_a_strange_file_stops_and_asks(office: Client, django_capture_on_commit_callbacks: Committing) -> None:
    applied(office, workbook([child(n) for n in range(1, 61)]), django_capture_on_commit_callbacks)
    file = put(office, workbook(MANY[:10]))
    post(office, "compare_file", file, **choice(file))
    page = shown(office, file)
    assert "Dừng lại: tệp này không giống các tệp trước" in page
    assert "Ít dòng hơn hẳn" in page
    assert page.index("Bỏ tệp này</button></form>") < page.index("Xem khác biệt, không ghi")
    assert post(office, "apply_file", file).status_code == 302
    assert not Job.objects.filter(kind="apply_file", target_id=file.pk).exists()

    post(office, "look_at_file", file)
    assert "50 đánh dấu không còn" in shown(office, file)
    assert post(office, "apply_file", file, reason="ngắn").status_code == 422
    refused = post(office, "apply_file", file, reason="theo số 014215000001 của em")
    assert "Nhật ký không giữ số của ai" in refused.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        post(office, "apply_file", file, reason="Huyện tách bảy xã sang đợt khác")
    file.refresh_from_db()
    assert (file.status, file.overruled_because) == (FileStatus.APPLIED, "Huyện tách bảy xã sang đợt khác")
    assert "vẫn dùng vì: Huyện tách bảy xã" in shown(office, file)


def test_a_file_can_be_left(office: Client, django_capture_on_commit_callbacks: Committing) -> None:
    file = put(office, workbook([child(1)]))
    post(office, "compare_file", file, **choice(file))
    assert post(office, "discard_file", file).url == reverse("imports")
    page = shown(office, file)
    assert "Tệp đã được bỏ trước khi áp dụng." in page
    assert "Mùa A" not in page
    assert post(office, "compare_file", file).status_code == 302
    assert Record.objects.count() == 0
    assert AuditEvent.objects.filter(event="file_discarded", target=file.code).count() == 1
    used = applied(office, workbook([child(1)]), django_capture_on_commit_callbacks)
    assert post(office, "discard_file", used).url == reverse("import_file", args=[used.code])
    used.refresh_from_db()
    assert used.status == FileStatus.APPLIED


def test_a_file_is_taken_back_and_names_what_stays(
    office: Client, system: User, campaign: Campaign, django_capture_on_commit_callbacks: Committing
) -> None:
    file = applied(office, workbook(MANY), django_capture_on_commit_callbacks)
    touched = Record.objects.get(system_code=child(4)["system_code"])
    changes.apply(changes.open_change_set(campaign, ChangeKind.EDIT, by=system), {touched.pk: {"village": "Bản Mới"}})
    page = office.get(reverse("undo_file", args=[file.code])).content.decode()
    assert "Đưa ra khỏi sổ 29 trẻ" in page
    assert touched.row_code in page
    assert Record.objects.count() == 30
    with django_capture_on_commit_callbacks(execute=True):
        post(office, "undo_file", file)
    assert list(Record.objects.all()) == [touched]
    page = shown(office, file)
    assert "Đã hoàn tác tệp này" in page
    assert touched.row_code in page
    assert office.get(reverse("undo_file", args=[file.code])).url == reverse("import_file", args=[file.code])


def test_the_error_sheet_is_downloaded(office: Client, django_capture_on_commit_callbacks: Committing) -> None:
    clean = applied(office, workbook([child(1)]), django_capture_on_commit_callbacks)
    assert post(office, "error_sheet", clean).url == reverse("import_file", args=[clean.code])
    assert "không còn dòng nào có lỗi" in shown(office, clean)
    file = applied(
        office, workbook([child(2), child(3, personal_number="")]), django_capture_on_commit_callbacks, partial="on"
    )
    response = post(office, "error_sheet", file)
    sheet = load_workbook(BytesIO(b"".join(response))).active  # type: ignore[arg-type]
    assert [row[1].value for row in sheet.iter_rows(min_row=5)] == [child(3)["system_code"]]
    assert AuditEvent.objects.filter(event="errors_exported").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_large_file_is_read_by_a_job_and_the_page_is_the_same(
    office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = put(office, workbook([child(1)]))
    monkeypatch.setattr(import_work, "AT_ONCE", 0)
    large = put(office, workbook([child(1)]))
    assert list(Job.objects.values_list("kind", "status")) == [("inspect_file", JobStatus.DONE)]
    assert steps(office, large) == steps(office, small)
    post(office, "compare_file", large, **choice(large))
    assert "Áp dụng: 1 mới" in shown(office, large)
    refused = put(office, b"nothing")
    assert shown(office, refused).count(refused.refused_because) == 1
    assert "không thành" not in shown(office, refused)


def steps(client: Client, source_file: SourceFile) -> str:
    """The four steps, without what is different in every answer."""
    page = shown(client, source_file)
    return re.sub(r'value="\w{64}"|' + source_file.code, "", page[page.index('<ol class="plain steps') :])


def test_a_job_that_failed_says_so_and_can_be_given_again(office: Client, campaign: Campaign, district: User) -> None:
    file = put(office, workbook([child(1)]))
    post(office, "compare_file", file, **choice(file))
    job = Job.objects.create(kind="apply_file", campaign=campaign, by=district, target_id=file.pk)
    jobs.fail(job.pk, jobs.UNEXPECTED)
    page = shown(office, file)
    assert jobs.UNEXPECTED in page
    assert reverse("job_again", args=[job.pk]) in page


@pytest.mark.parametrize("who", ["officer", "police", "leader"])
def test_others_may_not_import(
    client: Client, who: str, request: pytest.FixtureRequest, office_file: SourceFile
) -> None:
    client.force_login(request.getfixturevalue(who))
    for name in ("import_file", "undo_file"):
        assert client.get(reverse(name, args=[office_file.code])).status_code == 403
    assert client.get(reverse("imports")).status_code == 403
    for name in ("compare_file", "apply_file", "discard_file", "choose_sheet", "look_at_file", "undo_file"):
        assert client.post(reverse(name, args=[office_file.code])).status_code == 403


def test_a_commune_officer_has_no_error_sheet_of_the_district(
    client: Client, officer: User, office_file: SourceFile
) -> None:
    client.force_login(officer)
    assert client.post(reverse("error_sheet", args=[office_file.code])).status_code == 404


@pytest.fixture
def office_file(campaign: Campaign, system: User) -> SourceFile:
    return imports.receive(campaign, "children", by=system, name="te.xlsx", content=workbook([child(1)]))


def test_unknown_files_are_not_found(office: Client, campaign: Campaign) -> None:
    assert office.get(reverse("import_file", args=["TE-9999"])).status_code == 404
    assert office.get(reverse("import_of_job", args=[999999])).status_code == 404


def test_strangers_sign_in_first(client: Client, office_file: SourceFile) -> None:
    for address in (reverse("imports"), reverse("import_file", args=[office_file.code])):
        assert client.get(address).url.startswith(reverse("login"))


def test_a_file_of_one_commune_says_so(office: Client, lang_cheu: Commune) -> None:
    file = put(office, workbook([child(1)]), commune=lang_cheu.code, partial="on")
    assert (file.commune, file.partial) == (lang_cheu, True)
    assert "Xã Làng Chếu, tệp trích" in shown(office, file)


def test_queries_do_not_grow(office: Client) -> None:
    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert office.get(address).status_code == 200
        return len(caught)

    counted = []
    for rows in (MANY[:1], MANY):
        file = put(office, workbook(rows))
        post(office, "compare_file", file, **choice(file))
        counted.append((queries(reverse("imports")), queries(reverse("import_file", args=[file.code]))))
    assert counted[0] == counted[1]
    assert max(counted[0]) < 30


def test_two_columns_that_claim_one_field_are_shown_and_one_press_changes_them(office: Client) -> None:
    both = {
        "system_code": "Mã trẻ em",
        "nick": "Họ tên trẻ",
        **{k: v for k, v in HEADINGS.items() if k != "system_code"},
    }
    rows = [child(n) | {"nick": f"Mùa Thị {'ABC'[n]}a"} for n in range(3)]
    file = put(office, workbook(rows, headings=both))
    page = shown(office, file)
    assert "cũng nhận là “Họ và tên trẻ em”, đang lấy cột “Họ tên trẻ”" in page
    index = file.summary["headings"].index("Họ và tên")
    assert f'name="la" value="{index}:full_name"' in page
    post(office, "choose_column", file, la=f"{index}:full_name")
    file.refresh_from_db()
    assert file.summary["chosen"]["columns"]["full_name"] == index
    assert "đang lấy cột" not in shown(office, file)
    post(office, "compare_file", file, **choice(file, **{"Họ và tên": "full_name", "Họ tên trẻ": ""}))
    assert child(1)["full_name"] in shown(office, file)
    next_commune = put(office, workbook(rows, headings=both))
    assert next_commune.summary["column_index"]["full_name"] == index
    assert "đang lấy cột" not in shown(office, next_commune)


def test_what_does_not_look_like_its_heading_is_shown(office: Client) -> None:
    file = put(office, workbook([child(1)]))
    index = file.summary["headings"].index("Số điện thoại")
    file.summary["doubts"] = {str(index): "các ô trông như ngày tháng"}
    file.save()
    page = shown(office, file)
    assert "Không giống tiêu đề" in page
    assert "các ô trông như ngày tháng" in page
    post(office, "choose_column", file, la=f"{index}:")
    file.refresh_from_db()
    assert "phone" not in file.summary["chosen"]["columns"]
    for nonsense in ("", "x:phone", "999:phone", "1:no_such_field"):
        post(office, "choose_column", file, la=nonsense)
    assert SourceFile.objects.get(pk=file.pk).summary["chosen"] == file.summary["chosen"]


def test_a_column_that_cannot_be_missing_is_asked_for(office: Client) -> None:
    without = {key: heading for key, heading in HEADINGS.items() if key != "personal_number"}
    page = shown(office, put(office, workbook([child(1), child(2)], headings=without)))
    assert "Chưa có cột Số định danh" in page
    assert "2 trẻ" in page


def test_rows_are_counted_before_anything_is_compared(office: Client) -> None:
    file = put(office, workbook(MANY))
    assert re.search(rf"{file.code}.*?data-l=\"Dòng\">30<", office.get(reverse("imports")).content.decode(), re.S)
