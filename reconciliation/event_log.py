"""The audit trail as sentences for the first page: one presenter an event. An event that nobody wrote a sentence for,
nor said to keep silent about, is a fault that the tests find. No name and no number of a person is in the trail, so
none can get in here; who did something is said by role."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils import timezone

from campaigns.models import AuditEvent, Campaign, User
from campaigns.permissions import BATCH_KINDS, Permission, Role, has
from campaigns.templatetags.written import day as written_day
from campaigns.templatetags.written import grouped, within_sentence
from reconciliation.models import Batch

P = Permission
MOST_LINES = 20
MOST_READ = 500  # events that are looked through for those lines


@dataclass(frozen=True)
class Line:
    at: datetime.datetime
    when: str
    who: str
    text: str
    url: str = ""
    label: str = ""


@dataclass(frozen=True)
class Presenter:
    """`say`: details of the event and how many times → what was done, to stand after who did it. `needs`: who may read
    it. `counted`: many since yesterday are one line; `summed`: so too, and these counts of the details are added up;
    when they come to nothing there is no line. `page`: address name for the code in the event's target;
    `names_target`: the code is said, and leads nowhere."""

    say: Callable[[dict[str, Any], int], str]
    needs: Permission
    counted: bool = False
    summed: tuple[str, ...] = ()
    page: str = ""
    names_target: bool = False


def _count(details: dict[str, Any], key: str) -> str:
    return grouped(int(details.get(key, 0)))


def _batch_sent(d: dict[str, Any], n: int) -> str:
    to = "hộ tịch" if d.get("kind") == "civil_registry" else "công an"
    return f"gửi {to} {_count(d, 'rows')} dòng, hẹn trả {written_day(d.get('due'))}, lô"


def _taken(d: dict[str, Any], n: int) -> str:
    answered = sum(int(d.get(key, 0)) for key in ("accepted", "to_settle", "to_civil_registry"))
    return f"nhận {grouped(answered)} dòng trả lời, {_count(d, 'to_settle')} dòng chờ quyết định, lô"


def _submitted(d: dict[str, Any], n: int) -> str:
    return f"trả lời {_count(d, 'rows')} dòng, {_count(d, 'to_settle')} dòng chờ quyết định, lô"


def _applied(d: dict[str, Any], n: int) -> str:
    return f"áp dụng tệp nhập: {_count(d, 'created')} mới, {_count(d, 'changed')} thay đổi, tệp"


def _conflicts(d: dict[str, Any], n: int) -> str:
    return f"chọn ở chỗ cả hai bên cùng đổi: {_count(d, 'theirs')} ô theo tệp, {_count(d, 'ours')} ô của sổ, tệp"


def _closed(d: dict[str, Any], n: int) -> str:
    return f"đóng rà soát: {_count(d, 'ready_for_police')} chờ gửi công an, {_count(d, 'cleaned')} đã sạch"


def _newborns(d: dict[str, Any], n: int) -> str:
    return f"nhập danh sách khai sinh {_count(d, 'rows')} dòng: {_count(d, 'created')} trẻ thêm mới"


def _read_back(d: dict[str, Any], n: int) -> str:
    return f"nhận danh sách sửa: {_count(d, 'corrected')} hồ sơ sửa, {_count(d, 'added')} thêm mới"


def _result(d: dict[str, Any], n: int) -> str:
    return f"ghi trả lời của phần mềm: {_count(d, 'uploaded')} đã nhận, {_count(d, 'rejected')} từ chối, tệp"


def _decided(d: dict[str, Any], n: int) -> str:
    people = grouped(len(d.get("records", [])))
    return f"{'đồng ý' if d.get('agreed') else 'không đồng ý'} đưa {people} người ra khỏi sổ"


def _report(d: dict[str, Any], n: int) -> str:
    return f"lập báo cáo, số liệu đến hết {written_day(d.get('as_of'))}, mã"


def _plain(text: str) -> Callable[[dict[str, Any], int], str]:
    return lambda details, n: text


def _with(text: str, key: str) -> Callable[[dict[str, Any], int], str]:
    """`text` with {} for a count of the details."""
    return lambda details, n: text.format(_count(details, key))


def _people(text: str) -> Callable[[dict[str, Any], int], str]:
    """`text` with {} for the number of records that the event names."""
    return lambda details, n: text.format(grouped(len(details.get("records", []))))


def _times(text: str) -> Callable[[dict[str, Any], int], str]:
    return lambda details, n: text.format(grouped(n))


def _rule_decided(d: dict[str, Any], n: int) -> str:
    return f"quyết định về một quy tắc ({d.get('reason', '')}), quy tắc"


PRESENTERS: dict[str, Presenter] = {
    "import_applied": Presenter(_applied, P.IMPORT, page="import_file"),
    "import_conflicts_decided": Presenter(_conflicts, P.IMPORT, page="import_file"),
    "import_undone": Presenter(
        _with("hoàn tác tệp nhập, trả lại {} hồ sơ, tệp", "restored"), P.IMPORT, page="import_file"
    ),
    "file_discarded": Presenter(_plain("bỏ tệp nhập, không áp dụng, tệp"), P.IMPORT, page="import_file"),
    "file_received": Presenter(_plain("đưa vào tệp"), P.IMPORT, page="import_file"),
    "newborns_imported": Presenter(_newborns, P.NEWBORNS),
    "list_read_back": Presenter(_read_back, P.REVIEW),
    "list_row_placed": Presenter(_times("xếp {} dòng của danh sách sửa vào hồ sơ"), P.REVIEW, counted=True),
    "list_row_added": Presenter(_times("thêm {} người từ danh sách sửa"), P.REVIEW, counted=True),
    "list_row_left": Presenter(_times("bỏ {} dòng của danh sách sửa"), P.REVIEW, counted=True),
    "values_set": Presenter(_with("sửa hàng loạt {} ô", "corrected"), P.REVIEW, summed=("corrected",)),
    "villages_handed_out": Presenter(_times("giao bản cho cộng tác viên {} lần"), P.HAND_OUT, counted=True),
    "suggestions_accepted": Presenter(_with("dùng gợi ý cho {} chỗ", "corrected"), P.REVIEW, summed=("corrected",)),
    "rule_decided": Presenter(_rule_decided, P.SET_RULES, page="rule"),
    "findings_refreshed": Presenter(
        _with("đối chiếu lại quy tắc: {} điều cần xem mới", "opened"), P.SET_RULES, summed=("opened", "closed")
    ),
    "review_closed": Presenter(_closed, P.REVIEW, summed=("ready_for_police", "cleaned")),
    "record_corrected": Presenter(_times("sửa {} lần trong hồ sơ"), P.REVIEW, counted=True),
    "change_undone": Presenter(_times("hoàn tác {} lần sửa"), P.REVIEW, counted=True),
    "findings_confirmed": Presenter(_times("xác nhận là đúng {} lần"), P.REVIEW, counted=True),
    "person_added": Presenter(_times("thêm mới {} người"), P.REVIEW, counted=True),
    "police_asked": Presenter(_times("đề nghị công an xem thêm {} hồ sơ"), P.REVIEW, counted=True),
    "exclusion_asked": Presenter(_people("đề nghị đưa {} người ra khỏi sổ"), P.EXCLUDE),
    "exclusion_decided": Presenter(_decided, P.EXCLUDE),
    "record_readmitted": Presenter(_times("đưa {} người trở lại sổ"), P.EXCLUDE, counted=True),
    "batch_sent": Presenter(_batch_sent, P.SEE_BATCHES, page="batch"),
    "hand_back_taken": Presenter(_taken, P.SEE_BATCHES, page="batch"),
    "hand_back_undone": Presenter(_with("hoàn tác {} dòng trả lời, lô", "lines"), P.SEE_BATCHES, page="batch"),
    "answers_submitted": Presenter(_submitted, P.SEE_BATCHES, page="batch"),
    "differences_settled": Presenter(_with("quyết định {} chỗ khác, lô", "settled"), P.SETTLE, page="batch"),
    "difference_decided": Presenter(_times("quyết định {} chỗ khác"), P.SETTLE, counted=True),
    "decision_undone": Presenter(_times("lấy lại {} quyết định"), P.SETTLE, counted=True),
    "row_placed": Presenter(_times("đặt lại {} dòng trả về đúng hồ sơ"), P.SETTLE, counted=True),
    "upload_built": Presenter(_with("lập tệp tải lên {} dòng, tệp", "rows"), P.UPLOAD, page="upload_file"),
    "ministry_result_recorded": Presenter(_result, P.UPLOAD, page="upload_file"),
    "report_made": Presenter(_report, P.REPORT, names_target=True),
    "job_cancelled": Presenter(_times("dừng {} việc nền"), P.SEE_JOBS, counted=True),
    "plan_loaded": Presenter(_plain("nạp kế hoạch"), P.MANAGE),
    "plan_changed": Presenter(_plain("sửa kế hoạch"), P.MANAGE),
    "reference_loaded": Presenter(_plain("nạp danh mục"), P.MANAGE),
    "account_created": Presenter(_times("mở {} tài khoản"), P.MANAGE, counted=True),
    "account_unlocked": Presenter(_times("mở khóa đăng nhập {} lần"), P.MANAGE, counted=True),
    "account_changed": Presenter(_times("sửa tài khoản {} lần"), P.MANAGE, counted=True),
    "bulk_imported": Presenter(_plain("nhập hàng loạt trong Quản trị"), P.MANAGE),
    "bulk_discarded": Presenter(_plain("bỏ tệp nhập hàng loạt"), P.MANAGE),
    "bulk_exported": Presenter(_plain("xuất hàng loạt trong Quản trị"), P.MANAGE),
    "demo_made": Presenter(_plain("tạo huyện mẫu"), P.MANAGE),
}  # fmt: skip
# Looks, exports and single keystrokes are in the audit trail; on the first page they would only drown the rest.
QUIET = frozenset({"searched", "printed", "reason_given", "answer_drafted", "import_compared"})
QUIET_ENDINGS = ("_viewed", "_revealed", "_exported", "_printed")


def presenter(event: str) -> Presenter:
    """Raises LookupError for an event that nobody thought of; the quiet ones have none on purpose."""
    if event not in PRESENTERS:
        raise LookupError(f"No sentence for the audit event “{event}”: add one to PRESENTERS, or its name to QUIET.")
    return PRESENTERS[event]


def since_yesterday(campaign: Campaign, user: User, today: datetime.date) -> list[Line]:
    """What others and the user did since yesterday morning where the user may see it, newest first. At most four
    queries."""
    events = _visible(campaign, user, today)
    if events is None:
        return []
    counted = [name for name, p in PRESENTERS.items() if p.counted]
    told = _summed(events.exclude(event__in=counted)[:MOST_READ])
    many = events.filter(event__in=counted).order_by().values("event", "username")
    for row in many.annotate(times=Count("pk"), last=Max("at")).order_by("-last")[:MOST_LINES]:
        told.append(_Told(row["event"], row["last"], row["username"], times=row["times"]))
    told = sorted(told, key=lambda event: event.at, reverse=True)[:MOST_LINES]
    who = _who(user, {event.username for event in told})
    return [_line(event, who[event.username]) for event in told]


@dataclass
class _Told:
    """One event, or several of a kind by one person."""

    event: str
    at: datetime.datetime
    username: str
    target: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    times: int = 1


def _summed(events: Iterable[AuditEvent]) -> list[_Told]:
    """Newest first; events whose counts are added up stand where their newest one does."""
    told: list[_Told] = []
    sums: dict[tuple[str, str], _Told] = {}
    for event in events:
        keys = presenter(event.event).summed
        one = _Told(event.event, event.at, event.username, event.target, event.details)
        if not keys:
            told.append(one)
            continue
        whole = sums.setdefault((event.event, event.username), _Told(event.event, event.at, event.username))
        for key in keys:
            whole.details[key] = int(whole.details.get(key, 0)) + int(event.details.get(key, 0))
    return told + [whole for whole in sums.values() if any(whole.details.values())]


def _visible(campaign: Campaign, user: User, today: datetime.date) -> Any:
    """Events of the own place (and of the own lists, for a partner); None when the role reads none."""
    names = [name for name, p in PRESENTERS.items() if has(user, p.needs)]
    if user.role == Role.ADMIN:
        names = [name for name, p in PRESENTERS.items() if p.needs == P.MANAGE]
    if not names:
        return None
    since = timezone.make_aware(datetime.datetime.combine(today - datetime.timedelta(days=1), datetime.time()))
    events = AuditEvent.objects.filter(campaign_code__in=[campaign.code, ""], at__gte=since, event__in=names)
    if user.commune is not None:
        events = events.filter(Q(commune_code=user.commune.code) | Q(username=user.username))
    if user.role in BATCH_KINDS:
        codes = Batch.objects.for_user(user).filter(campaign=campaign).values_list("code", flat=True)
        events = events.filter(Q(target__in=[f"batch:{code}" for code in codes]) | Q(username=user.username))
    return events


def _who(user: User, names: set[str]) -> dict[str, str]:
    """Username → how the page calls that person."""
    known = {u.username: called(u) for u in User.objects.select_related("commune").filter(username__in=names)}
    return {name: "Bạn" if name == user.username else known.get(name, "Tài khoản cũ") for name in names}


def called(user: User) -> str:
    """By role and place: “Công an xã Làng Chếu”, “Công an thị trấn Bắc Yên”."""
    role = user.get_role_display()
    if user.commune is None:
        return role
    return f"{role.removesuffix(' xã')} {within_sentence(user.commune.name)}"


def _line(event: _Told, who: str) -> Line:
    how = presenter(event.event)
    code = event.target.rpartition(":")[2] if how.page or how.names_target else ""
    url = reverse(how.page, args=[code]) if how.page and code else ""
    return Line(event.at, _when(event.at), who, how.say(event.details, event.times), url, code)


def _when(at: datetime.datetime) -> str:
    local = timezone.localtime(at)
    if local.date() == timezone.localdate():
        return f"{local:%H:%M}"
    return f"{written_day(local)[:2]} {local:%H:%M}"
