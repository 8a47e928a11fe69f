"""Which fields are kept from sight: numbers are masked until revealed, sensitive fields hidden until asked for, and a
look at either is recorded. Who may not see numbers sees neither, at all."""

from __future__ import annotations

from functools import lru_cache

from campaigns.models import User
from campaigns.permissions import Permission, has
from records.masking import mask
from records.reference import fields_of

_NUMBER_KINDS = {"personal_number", "personal_number_old"}
_OTHER_NUMBERS = {"health_insurance_number"}


@lru_cache
def number_fields(register: str) -> frozenset[str]:
    return frozenset(f.key for f in fields_of(register) if f.kind in _NUMBER_KINDS) | _OTHER_NUMBERS


@lru_cache
def sensitive_fields(register: str) -> frozenset[str]:
    """Health, disability, poverty, the category and the account of a beneficiary."""
    return frozenset(f.key for f in fields_of(register) if f.sensitive)


def unseen_by(user: User, register: str) -> frozenset[str]:
    """Fields that this person never sees, nor anything that is said about them."""
    if has(user, Permission.SEE_NUMBERS):
        return frozenset()
    return number_fields(register) | sensitive_fields(register)


def shown(register: str, field: str, value: str) -> str:
    """The value as a page may write it without a look being recorded."""
    if field in number_fields(register):
        return mask(value)
    return "(không hiện)" if value and field in sensitive_fields(register) else value
