"""The rows of a list that came home, and whose they are: by the row code, by one that was typed off a photograph, by
the ministry's code. What contradicts itself is for a person: a code that cannot be read, one code on two rows, the name
and birth date of somebody else (rows that were sorted half-way)."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import fuzz

from campaigns.errors import WorkRefused
from campaigns.models import Campaign, User
from campaigns.permissions import place_filter
from records import own_files, row_codes, source_files
from records.list_workbook import LIST_CODE_LABEL
from records.models import PeopleList, Record, SourceFile
from records.reading.errors import ReadingError
from records.reading.process import read_table
from records.reading.values import cell_reader
from records.reading.vietnamese import fold_words, tidy
from records.reference import fields_of, reference_for
from records.retyped_codes import readings

_LIST_CODE = re.compile(r"DS-\d{4,}")
SAME_NAME = 60  # likeness of two spellings of one name, of 100
ALIKE_NAME = 80


@dataclass
class ListRow:
    """`cells` as they were written, `said` as they read. `record_code`: whose row it is, '' while nobody knows; `why`
    then says what is the matter. `retyped`: the code was put together again, so the row was typed by hand."""

    number: int
    row_code: str
    cells: dict[str, str]
    said: dict[str, str] = field(default_factory=dict)
    record_code: str = ""
    retyped: bool = False
    why: str = ""
    outcome: str = ""

    def hold(self, why: str, outcome: str) -> None:
        """For a person to place; `outcome` is how it is counted until then."""
        self.record_code, self.why, self.outcome = "", why, outcome

    @property
    def match_name(self) -> str:
        return fold_words(self.said.get("full_name", ""))

    @property
    def born(self) -> str:
        return self.said.get("birth_date", "")


@dataclass
class ReturnedList:
    """`with_head`: the lines above the table still say which list it is, so nobody typed it anew."""

    people_list: PeopleList
    rows: list[ListRow]
    with_head: bool
    people: dict[str, Record] = field(default_factory=dict)


def read(campaign: Campaign, kept: SourceFile, by: User) -> ReturnedList:
    """Raises WorkRefused: the reading's codes, `no_row_codes` without the column, `unknown_batch` where no list of ours
    can be found that holds these people."""
    try:
        with source_files.local_path(kept) as path:
            summary, read_rows = read_table(path, kept.name, _wanted())
    except ReadingError as error:
        raise WorkRefused(error.code, error.message) from error
    if "row_code" not in summary["found"]:
        raise WorkRefused("no_row_codes", f"Tệp “{kept.name}” không có cột “Mã dòng”. Dùng danh sách do hệ thống lập.")
    rows = [ListRow(row["row"], tidy(row["cells"].pop("row_code", "")), row["cells"]) for row in read_rows]
    rows = [row for row in rows if any(text.strip() for text in row.cells.values())]
    named = _named_list(campaign, summary["lines_above"])
    returned = ReturnedList(named or _list_of_people(campaign, rows), rows, with_head=named is not None)
    _find_people(returned, by)
    return returned


def _wanted() -> list[dict[str, Any]]:
    headings: dict[str, list[str]] = {}
    for register in ("beneficiaries", "children"):
        for f in fields_of(register):
            known = headings.setdefault(f.key, [])
            if f.label not in known:
                known.append(f.label)
    wanted: list[dict[str, Any]] = [{"key": "row_code", "headings": [own_files.ROW_CODE_HEADING]}]
    return wanted + [{"key": key, "headings": labels} for key, labels in headings.items()]


def _named_list(campaign: Campaign, above: list[str]) -> PeopleList | None:
    for line in above:
        written = _LIST_CODE.search(line) if LIST_CODE_LABEL in line else None
        if written and (named := PeopleList.objects.filter(campaign=campaign, code=written[0]).first()):
            return named
    return None


def _list_of_people(campaign: Campaign, rows: list[ListRow]) -> PeopleList:
    """The newest list on which all these people stand; else the one with most of them, if that is half or more."""
    lists = PeopleList.objects.filter(campaign=campaign).order_by("-pk")
    codes = [code for row in rows for code in readings(row.row_code)]
    if codes and (whole := lists.filter(row_codes__contains=codes).first()):
        return whole
    some = lists.filter(row_codes__has_any_keys=codes) if codes else lists.none()
    stands = [(len(set(one.row_codes) & set(codes)), one) for one in some]
    most, found = max(stands, key=lambda pair: (pair[0], pair[1].pk), default=(0, None))
    if found is None or 2 * most < len(codes):
        raise WorkRefused(
            "unknown_batch",
            "Không tìm thấy danh sách nào đã lập có những mã dòng này. Giữ nguyên dòng “Mã danh sách” ở đầu tệp.",
        )
    return found


def _find_people(returned: ReturnedList, by: User) -> None:
    people_list, rows = returned.people_list, returned.rows
    reader = cell_reader(reference_for(people_list.campaign, people_list.register))
    for row in rows:
        row.said = reader.read(row.cells)
    on_list = set(people_list.row_codes)
    for row in rows:
        if row.row_code and not (code := row_codes.check(row.row_code)):
            likely = readings(row.row_code) & on_list
            if len(likely) == 1:
                row.record_code, row.retyped = likely.pop(), True
        elif row.row_code:
            row.record_code = code or ""
    mine = Record.objects.filter(place_filter(by)).register(people_list.campaign, people_list.register)
    wanted = on_list | {row.record_code for row in rows}
    returned.people = {r.row_code: r for r in mine.filter(row_code__in=wanted).select_related("commune")}
    _find_by_system_code(returned)
    for row in rows:
        if row.row_code and row.record_code not in returned.people:
            row.hold(f"không có hồ sơ nào mã “{row.row_code}”.", "unreadable")
    _hold_repeated(rows)
    _hold_strangers(returned)


def _find_by_system_code(returned: ReturnedList) -> None:
    """A row that lost its row code but not the ministry's, of a person of the list who stands on no other row."""
    present = {row.record_code for row in returned.rows}
    by_code = {r.system_code: r for r in returned.people.values() if r.system_code and r.row_code not in present}
    uncoded = [row for row in returned.rows if not row.row_code]
    times = Counter(tidy(row.cells.get("system_code", "")) for row in uncoded)
    for row in uncoded:
        code = tidy(row.cells.get("system_code", ""))
        if code in by_code and times[code] == 1 and row.match_name == by_code[code].match_name:
            row.record_code, row.retyped = by_code[code].row_code, True


