"""A log line tells what happened, and nothing about whom."""

from __future__ import annotations

import logging

import pytest

from bacyen.logs import WithoutPeople


@pytest.mark.parametrize(
    ("message", "line"),
    [
        ("Not Found: /ho-so/K7QMX", "Not Found: /ho-so/K7QMX"),
        ("số 014215000123 lạ", "số •••••••••••• lạ"),
        ("số cũ 050123456 lạ", "số cũ ••••••••• lạ"),
        ("ngày 12/10/2023, 25.000 dòng", "ngày 12/10/2023, 25.000 dòng"),
        (
            "duplicate key\nDETAIL:  Key (full_name)=(Mùa A Dơ) already exists.",
            "duplicate key\nDETAIL: (đã lược bỏ)",
        ),
        ("bad\nCONTEXT:  COPY stage, line 1: Lò Thị Pâng\nkế", "bad\nCONTEXT: (đã lược bỏ)\nkế"),
    ],
)
def test_line(message: str, line: str) -> None:
    record = logging.LogRecord("x", logging.ERROR, "f", 1, message, None, None)
    assert WithoutPeople("%(message)s").format(record) == line


def test_a_traceback_is_cleaned_too() -> None:
    try:
        raise ValueError("014215000123\nDETAIL:  Failing row contains (Mùa A Dơ).")
    except ValueError as error:
        record = logging.LogRecord("x", logging.ERROR, "f", 1, "hỏng", None, (type(error), error, None))
    text = WithoutPeople("%(message)s").format(record)
    assert "ValueError" in text
    assert "Mùa" not in text
    assert "014215000123" not in text
