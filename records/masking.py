"""Personal numbers as pages show them: the first three and the last two digits, at their true length."""

import re

MASK = "•"
_NUMBER = re.compile(r"(?<!\d)\d{9,12}(?!\d)")


def mask(number: str) -> str:
    """014215001234 → 014•••••••34; what is too short to hide anything is hidden whole."""
    if len(number) < 8:
        return MASK * len(number)
    return number[:3] + MASK * (len(number) - 5) + number[-2:]


def mask_within(text: str) -> str:
    """A text of others, such as a reason of the ministry's software, with the numbers in it masked."""
    return _NUMBER.sub(lambda found: mask(found.group()), text)
