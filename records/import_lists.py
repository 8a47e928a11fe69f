"""Who is new with a file, and who is in the register and not in it, as a list: before it is applied and after."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from django.db import connection, transaction
from django.utils import timezone

from campaigns import audit
from campaigns.errors import WorkRefused
from campaigns.jobs import no_report
from campaigns.models import User
from campaigns.permissions import Permission, check
from records import import_run
from records.list_workbook import ListRow, list_workbook
from records.lists import columns_of
from records.models import Change, FileStatus, Foreseen, ListKind, PeopleList, Record, SourceFile

NEW, GONE = "new", "gone"
TITLES = {NEW: "Người mới trong tệp", GONE: "Người có trong sổ, không có trong tệp"}


def list_of(source_file: SourceFile, which: str, *, by: User) -> bytes:
    """A workbook without sensitive columns. Raises WorkRefused `nothing_to_send`."""
    check(by, Permission.IMPORT)
    check(by, Permission.EXPORT)
    is_open = source_file.status == FileStatus.READ
    if is_open and which == NEW:
        rows = list(_new_rows(source_file))
    else:
        rows = [_row(record, source_file) for record in _people(source_file, which, by)]
    if not rows:
        raise WorkRefused("nothing_to_send", f"Tệp {source_file.code} không có ai như vậy.")
    heading = PeopleList(
        campaign=source_file.campaign, register=source_file.register, kind=TITLES[which], commune=source_file.commune,
        code=source_file.code, by=by, at=timezone.now(), row_codes=[row.row_code for row in rows],
    )  # fmt: skip
    content = list_workbook(heading, columns_of(ListKind.CLEANED, source_file.register), rows)
    audit.record(
        "list_exported", by=by, campaign=source_file.campaign, target=f"file:{source_file.code}", kind=which,
        register=source_file.register, rows=len(rows), sha256=hashlib.sha256(content).hexdigest(),
        commune_code=source_file.commune.code if source_file.commune else "",
    )  # fmt: skip
    return content


def _people(source_file: SourceFile, which: str, by: User) -> Iterator[Record]:
    people = Record.objects.for_user(by).register(source_file.campaign, source_file.register)
    if which == NEW:
        people = people.filter(created_in__source_file=source_file)
    elif source_file.status == FileStatus.READ:
        seen = Foreseen.objects.filter(source_file=source_file).first()
        people = people.filter(pk__in=seen.gone if seen else [])
    else:
        marked = Change.objects.filter(change_set__source_file=source_file, field="is_gone", new="1")
        people = people.filter(pk__in=marked.filter(change_set__undoes=None).values("record_id"))
    return people.order_by("commune__code", "village", "sort_key", "pk").iterator(2000)


def _row(record: Record, source_file: SourceFile) -> ListRow:
    return ListRow(record.row_code, record.village, (), record.values, [source_file.code])


def _new_rows(source_file: SourceFile) -> Iterator[ListRow]:
    """As they would come in: the file is read once more, and nothing is kept of it."""
    seen = Foreseen.objects.filter(source_file=source_file).first()
    if seen is None or seen.created is None:
        raise WorkRefused(
            "nothing_to_send", f"Mọi dòng của tệp {source_file.code} đều là người mới: chính tệp ấy là danh sách."
        )
    with transaction.atomic(), connection.cursor() as cursor:
        reference = import_run.reference_of(source_file)
        import_run.stage(cursor, source_file, reference, no_report)
        cursor.execute(
            "SELECT row_number, values::text, village FROM import_stage WHERE row_number = ANY(%s) ORDER BY row_number",
            [seen.created],
        )
        found: list[tuple[int, str, str]] = cursor.fetchall()
        transaction.set_rollback(True)
    for number, values, village in found:
        yield ListRow("", village, (), json.loads(values), [f"dòng {number}"])
