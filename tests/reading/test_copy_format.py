import json

import pytest

from records.reading.copy_format import copy_values, json_object, json_texts
from tests.reading.sheets import unescaped

TEXTS = [
    ["Mùa A Sang", "", "014211000120"],
    ['nói "vậy"', "b"],
    ["a\\b", "\\N", "\\."],
    ["a\tb", "a\nb", "a\rb"],
    ["H'Mông", "không\xa0tách", "\u200b"],
    ['"', '","'],
    ["a\x01b"],
    [],
]


@pytest.mark.parametrize("texts", TEXTS)
def test_texts_come_back_from_json_in_a_line(texts: list[str]) -> None:
    line = json_texts(texts)
    assert "\t" not in line
    assert "\n" not in line
    assert json.loads(str(unescaped(line))) == texts


@pytest.mark.parametrize("texts", TEXTS)
def test_an_object_comes_back_from_json_in_a_line(texts: list[str]) -> None:
    values = {f"key_{place}": text for place, text in enumerate(texts)}
    assert json.loads(str(unescaped(json_object(values)))) == values


@pytest.mark.parametrize("texts", [texts for texts in TEXTS if texts])
def test_typed_columns_come_back(texts: list[str]) -> None:
    assert [unescaped(value) for value in copy_values(texts).split("\t")] == texts


def test_typed_columns_of_other_kinds() -> None:
    assert copy_values(["", "", 2011, None, True, False, "\\N"], (0,)) == "\\N\t\t2011\t\\N\tt\tf\t\\\\N"
