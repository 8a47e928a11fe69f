"""The upload pages: what waits goes out in the ministry's layout, and its answer comes back."""

from __future__ import annotations

import csv
from collections.abc import Callable
from io import BytesIO, StringIO

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
from reconciliation.models import UploadFile
from reconciliation.upload_file import build_upload
from records import imports
from records.models import Record, SourceFile, Stage
from tests.records.export_files import child, workbook

Committing = Callable[..., object]


@pytest.fixture
def imported(campaign: Campaign, system: User) -> None:
    """Three clean children of Làng Chếu, one of Háng Đồng."""
    rows = [*(child(n) for n in range(1, 4)), child(4, commune="Háng Đồng")]
    imports.apply(imports.receive(campaign, "children", by=system, name="te.xlsx", content=workbook(rows)), by=system)


@pytest.fixture
def office(client: Client, district: User, imported: None) -> Client:
    client.force_login(district)
    return client


@pytest.fixture
def upload(campaign: Campaign, district: User, imported: None, lang_cheu: Commune) -> UploadFile:
    return build_upload(campaign, "children", by=district, commune=lang_cheu)


def page(client: Client, upload: UploadFile, **query: str) -> str:
    return client.get(reverse("upload_file", args=[upload.code]), query).content.decode()


def refusals(*rows: list[str], headings: tuple[str, ...] = ("Mã trẻ em", "Lý do")) -> SimpleUploadedFile:
    book = Workbook()
    for row in (headings, *rows):
        book.active.append(row)
    content = BytesIO()
    book.save(content)
    return SimpleUploadedFile("tu-choi.xlsx", content.getvalue())


def post(client: Client, name: str, upload: UploadFile, **fields: object) -> HttpResponse:
    return client.post(reverse(name, args=[upload.code]), fields)


def test_a_file_is_built_for_a_commune(
    office: Client, lang_cheu: Commune, django_capture_on_commit_callbacks: Committing
) -> None:
    shown = office.get(reverse("uploads"), {"so": "children"}).content.decode()
    assert "Xã Làng Chếu" in shown
    assert "Cả huyện" in shown
    with django_capture_on_commit_callbacks():  # type: ignore[attr-defined]
        answer = office.post(reverse("build_upload") + "?so=children", {"commune": lang_cheu.code})
    assert answer.url == reverse("uploads") + "?so=children"
    job = Job.objects.get()
    assert reverse("job_progress", args=[job.pk]) in office.get(reverse("uploads")).content.decode()
    jobs.run(job.pk)
    upload = UploadFile.objects.get()
    assert (upload.commune, upload.counts["rows"], upload.only_changed) == (lang_cheu, 3, False)
    assert office.get(reverse("upload_of_job", args=[lang_cheu.pk])).url == reverse("upload_file", args=[upload.code])
    shown = office.get(reverse("uploads")).content.decode()
    assert upload.sha256[:8] in shown
    assert "Chưa ghi trả lời" in shown
    assert reverse("job_progress", args=[job.pk]) not in shown


