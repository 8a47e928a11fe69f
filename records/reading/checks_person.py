"""Rules on names, sex, ethnic group and parents."""

from records.reading.names import read_name
from records.reading.row import Row


def check_full_name(row: Row) -> None:
    if "full_name" not in row.values:
        return
    if row.is_empty("full_name"):
        row.add("name.missing", "full_name")
    elif row.name.word_count == 1:
        row.add("name.one_word", "full_name")


def check_name_writing(row: Row) -> None:
    """name.legacy_font, and name.characters where that is silent, on every field that holds a person's name."""
    for key in row.reference.name_keys:
        text = row.values.get(key)
        if text:
            name = row.name if key == "full_name" else read_name(text)
            if name.from_legacy:
                row.add("name.legacy_font", key, name.text)
            elif name.odd:
                row.add("name.characters", key)


def check_sex(row: Row) -> None:
    text = row.values.get("sex")
    if text is None:
        return
    if not text:
        row.add("sex.missing", "sex")
    elif not row.sex:
        row.add("sex.unreadable", "sex")
    elif (row.sex == "nam" and "thị" in row.name.middle_words) or (row.sex == "nu" and "văn" in row.name.middle_words):
        row.add("sex.middle_name", "sex")


def check_ethnic_group(row: Row) -> None:
    if "ethnic_group" in row.values and row.ethnic_group.problem:
        row.add(f"ethnic_group.{row.ethnic_group.problem}", "ethnic_group")


def check_parents(row: Row) -> None:
    """Children only. Nothing is said about a parent for whom the file has no column."""
    values = row.values
    if "father_name" not in values and "mother_name" not in values:
        return
    father, mother, guardian = (values.get(key, "") for key in ("father_name", "mother_name", "guardian_name"))
    if not (father or mother or guardian):
        row.add("parents.missing", "father_name" if "father_name" in values else "mother_name")
        return
    if row.is_empty("father_name"):
        row.add("father.missing", "father_name")
    if row.is_empty("mother_name"):
        row.add("mother.missing", "mother_name")
