"""Codes of batches, such as LC-TE-01: commune, register, number; to the civil registry LC-TE-HT-01.

A commune goes by the initials of its name. Two that share them (Hồng Ngài, Hua Nhàn) take as many letters of the last
word as tell them apart, each the same number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from campaigns.models import Campaign, Commune, Register
from reconciliation.models import Batch, BatchKind
from records.reading.vietnamese import fold, tidy

REGISTERS = {Register.CHILDREN: "TE", Register.BENEFICIARIES: "BT"}
_DASHES = re.compile(r"\s*[-‐‑‒–—−]\s*")
_CODE = re.compile(r"(?<![A-Z0-9-])[A-Z][A-Z0-9]{0,7}-(?:TE|BT)(?:-[A-Z]{2})?-[0-9]{2,4}(?![A-Z0-9-])")


def short_codes(communes: Iterable[Commune]) -> dict[str, str]:
    """Commune code → letters, all different."""
    words = {commune.code: [fold(word).upper() for word in commune.short_name.split()] for commune in communes}
    taken = {code: _letters(name, 1) for code, name in words.items()}
    for length in range(2, 9):
        shared = _shared(taken)
        taken |= {code: _letters(words[code], length) for code in shared}
    return taken | {code: f"X{code}" for code in _shared(taken)}


def _letters(words: list[str], length: int) -> str:
    return "".join(word[:1] for word in words[:-1]) + words[-1][:length]


def _shared(taken: Mapping[str, str]) -> list[str]:
    letters = list(taken.values())
    return [code for code, text in taken.items() if letters.count(text) > 1]


def next_code(campaign: Campaign, commune: Commune, register: str, part: str = "") -> str:
    """The next number of this commune and register. The campaign's row is locked until the transaction ends, so two
    people who send at once get two numbers. `part` tells kinds of batches apart (HT: civil registry)."""
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    letters = short_codes(Commune.objects.in_campaign(campaign)).get(commune.code, f"X{commune.code}")
    prefix = "-".join(filter(None, [letters, REGISTERS[Register(register)], part])) + "-"
    used = Batch.objects.filter(campaign=campaign, code__regex=rf"^{prefix}[0-9]+$").values_list("code", flat=True)
    number = max((int(code.removeprefix(prefix)) for code in used), default=0) + 1
    return f"{prefix}{number:02d}"


def part_of(kind: str) -> str:
    return "HT" if kind == BatchKind.CIVIL_REGISTRY else ""


def codes_in(lines: Iterable[str]) -> list[str]:
    """Everything in the texts that is written like a batch code, in its normal form."""
    found: dict[str, None] = {}
    for line in lines:
        for code in _CODE.findall(_DASHES.sub("-", tidy(line)).upper()):
            found[code] = None
    return list(found)
