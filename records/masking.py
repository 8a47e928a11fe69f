"""Personal numbers as pages show them: the first three and the last two digits, at their true length."""

MASK = "•"


def mask(number: str) -> str:
    """014215001234 → 014•••••••34; what is too short to hide anything is hidden whole."""
    if len(number) < 8:
        return MASK * len(number)
    return number[:3] + MASK * (len(number) - 5) + number[-2:]
