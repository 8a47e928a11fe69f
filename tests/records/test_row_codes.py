from __future__ import annotations

from pathlib import Path

from campaigns import plan
from campaigns.models import Campaign, User
from records import row_codes

PLAN = Path(plan.__file__).parent / "reference" / "plan_bac_yen_2023.yaml"
FIRST = [code for number in range(1, 400) if (code := row_codes.make(number))]


def test_codes_are_all_different_and_good() -> None:
    assert len(set(FIRST)) == len(FIRST)
    assert [row_codes.check(code.lower()) for code in FIRST] == FIRST


def test_no_wrong_character_and_no_swap_makes_another_good_code() -> None:
    for code in FIRST[:20]:
        wrong = [
            code[:i] + other + code[i + 1 :]
            for i in range(len(code))
            for other in row_codes.ALPHABET
            if other != code[i]
        ]
        swapped = [code[:i] + code[i + 1] + code[i] + code[i + 2 :] for i in range(len(code) - 1)]
        assert not any(row_codes.check(text) for text in [*wrong, *swapped] if text != code)


def test_two_campaigns_share_no_code(campaign: Campaign, system: User) -> None:
    practice = plan.load(PLAN, by=system, code="thu").campaign
    mine, theirs = row_codes.take(campaign, 300), row_codes.take(practice, 300)
    assert not set(mine) & set(theirs)
    assert not set(mine) & set(row_codes.take(campaign, 300))
