"""What waits for this user, nearest deadline first: how each fact becomes a thing to do. No database here."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode

from campaigns import clock
from campaigns.models import Register
from campaigns.permissions import Role
from campaigns.templatetags.written import day as written_day
from campaigns.templatetags.written import grouped
from reconciliation import waiting
from reconciliation.home_facts import Facts
from reconciliation.models import BatchKind
from reconciliation.progress_face import step_words
from records.models import Stage

PEOPLE = {Register.CHILDREN: "trẻ em", Register.BENEFICIARIES: "đối tượng bảo trợ"}
TO = {BatchKind.POLICE: "Công an", BatchKind.CIVIL_REGISTRY: "Hộ tịch"}


@dataclass(frozen=True)
class Todo:
    """`due`: None for what has no day of its own. `count`: of the thing that the title names."""

    due: datetime.date | None
    count: int
    title: str
    detail: str
    url: str
    act: str


def todo(facts: Facts) -> list[Todo]:
    """Nearest deadline first; what has none comes last."""
    items = [item for part in _PARTS for item in part(facts)]
    return sorted((item for item in items if item.count), key=lambda item: item.due or datetime.date.max)


def _failed_jobs(facts: Facts) -> Iterator[Todo]:
    for job in facts.own_jobs:
        if job.failed:
            url = reverse("job", args=[job.pk])
            yield Todo(facts.today, 1, f"{job.title}: không thành", "Xem lý do rồi làm lại", url, "Xem")


def _review(facts: Facts) -> Iterator[Todo]:
    for fact in facts.review:
        said = []
        if fact.count > fact.in_scope:
            said.append(f"{grouped(fact.in_scope)} trong bốn nhóm của kế hoạch")
        if fact.suggested:
            said.append(f"{grouped(fact.suggested)} có gợi ý, dùng được một lượt")
        if fact.to_close:
            said.append(f"{grouped(fact.to_close)} đã hết việc, chờ đóng rà soát")
        due = facts.windows[fact.register][clock.REVIEW][1]
        title = f"{_capital(PEOPLE[Register(fact.register)])} cần rà soát"
        yield Todo(due, fact.count, title, " · ".join(said), _of("review", so=fact.register), "Rà soát")


def _new_findings(facts: Facts) -> Iterator[Todo]:
    said = [f"{grouped(n)} {PEOPLE[Register(register)]}" for register, n in facts.new_findings.items()]
    count = sum(facts.new_findings.values())
    title = "Điều cần xem mới từ hôm qua"
    yield Todo(None, count, title, " · ".join(said), reverse("rules") + "?moi=1", "Xem theo quy tắc")


def _to_send(facts: Facts) -> Iterator[Todo]:
    if not (facts.sends and facts.in_commune):
        return
    titles = {
        Stage.READY_FOR_POLICE: "Đủ thông tin, chưa gửi công an",
        Stage.WITH_CIVIL_REGISTRY: "Chờ gửi hộ tịch",
    }
    for fact in facts.in_stage:
        if fact.stage in titles:
            due = facts.windows[fact.register][clock.POLICE][1]
            detail = _capital(PEOPLE[Register(fact.register)])
            yield Todo(
                due, fact.count, titles[Stage(fact.stage)], detail, _of("batches", so=fact.register), "Lập danh sách"
            )


def _to_settle(facts: Facts) -> Iterator[Todo]:
    """In a commune one by one; for the district, which may help, one line a register."""
    if facts.in_commune:
        for fact in facts.settle:
            due = facts.windows[fact.register][clock.POLICE][1]
            codes = ", ".join(f"{n} mã {code}" if code else f"{n} chưa rõ mã" for code, n in fact.codes.items())
            url = reverse("settle", args=[fact.batch])
            yield Todo(due, fact.lines, "Dòng trả về, chờ quyết định", f"Lô {fact.batch} · {codes}", url, "Quyết định")
        return
    for register in Register.values:
        batches = [fact for fact in facts.settle if fact.register == register]
        communes = len({fact.commune for fact in batches})
        detail = f"{_capital(PEOPLE[Register(register)])} · {len(batches)} lô của {communes} xã"
        due, lines = facts.windows[register][clock.POLICE][1], sum(fact.lines for fact in batches)
        yield Todo(due, lines, "Dòng trả về, chờ quyết định", detail, _of("batches", so=register), "Xem")


def late_batches(facts: Facts) -> list[waiting.OpenBatch]:
    """Lists whose day has come or gone, with lines unanswered."""
    return [batch for batch in facts.batches if batch.due <= facts.today and batch.left]


def _unanswered(facts: Facts) -> Iterator[Todo]:
    """For whom the answers are due to; the partner's own lists are a table of their own."""
    if not facts.sends:
        return
    late = late_batches(facts)
    if facts.in_commune:
        for batch in late:
            title = f"Dòng {TO[BatchKind(batch.kind)].lower()} chưa trả lời"
            detail = f"Lô {batch.code} · đã trả lời {grouped(batch.answered)} trong {grouped(batch.rows)}"
            yield Todo(batch.due, batch.left, title, detail, f"#reminder-{batch.kind}", "Lời nhắc")
        return
    for register in Register.values:
        batches = [batch for batch in late if batch.register == register]
        communes = len({batch.commune_code for batch in batches})
        detail = f"{_capital(PEOPLE[Register(register)])} · {communes} xã, còn {grouped(_left(batches))} dòng"
        due = min((batch.due for batch in batches), default=facts.today)
        yield Todo(due, len(batches), "Lô tới hạn, chưa nhận đủ", detail, _of("batches", so=register), "Nhận lại")


