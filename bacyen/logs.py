"""Log lines without people's data."""

import logging
import re

_LONG_NUMBER = re.compile(r"\d{8,}")
# PostgreSQL puts the offending values into these lines of an error.
_DATABASE_DETAIL = re.compile(r"^(DETAIL|CONTEXT|LINE \d+):.*$", re.MULTILINE)


class WithoutPeople(logging.Formatter):
    """Drops the values that a database error quotes, and masks whatever could be a personal number."""

    def format(self, record: logging.LogRecord) -> str:
        line = _DATABASE_DETAIL.sub(r"\1: (đã lược bỏ)", super().format(record))
        return _LONG_NUMBER.sub(lambda found: "•" * len(found[0]), line)