def test_building_twice_by_one_job_gives_one_file(
    office: Client, django_capture_on_commit_callbacks: Committing
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        office.post(reverse("build_upload") + "?so=children")
    Job.objects.update(status=JobStatus.RUNNING, finished_at=None)
    jobs.run(Job.objects.get().pk)
    assert UploadFile.objects.get().commune is None
    assert office.get(reverse("upload_of_job", args=[0])).url == reverse("upload_file", args=["TL-0001"])


def test_nothing_to_build_is_said(office: Client, django_capture_on_commit_callbacks: Committing) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        office.post(reverse("build_upload") + "?so=children", {"only_changed": "on"})
    assert "Không có dòng nào khác với tệp xuất" in office.get(reverse("uploads")).content.decode()
    assert not UploadFile.objects.exists()


def test_the_plan_says_who_builds(client: Client, officer: User, imported: None) -> None:
    client.force_login(officer)
    shown = client.get(reverse("uploads"), {"so": "children"}).content.decode()
    assert "Theo kế hoạch, sổ này do Phòng LĐ-TB&amp;XH cập nhật phần mềm." in shown
    assert client.post(reverse("build_upload") + "?so=children").status_code == 403
    assert client.get(reverse("uploads"), {"so": "beneficiaries"}).status_code == 200


def test_a_commune_builds_only_its_own(
    client: Client,
    officer: User,
    hang_dong: Commune,
    lang_cheu: Commune,
    django_capture_on_commit_callbacks: Committing,
) -> None:
    client.force_login(officer)
    address = reverse("build_upload") + "?so=beneficiaries"
    client.post(address, {"commune": hang_dong.code})
    assert not Job.objects.exists()
    with django_capture_on_commit_callbacks():  # type: ignore[attr-defined]
        client.post(address)
    assert Job.objects.get().target_id == lang_cheu.pk


def test_the_file_and_where_its_cells_came_from_are_downloaded(office: Client, upload: UploadFile) -> None:
    response = office.get(reverse("upload_workbook", args=[upload.code]))
    content = b"".join(response)  # type: ignore[arg-type]
    assert [row[3].value for row in load_workbook(BytesIO(content)).active.iter_rows(min_row=5)]
    with upload.file.open() as kept:
        assert kept.read() == content
    told = office.get(reverse("upload_provenance", args=[upload.code]))
    lines = list(csv.DictReader(StringIO(b"".join(told).decode())))  # type: ignore[arg-type]
    assert {line["came_from"] for line in lines} == {"import"}
    assert list(AuditEvent.objects.filter(target=f"upload:{upload.code}").values_list("event", flat=True).order_by("pk")) == [
        "upload_built", "upload_exported", "provenance_exported",
    ]  # fmt: skip


def test_all_was_taken(office: Client, upload: UploadFile) -> None:
    preview = post(office, "upload_answer", upload, act="all").content.decode()
    assert "Ghi rồi thì không hoàn tác được" in preview
    assert preview.index("Quay lại") < preview.index("Ghi trả lời</button>")
    assert not Record.objects.filter(stage=Stage.UPLOADED).exists()
    post(office, "upload_record", upload, act="all")
    assert Record.objects.filter(stage=Stage.UPLOADED).count() == 3
    shown = page(office, upload)
    assert "Đã ghi trả lời: phần mềm nhận 3 dòng, từ chối 0." in shown
    assert "Phần mềm nhận hết…" not in shown
    post(office, "upload_record", upload, act="all")
    assert "Trả lời cho tệp TL-0001 đã được ghi" in page(office, upload)


def test_refused_rows_go_back_with_their_reason(office: Client, upload: UploadFile) -> None:
    refused = Record.objects.get(system_code=child(2)["system_code"])
    file = refusals([refused.system_code, "Số 014215000002 đã có"], ["14121-999999", "không rõ"])
    answer = post(office, "upload_answer", upload, file=file)
    preview = answer.content.decode()
    assert "014•••••••02 đã có" in preview
    assert "Mã không có trong tệp TL-0001: 14121-999999." in preview
    assert not SourceFile.objects.filter(kind="ministry_result").exists()
    refused.refresh_from_db()
    assert refused.stage == Stage.CLEANED
    post(office, "upload_record", upload, sha256=answer.context["kept"].sha256)
    refused.refresh_from_db()
    assert refused.stage == Stage.TO_REVIEW
    assert Record.objects.filter(stage=Stage.UPLOADED).count() == 2
    assert SourceFile.objects.filter(kind="ministry_result").count() == 1
    shown = page(office, upload, kq="rejected")
    assert "014•••••••02 đã có" in shown
    assert reverse("record", args=[refused.row_code]) in shown
    assert "1 dòng của tệp từ chối không có trong tệp này" in shown
    assert "Nhận 2, từ chối 1" in office.get(reverse("uploads")).content.decode()


def test_a_file_that_is_not_its_refusals_is_not_recorded(office: Client, upload: UploadFile) -> None:
    answer = post(office, "upload_answer", upload, file=refusals(["14121-999999", "không rõ"])).content.decode()
    assert "Không dòng nào của tệp từ chối có trong TL-0001" in answer
    assert "Ghi trả lời</button>" not in answer


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (None, "Chưa chọn tệp."),
        (refusals(["x", "y"], headings=("Họ và tên", "Lý do")), "Không thấy dòng tiêu đề"),
        (SimpleUploadedFile("tu-choi.xlsx", b"nothing"), "tu-choi.xlsx"),
    ],
)
def test_a_bad_file_of_refusals_says_one_sentence(
    office: Client, upload: UploadFile, file: SimpleUploadedFile | None, said: str
) -> None:
    if file is not None:
        file.seek(0)
    answer = post(office, "upload_answer", upload, **({"file": file} if file else {}))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    upload.refresh_from_db()
    assert upload.result_at is None


def test_what_was_not_looked_at_is_not_recorded(office: Client, upload: UploadFile) -> None:
    post(office, "upload_record", upload, sha256="0" * 64)
    assert "Thả lại tệp để xem rồi ghi" in page(office, upload)
    upload.refresh_from_db()
    assert upload.result_at is None


def test_who_may_not_update_may_not_record(client: Client, officer: User, upload: UploadFile) -> None:
    client.force_login(officer)
    assert "Việc này do nơi cập nhật phần mềm theo kế hoạch làm" in page(client, upload)
    assert post(client, "upload_record", upload, act="all").status_code == 403


def test_what_is_not_yours_is_not_found(client: Client, other_officer: User, upload: UploadFile) -> None:
    client.force_login(other_officer)
    for name in ("upload_file", "upload_workbook", "upload_provenance"):
        assert client.get(reverse(name, args=[upload.code])).status_code == 404
    for name in ("upload_answer", "upload_record"):
        assert post(client, name, upload).status_code == 404


@pytest.mark.parametrize("who", ["police", "justice", "leader"])
def test_others_have_no_upload_pages(
    client: Client, who: str, upload: UploadFile, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(who))
    for address in (reverse("uploads"), reverse("upload_file", args=[upload.code])):
        assert client.get(address).status_code == 403


def test_strangers_sign_in_first(client: Client, upload: UploadFile) -> None:
    for address in (reverse("uploads"), reverse("upload_file", args=[upload.code])):
        assert client.get(address).url.startswith(reverse("login"))


def test_queries_do_not_grow(client: Client, campaign: Campaign, system: User, district: User) -> None:
    client.force_login(district)

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address).status_code == 200
        return len(caught)

    client.get(reverse("uploads"))  # the session remembers the register from then on
    counted = []
    for numbers in (range(1, 2), range(100, 130)):
        content = workbook([child(n) for n in numbers])
        imports.apply(
            imports.receive(campaign, "children", by=system, name="te.xlsx", content=content, partial=True), by=system
        )
        upload = build_upload(campaign, "children", by=district)
        counted.append((queries(reverse("uploads")), queries(reverse("upload_file", args=[upload.code]))))
    assert counted[0] == counted[1]
    assert max(counted[0]) < 30
