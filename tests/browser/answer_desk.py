"""Answering a list line by line, with one hand on the number pad."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from playwright.sync_api import expect

from tests.browser.people import Person


@dataclass(frozen=True)
class Answer:
    """`pad`: the key after ✱, as printed on the code's button; `fields`: label → text."""

    number: str = ""
    pad: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


def answer_all(person: Person, answers: Mapping[str, Answer]) -> None:
    """Answers whoever stands on the page until everybody has an answer. The names are those of the list."""
    left = dict(answers)
    while left:
        desk = person.page.locator("form[data-desk]")
        expect(desk.locator("h2")).not_to_have_text("")
        name = desk.locator("h2").inner_text()
        _answer(person, left.pop(name))
        if left:
            expect(desk.locator("h2")).not_to_have_text(name)
    person.is_at("Nộp trả lời lô")


def _answer(person: Person, answer: Answer) -> None:
    expect(person.page.locator("#number")).to_be_focused()
    person.type(answer.number)
    if answer.pad:
        person.keys("*", answer.pad)
    for label, text in answer.fields.items():
        person.tab_and_type(label, text)
    person.does_not_scroll_sideways()
    person.keys("Enter")


def hand_in(person: Person, lines: int) -> None:
    person.sees(f"Nộp {lines} dòng đã gõ", "Cả lô đã có trả lời")
    person.does_not_scroll_sideways()
    person.tab_and_enter(f"Nộp {lines} dòng", "button")
    person.sees(f"Đã nộp {lines} dòng")
    person.does_not_scroll_sideways()
