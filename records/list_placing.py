"""Rows of a returned list that nobody could place: who they may be about, and the person's own word on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from campaigns import audit
from campaigns.errors import WorkRefused
from campaigns.models import User
from campaigns.permissions import NotAllowed, Permission, check
from records import lists_back, row_codes
from records.list_rows import SAME_NAME, ListRow
from records.lists_back import ReadBack
from records.models import PeopleList, Record, SourceFile
from records.reading.values import cell_reader
from records.reading.vietnamese import fold, fold_words
from records.reference import reference_for

MOST_ROWS = 50  # that are looked at a time
_MOST_CANDIDATES = 4
_ENOUGH = 2.0  # of the points below: more than one weak likeness


@dataclass(frozen=True)
class Candidate:
    record: Record
    points: float
    like: list[str]  # in what the row is like this person


def waiting_rows(file: SourceFile) -> list[dict[str, Any]]:
    """The rows that still wait for a person."""
    return [entry for entry in file.counts.get("waiting", []) if not entry["done"]]


def candidates(file: SourceFile, entries: list[dict[str, Any]], *, by: User) -> dict[int, list[Candidate]]:
    """Row number → the people whom it may be about, the likeliest first: those of the list, and others of this user's
    place with the same name or birth date. Two queries."""
    people_list = _list_of(file)
    reader = cell_reader(reference_for(people_list.campaign, file.register))
    rows = [_row(entry, reader.read(entry["cells"])) for entry in entries]
    names, births = {row.match_name for row in rows} - {""}, {row.born for row in rows} - {""}
    mine = Record.objects.for_user(by).register(people_list.campaign, file.register).present()
    near = mine.filter(
        Q(row_code__in=people_list.row_codes) | Q(match_name__in=names) | Q(values__birth_date__in=births)
    )
    people = list(near.select_related("commune").order_by("pk"))
    found: dict[int, list[Candidate]] = {}
    for row in rows:
        scored = sorted((_likeness(row, record) for record in people), key=lambda one: -one.points)
        found[row.number] = [one for one in scored if one.points >= _ENOUGH][:_MOST_CANDIDATES]
    return found


def _row(entry: dict[str, Any], said: dict[str, str]) -> ListRow:
    return ListRow(entry["row"], entry["row_code"], entry["cells"], said, retyped=True)


def _likeness(row: ListRow, record: Record) -> Candidate:
    points, like = 0.0, []
    wrong = OSA.distance("".join(row.row_code.split()).upper(), record.row_code) if row.row_code else row_codes.LENGTH
    if wrong <= 2:
        points += 3 - wrong
        like.append("mã dòng khác 1 ký tự" if wrong == 1 else "mã dòng" if wrong == 0 else "mã dòng khác 2 ký tự")
    name = fuzz.ratio(row.match_name, record.match_name) if row.match_name else 0
    if name >= SAME_NAME:
        points += 2 * name / 100
        like.append("họ tên" if name == 100 else "họ tên gần giống")
    if row.born and row.born == record.value("birth_date"):
        points += 2
        like.append("ngày sinh")
    for key, name_of in (("father_name", "tên cha"), ("mother_name", "tên mẹ")):
        if (said := fold_words(row.said.get(key, ""))) and said == fold_words(record.value(key)):
            points += 0.5
            like.append(name_of)
    if (village := fold(row.said.get("village", ""))) and village == fold(record.village):
        points += 0.5
        like.append("bản")
    return Candidate(record, points, like)


@transaction.atomic
def place_row(file: SourceFile, row: int, row_code: str, *, by: User) -> Record:
    """Takes the waiting row as what was written of this person: compared three ways, as any other row. Raises
    WorkRefused `usage` where the row waits no more or nobody of this user's place has the code."""
    file, people_list, entry = _waiting(file, row, by)
    mine = Record.objects.for_user(by).register(people_list.campaign, people_list.register)
    record = mine.filter(row_code=row_codes.check(row_code) or "").first()
    if record is None:
        raise WorkRefused("usage", f"Không có hồ sơ nào mã “{row_code}” ở nơi này. Chọn người khác, hoặc xem lại mã.")
    back = ReadBack()
    change_set = lists_back.open_change_set(people_list, file, by)
    lists_back.correct(change_set, people_list, [(record, _row(entry, {}))], back, clearing=False)
    _close(file, entry, record.row_code, back, event="list_row_placed", by=by)
    return record


@transaction.atomic
def add_row(file: SourceFile, row: int, *, by: User) -> Record:
    """Takes the waiting row as a new person. Raises WorkRefused `usage` as above, and for a row without a name or of
    another place."""
    check(by, Permission.ADD_PERSON)
    file, people_list, entry = _waiting(file, row, by)
    cells = {key: text for key, text in entry["cells"].items() if key != "system_code"}
    if not cells.get("full_name", "").strip():
        raise WorkRefused("usage", f"Dòng {row} không có họ tên. Ghi người này ở trang Thêm mới.")
    record = lists_back.add(lists_back.open_change_set(people_list, file, by), people_list, cells, by)
    if record is None:
        raise WorkRefused("usage", f"Dòng {row} là người của xã, bản khác. Gửi cho cán bộ nơi ấy.")
    _close(file, entry, record.row_code, ReadBack(added=1), event="list_row_added", by=by)
    return record


@transaction.atomic
def leave_row(file: SourceFile, row: int, *, by: User) -> None:
    """Nothing of the waiting row is wanted. It stays counted as it was."""
    file, _, entry = _waiting(file, row, by)
    _close(file, entry, "left", None, event="list_row_left", by=by)


def _list_of(file: SourceFile) -> PeopleList:
    lists = PeopleList.objects.select_related("campaign", "commune")
    return lists.get(campaign=file.campaign_id, code=file.counts["list"])


def _waiting(file: SourceFile, row: int, by: User) -> tuple[SourceFile, PeopleList, dict[str, Any]]:
    check(by, Permission.REVIEW)
    file = SourceFile.objects.select_for_update(of=("self",)).get(pk=file.pk)
    if not SourceFile.objects.lists_for(by).filter(pk=file.pk).exists():
        raise NotAllowed("Tệp này không phải của xã này.")
    entry = next((e for e in file.counts.get("waiting", []) if e["row"] == row and not e["done"]), None)
    if entry is None:
        raise WorkRefused("usage", f"Dòng {row} của tệp không chờ nữa: đã có người xếp. Tải lại trang để xem.")
    return file, _list_of(file), entry


def _close(file: SourceFile, entry: dict[str, Any], done: str, back: ReadBack | None, *, event: str, by: User) -> None:
    """The row leaves the count it waited in for the one it came to, so that the sum still closes."""
    entry["done"] = done
    counts = file.counts
    if back is not None:
        counts[entry["outcome"]] -= 1
        for key, more in back.counts().items():
            counts[key] = counts.get(key, 0) + more
        if done in counts["absent"]:
            counts["absent"].remove(done)
            counts["missing"] -= 1
        counts["conflicts"] = counts.get("conflicts", []) + [vars(conflict) for conflict in back.conflicts]
    file.save(update_fields=["counts"])
    audit.record(
        event, by=by, campaign=file.campaign, target=f"file:{file.code}", row=entry["row"], record=done,
        commune_code=file.commune.code if file.commune else "",
    )  # fmt: skip
