"""A value of a plan file, with the place where it stands: asked for its kind, it complains in one clear sentence."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from typing import Any, NoReturn

from campaigns.errors import WorkRefused


class Node:
    """A value of the file that knows where it stands, so that every complaint can name the place."""

    def __init__(self, value: Any, path: str, file: str) -> None:
        self.value, self.path, self.file = value, path, file

    def refuse(self, expected: str) -> NoReturn:
        where = f"mục “{self.path}”" if self.path else "cả tệp"
        read = "để trống" if self.value is None else f"ghi “{short(self.value)}”"
        raise WorkRefused("usage", f"Kế hoạch {self.file}, {where} {read}; cần {expected}. Sửa tệp rồi nạp lại.")

    def __getitem__(self, key: str) -> Node:
        """The value under a key; an absent one is empty (None) and complains when it is read as something."""
        return Node(self.mapping().get(key), f"{self.path}.{key}".lstrip("."), self.file)

    def items(self) -> list[tuple[str, Node]]:
        return [(str(key), self[key]) for key in self.mapping()]

    def mapping(self) -> dict[str, Any]:
        if not isinstance(self.value, dict) or not all(isinstance(key, str) for key in self.value):
            self.refuse("các cặp khóa: giá trị")
        return self.value

    def entries(self) -> list[Node]:
        if not isinstance(self.value, list):
            self.refuse("một danh sách")
        return [Node(value, f"{self.path}[{n}]", self.file) for n, value in enumerate(self.value, start=1)]

    def text(self, *, most: int | None = None) -> str:
        if not isinstance(self.value, str) or not self.value.strip() or (most and len(self.value) > most):
            self.refuse(f"một đoạn chữ, nhiều nhất {most} ký tự" if most else "một đoạn chữ")
        return self.value.strip()

    def matching(self, pattern: str, expected: str) -> str:
        if not isinstance(self.value, str) or not re.fullmatch(pattern, self.value):
            self.refuse(expected)
        return self.value

    def one_of(self, values: Sequence[str]) -> str:
        if self.value not in values:
            self.refuse("một trong: " + ", ".join(values))
        return str(self.value)

    def day(self) -> datetime.date | None:
        if self.value is None or type(self.value) is datetime.date:
            return self.value
        try:
            return datetime.date.fromisoformat(self.value)
        except (TypeError, ValueError):
            self.refuse("một ngày có thật, dạng 2023-09-30")


def short(value: Any) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= 60 else text[:59] + "…"
