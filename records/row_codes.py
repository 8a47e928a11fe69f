"""The short code a record is known by on every list that leaves, and by which the list comes home.

Six characters: a letter, four letters or digits, one check character (ISO/IEC 7064 mod 37-2, which catches every
single wrong character and every swap of neighbours). I, L, O and U are not used. The first character is a letter, so
that no spreadsheet reads a code as a number; codes are scattered, so that neighbours in the register do not look alike.
"""

from __future__ import annotations

from django.db import transaction
from stdnum.iso7064 import mod_37_2

from campaigns.models import Campaign

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LETTERS = ALPHABET[10:]
LENGTH = 6
_POSSIBLE = len(LETTERS) * len(ALPHABET) ** 4
# Odd and not divisible by 11, so coprime to _POSSIBLE = 22 · 32⁴: n → n·_SCATTER mod _POSSIBLE meets no value twice.
_SCATTER = 14_142_137
# Campaigns stand this far apart: a list of the practice campaign finds nobody in the real one.
_APART = 1_000_000


def make(number: int) -> str | None:
    """The code of the number-th record of a campaign; None where its check character is not of our alphabet."""
    rest = number * _SCATTER % _POSSIBLE
    rest, tail = divmod(rest, len(ALPHABET) ** 4)
    payload = LETTERS[rest]
    for _ in range(4):
        tail, place = divmod(tail, len(ALPHABET))
        payload += ALPHABET[place]
    check_character = mod_37_2.calc_check_digit(payload)
    return payload + check_character if check_character in ALPHABET else None


def check(text: str) -> str | None:
    """The code in its normal form (either case, spaces aside), or None when it cannot be one of ours. A character
    that we never give out makes it none: it is not guessed back."""
    code = "".join(text.split()).upper()
    if len(code) != LENGTH or code[0] not in LETTERS or any(character not in ALPHABET for character in code):
        return None
    return code if mod_37_2.is_valid(code) else None


def take(campaign: Campaign, count: int) -> list[str]:
    """`count` codes never given out before in this campaign, nor in another of fewer than a million people. Locks the
    campaign's counter until the end of the transaction."""
    codes: list[str] = []
    with transaction.atomic():
        counter = Campaign.objects.select_for_update(no_key=True).only("next_row_number").get(pk=campaign.pk)
        number = counter.next_row_number
        while len(codes) < count:
            if code := make(campaign.pk * _APART + number):
                codes.append(code)
            number += 1
        Campaign.objects.filter(pk=campaign.pk).update(next_row_number=number)
    return codes