def _left(batches: Iterable[waiting.OpenBatch]) -> int:
    return sum(batch.left for batch in batches)


def _exclusions(facts: Facts) -> Iterator[Todo]:
    yield Todo(
        facts.today, facts.exclusions.to_decide, "Đề nghị đưa ra khỏi sổ, chờ người thứ hai",
        "Người đề nghị không tự xác nhận được", reverse("exclusions"), "Xem",
    )  # fmt: skip


def _files(facts: Facts) -> Iterator[Todo]:
    if not facts.files:
        return
    newest, counts = facts.files[0], facts.files[0].counts
    said = [f"{newest.code} {newest.name}"]
    if counts.get("rows"):
        said.append(
            f"{grouped(counts['rows'])} dòng: {grouped(counts.get('created', 0))} mới, "
            f"{grouped(counts.get('changed', 0))} thay đổi"
        )
    url = reverse("import_file", args=[newest.code]) if len(facts.files) == 1 else reverse("imports")
    yield Todo(facts.today, len(facts.files), "Tệp nhận vào, chờ áp dụng", " · ".join(said), url, "Xem khác biệt")


def _to_bring_in(facts: Facts) -> Iterator[Todo]:
    on_the_way = {file.register for file in facts.files}
    for register, due in facts.to_bring_in.items():
        if register in on_the_way:
            continue
        title = f"Sổ {PEOPLE[Register(register)]} chưa nhập tệp nào"
        detail = "Xuất danh sách từ phần mềm của Bộ, rồi đưa tệp lên"
        yield Todo(due, 1, title, detail, _of("imports", so=register), "Nhập tệp")


def _late_communes(facts: Facts) -> Iterator[Todo]:
    for late in facts.late:
        title = f"Xã sẽ muộn {step_words(late.register, late.step)}"
        detail = f"Muộn nhất {late.latest}: {late.verdict.lower()}"
        yield Todo(facts.today, late.communes, title, detail, _of("progress", so=late.register), "Xem và nhắc")


def _uploads(facts: Facts) -> Iterator[Todo]:
    for fact in facts.in_stage:
        if fact.stage == Stage.CLEANED and fact.register in facts.uploads_for:
            due = facts.windows[fact.register][clock.UPDATE][1]
            title = f"{_capital(PEOPLE[Register(fact.register)])} đã sạch, chưa cập nhật phần mềm"
            detail = "" if facts.in_commune else f"{fact.communes} xã, thị trấn"
            yield Todo(due, fact.count, title, detail, _of("uploads", so=fact.register), "Lập tệp tải lên")
    for file in facts.uploads_out:
        due = facts.windows[file.register][clock.UPDATE][1]
        detail = f"Tệp {file.code} · lập {written_day(file.at)}"
        url = reverse("upload_file", args=[file.code])
        yield Todo(due, file.rows, "Dòng đã tải lên, chưa ghi trả lời của phần mềm", detail, url, "Ghi trả lời")


