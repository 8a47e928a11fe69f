"""The commune named in a text that says more: "Xã X, huyện Bắc Yên", "Bản A - X - Bắc Yên - Sơn La"."""

import re

from records.reading.reference import Reference
from records.reading.reference_lists import Commune
from records.reading.vietnamese import fold

_BETWEEN = re.compile(r"\s*[-–—,;/()\n]\s*|\s+(?=(?:huyện|tỉnh|xã|thị trấn)\s)", re.IGNORECASE)
_VILLAGE = re.compile(r"(bản|tiểu khu|thôn|tổ dân phố|tổ|khu|xóm|tk|tdp)\b", re.IGNORECASE)
_DISTRICT = re.compile(r"(?:huyện|huyen|h\s*\.)\s*(.+)", re.IGNORECASE)
_PROVINCE = re.compile(r"(?:tỉnh|tinh|t\s*\.)\s*(.+)", re.IGNORECASE)
_TOWN = ("thitran", "tt")
_COUNTRY = frozenset({"vietnam", "vn"})


def commune_within(text: str, reference: Reference) -> Commune | None:
    """None where no part of the text is a commune, or some part says that it is another one."""
    parts = [part for part in _BETWEEN.split(text) if part and not _VILLAGE.match(part)]
    if not parts:
        return None
    named = fold(parts[0])
    commune = reference.commune_names.get(named)
    if commune is None or (commune.kind != "xa" and not named.startswith(_TOWN)):  # "Bắc Yên, Sơn La": the district
        return None
    if not all(_may_hold(part, commune, reference) for part in parts[1:]):
        return None
    return commune


def _may_hold(part: str, commune: Commune, reference: Reference) -> bool:
    """Whether a part behind the commune names what the commune lies in; a district is called as its town."""
    if district := _DISTRICT.fullmatch(part):
        return _is_its_district(fold(district[1]), commune, reference)
    folded = fold(part)
    if province := _PROVINCE.fullmatch(part):
        folded = fold(province[1])
    is_province = any(folded == fold(name) for name in reference.province_names.values())
    named = reference.commune_names.get(folded)
    return is_province or folded in _COUNTRY or named is commune or _is_its_district(folded, commune, reference)


def _is_its_district(folded: str, commune: Commune, reference: Reference) -> bool:
    town = reference.commune_names.get(folded)
    return town is not None and town.kind != "xa" and town.district_code == commune.district_code
