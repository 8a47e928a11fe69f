"""Other spellings of right values, which must be read without a finding: the bulk of what people really type."""

import random
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from reconciliation.demo.dice import pick
from reconciliation.demo.drafts import Draft, Variant
from reconciliation.demo.material import Material

# New and old places of the tone in oa, oe and uy.
_OLD_TONES = (
    ("òa", "oà"), ("óa", "oá"), ("ỏa", "oả"), ("õa", "oã"), ("ọa", "oạ"),
    ("òe", "oè"), ("óe", "oé"), ("ỏe", "oẻ"), ("õe", "oẽ"), ("ọe", "oẹ"),
    ("ùy", "uỳ"), ("úy", "uý"), ("ủy", "uỷ"), ("ũy", "uỹ"), ("ụy", "uỵ"),
)  # fmt: skip

# What officers here write for a group; a number only where the lists of 1979 and 2008 agree.
_ETHNIC_SPELLINGS = {
    "01": ("Kinh (Việt)", "Việt", "01"),
    "02": ("tày", "02"),
    "03": ("Thái Đen", "Thái Trắng", "Tày Đăm", "03"),
    "06": ("mường", "Mol"),
    "08": ("H'Mông", "HMông", "Mèo", "H'mong", "Mông Trắng", "H' Mông", "08"),
    "09": ("Dao Đỏ", "Dao Tiền", "Mán", "9"),
    "29": ("Khơ Mú", "Khơmú", "Khmú", "Khơ mú"),
}


@dataclass(frozen=True)
class _Kind:
    """`write` gives another spelling of a cell, or the same text where the kind does not apply."""

    name: str
    field: str
    share: float
    write: Callable[[str, Draft, random.Random, Material], str]


def write_variants(drafts: list[Draft], chance: random.Random, material: Material) -> list[Variant]:
    """At most one variant a cell, none where a defect was planted."""
    written = []
    for draft in drafts:
        done: set[str] = set()
        for kind in _KINDS:
            text = draft.cells.get(kind.field, "")
            if chance.random() >= kind.share or not text or kind.field in draft.touched | done:
                continue
            other = kind.write(text, draft, chance, material)
            if other != text:
                draft.cells[kind.field] = other
                done.add(kind.field)
                written.append(Variant(draft.register, draft.system_code, kind.name, kind.field))
    return written


def _separated(text: str, draft: Draft, chance: random.Random, material: Material) -> str:
    if len(text) != 12 or not text.isdecimal():
        return text
    between = pick(chance, (" ", ".", " ", "-", "\u00a0", ","))
    return between.join((text[:3], text[3:6], text[6:9], text[9:]))


def _wrapped(text: str, draft: Draft, chance: random.Random, material: Material) -> str:
    if len(text) != 12 or not text.isdecimal():
        return text
    return pick(chance, (f"'{text}", f" {text}", f"{text} ", f"{text}.0", f"\u200b{text}", f"{text}."))


def _decomposed(text: str, draft: Draft, chance: random.Random, material: Material) -> str:
    return unicodedata.normalize("NFD", text)


def _upper(text: str, draft: Draft, chance: random.Random, material: Material) -> str:
    return text.upper()


def _spaced(text: str, draft: Draft, chance: random.Random, material: Material) -> str:
    return pick(chance, ("  ", "\u00a0", " ")).join(text.split()) + " "


def _old_tone(text: str, draft: Draft, chance: random.Random, material: Material) -> str:
    for new, old in _OLD_TONES:
        at = text.find(new)
        # Only where the vowels end the syllable did the place change; after q the u is no vowel.
        if at >= 0 and text[at - 1 : at].lower() != "q" and not text[at + 2 : at + 3].isalpha():
            return text.replace(new, old, 1)
    return text


def _ethnic_alias(text: str, draft: Draft, chance: random.Random, material: Material) -> str:
    return pick(chance, (*_ETHNIC_SPELLINGS[draft.person.ethnic], text.upper(), text.lower()))


def _commune_spelling(text: str, draft: Draft, chance: random.Random, material: Material) -> str:
    commune = draft.household.commune
    if commune.name != text:
        return text
    return pick(chance, (*commune.aliases, text.upper(), commune.in_a_sentence, commune.code))


def _sex_spelling(text: str, draft: Draft, chance: random.Random, material: Material) -> str:
    return pick(chance, (text.upper(), text.lower(), f"{text} ", "Nu" if text == "Nữ" else "nam"))


def _date_spelling(text: str, draft: Draft, chance: random.Random, material: Material) -> str:
    if len(text) != 10:
        return text
    day, month, year = text.split("/")
    short = f"{int(day)}/{int(month)}/{year}"
    forms = [short, short, f"{day}-{month}-{year}", f"{day}.{month}.{year}", f"{year}-{month}-{day}"]
    if draft.register == "children" and draft.person.birth.year >= 2000:
        forms.append(f"{day}/{month}/{year[2:]}")
    return pick(chance, forms)


_KINDS = (
    _Kind("separators", "personal_number", 0.03, _separated),
    _Kind("wrapping", "personal_number", 0.02, _wrapped),
    _Kind("separators", "mother_number", 0.02, _separated),
    _Kind("upper_case", "full_name", 0.03, _upper),
    _Kind("decomposed", "full_name", 0.02, _decomposed),
    _Kind("spaces", "full_name", 0.02, _spaced),
    _Kind("old_tone", "full_name", 0.5, _old_tone),
    _Kind("upper_case", "father_name", 0.02, _upper),
    _Kind("decomposed", "mother_name", 0.02, _decomposed),
    _Kind("ethnic_alias", "ethnic_group", 0.25, _ethnic_alias),
    _Kind("commune_spelling", "commune", 0.10, _commune_spelling),
    _Kind("sex_spelling", "sex", 0.04, _sex_spelling),
    _Kind("date_spelling", "birth_date", 0.06, _date_spelling),
)