def _reports_due(facts: Facts) -> Iterator[Todo]:
    for report in facts.reports:
        detail = f"Số liệu đến hết {written_day(report.as_of)}"
        query = urlencode({"loai": report.kind, "den": f"{report.as_of:%d/%m/%Y}"})
        yield Todo(report.due, 1, report.title, detail, f"{reverse('reports')}?{query}", "Lập báo cáo")


def _machine(facts: Facts) -> Iterator[Todo]:
    if facts.all_jobs is None:
        return
    waits = facts.all_jobs
    yield Todo(facts.today, waits.failed, "Việc nền không thành từ hôm qua", "", reverse("jobs"), "Xem lý do")
    detail = f"{waits.running} đang chạy"
    yield Todo(None, waits.waiting, "Việc nền chờ tới lượt", detail, reverse("jobs"), "Xem")


def _accounts(facts: Facts) -> Iterator[Todo]:
    if facts.accounts is None:
        return
    url, today = reverse("admin:campaigns_user_changelist"), facts.today
    for role, communes in facts.accounts.without.items():
        detail = ", ".join(communes[:8]) + (f" và {len(communes) - 8} xã khác" if len(communes) > 8 else "")
        yield Todo(today, len(communes), f"Xã chưa có tài khoản: {Role(role).label}", detail, url, "Mở tài khoản")
    yield Todo(
        today, facts.accounts.locked, "Tài khoản đang bị khóa vì sai mật khẩu",
        "Tự mở sau 15 phút; người quên mật khẩu thì đặt lại", url, "Xem",
    )  # fmt: skip
    yield Todo(
        None, facts.accounts.never_in, "Tài khoản chưa đăng nhập lần nào", "Hỏi xem người ấy đã nhận tài khoản chưa",
        f"{url}?{urlencode({'last_login__isnull': 'True'})}", "Xem",
    )  # fmt: skip


_PARTS = (
    _failed_jobs, _to_bring_in, _late_communes, _files, _exclusions, _unanswered, _to_settle, _review, _to_send,
    _new_findings,
    _uploads, _reports_due, _machine, _accounts,
)  # fmt: skip


@dataclass(frozen=True)
class Elsewhere:
    """What others have in hand: a day, who, what."""

    due: datetime.date | None
    who: str
    text: str
    url: str = ""


def elsewhere(facts: Facts) -> list[Elsewhere]:
    """Work that is with others, nearest due first: lists that are not late, exclusions, running jobs."""
    waits: list[Elsewhere] = []
    if facts.sends:
        out: dict[tuple[datetime.date, str], dict[str, int]] = {}
        for batch in facts.batches:
            if batch.due > facts.today and batch.left:
                counts = out.setdefault((batch.due, batch.kind), {})
                counts[batch.register] = counts.get(batch.register, 0) + batch.left
        waits += [
            Elsewhere(
                due, TO[BatchKind(kind)], ", ".join(f"{grouped(n)} {PEOPLE[Register(r)]}" for r, n in counts.items())
            )
            for (due, kind), counts in out.items()
        ]
    waits.sort(key=lambda waits: waits.due or datetime.date.max)
    if facts.exclusions.asked:
        text = f"{facts.exclusions.asked} đề nghị đưa ra khỏi sổ do bạn lập"
        waits.append(Elsewhere(None, "Người thứ hai", text, reverse("exclusions")))
    waits += [
        Elsewhere(None, "Máy chủ", f"{job.title}: đang làm", reverse("job", args=[job.pk]))
        for job in facts.own_jobs
        if not job.failed
    ]
    return waits


def _of(page: str, **query: str) -> str:
    return f"{reverse(page)}?{urlencode(query)}"


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
