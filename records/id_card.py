"""What the QR code of an ID card says, as a reader types it: number|old number|name|birth date|sex|address|issue date.

A card of another person (a parent's) is read alike; whose it is, the page asks."""

from __future__ import annotations

import re
from dataclasses import dataclass

from records.reading.vietnamese import fold, tidy

_PARTS = range(6, 16)  # newer cards say more after the day of issue
_DATE = re.compile(r"(\d{2})(\d{2})(\d{4})")
_VILLAGE = re.compile(r"(?:bản|thôn|xóm|tiểu khu|tổ|khu)\b", re.IGNORECASE)
_LOST = re.compile("[?\ufffd]")  # what a reader puts where it cannot type a letter


@dataclass(frozen=True)
class IdCard:
    """`lost_letters`: the reader could not type Vietnamese, so the texts are not to be used."""

    number: str
    old_number: str
    name: str
    birth_date: str
    sex: str
    address: str
    lost_letters: bool = False

    @property
    def village(self) -> str:
        first = tidy(self.address.split(",")[0])
        return first if _VILLAGE.match(first) else ""

    def commune_among(self, names: list[str]) -> str:
        """The one of these communes that the address names; '' where it names none of them."""
        parts = {fold(part) for part in self.address.split(",")}
        found = [n for n in names if {fold(n), fold(re.sub(r"^(Xã|Thị trấn|Phường) ", "", n))} & parts]
        return found[0] if len(found) == 1 else ""


def read_card(text: str) -> IdCard | None:
    """None where the text is not that of a card."""
    parts = [tidy(part) for part in text.replace("\n", "|").split("|")]
    if len(parts) not in _PARTS or not re.fullmatch(r"\d{12}", parts[0]):
        return None
    number, old_number, name, born, sex, address = parts[:6]
    day = _DATE.fullmatch(born)
    return IdCard(
        number=number,
        old_number=old_number if re.fullmatch(r"\d{9}", old_number) else "",
        name=name,
        birth_date="/".join(day.groups()) if day else "",
        sex={"nam": "Nam", "nu": "Nữ"}.get(fold(sex), "Nữ" if fold(sex) == "n" else ""),
        address=address,
        lost_letters=bool(_LOST.search(name + address)),
    )
