"""Rules on names, sex, ethnic group and parents."""

from records.reading.names import NameReading, read_name
from records.reading.row import Row


def check_full_name(row: Row) -> None:
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
    elif not fits_middle_name(row.sex, row.name):
        row.add("sex.middle_name", "sex")


def fits_middle_name(sex: str, name: NameReading) -> bool:
    return ("thị" if sex == "nam" else "văn") not in name.middle_words


def check_ethnic_group(row: Row) -> None:
    if "ethnic_group" in row.values and row.ethnic_group.problem:
        row.add(f"ethnic_group.{row.ethnic_group.problem}", "ethnic_group")


def check_parents(row: Row) -> None:
    """Children only. Nothing is said about a parent for whom the file has no column."""
    father, mother = row.values.get("father_name"), row.values.get("mother_name")
    if father and mother:
        return
    if not (father or mother or row.values.get("guardian_name")):
        if father is not None or mother is not None:
            row.add("parents.missing", "mother_name" if father is None else "father_name")
        return
    if father == "":
        row.add("father.missing", "father_name")
    if mother == "":
        row.add("mother.missing", "mother_name")