def _hold_repeated(rows: list[ListRow]) -> None:
    """One person on several rows: rows that say the same are one; of others nobody knows which is right."""
    by_person: dict[str, list[ListRow]] = {}
    for row in rows:
        by_person.setdefault(row.record_code, []).append(row)
    for code, same in by_person.items():
        if code and any(row.cells != same[0].cells for row in same):
            for row in same:
                row.hold(f"mã {code} đứng ở nhiều dòng, không biết dòng nào đúng.", "to_settle")


def _hold_strangers(returned: ReturnedList) -> None:
    """A row whose code is one person's and whose name and birth date are another's."""
    names = {r.match_name for r in returned.people.values()}
    identities = {(r.match_name, r.value("birth_date")) for r in returned.people.values()}
    for row in returned.rows:
        record = returned.people.get(row.record_code)
        if record is None or not row.match_name or not record.match_name or row.match_name == record.match_name:
            continue
        other_birth = bool(row.born) and row.born != record.value("birth_date")
        likeness = fuzz.ratio(row.match_name, record.match_name)
        is_other = (row.match_name, row.born) in identities or (row.match_name in names and likeness < SAME_NAME)
        if other_birth and (is_other or likeness < SAME_NAME):
            why = f"mã {record.row_code} là của người khác tên, khác ngày sinh. Có thể tệp bị xếp lệch cột."
            row.hold(why, "to_settle")


def alike(row: ListRow, record: Record) -> bool:
    """Whether the row may be about this person: the same folded name, or the same birth date and a name like it."""
    if not row.match_name:
        return False
    if row.match_name == record.match_name:
        return True
    same_birth = bool(row.born) and row.born == record.value("birth_date")
    return same_birth and fuzz.ratio(row.match_name, record.match_name) >= ALIKE_NAME
