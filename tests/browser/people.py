"""A person before a browser: signs in, presses what stands on the page, reads what it says."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Download, Locator, Page, expect

PASSWORD = "mat-khau-de-thu"  # of everybody in tests/conftest.py
OFFICE, PHONE = {"width": 1366, "height": 768}, {"width": 360, "height": 740}
_MOST_STOPS = 150


class Person:
    """`complaints`: what the browser's console said, errors of the content security policy included."""

    def __init__(self, browser: Browser, address: str, username: str, size: dict[str, int] = OFFICE) -> None:
        self._context = browser.new_context(viewport=size, base_url=address, locale="vi-VN")
        self._context.set_default_timeout(20_000)
        self.page: Page = self._context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda line: self.complaints.append(line.text) if line.type == "error" else None)
        self._sign_in(username)

    def _sign_in(self, username: str) -> None:
        self.page.goto("/")
        self.type(username)
        self.keys("Tab")
        self.type(PASSWORD)
        self.keys("Enter")
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Việc của tôi")

    def leave(self) -> None:
        assert self.complaints == []
        self._context.close()

    # With the mouse
    def click(self, name: str, role: str = "link") -> None:
        self.page.get_by_role(role, name=name).first.click()  # type: ignore[arg-type]

    def press(self, name: str) -> None:
        self.click(name, "button")

    def go_to(self, entry: str) -> None:
        """By the bar at the top."""
        self.page.get_by_role("navigation", name="Mục chính").get_by_role("link", name=entry).click()

    def choose_file(self, path: Path) -> None:
        self.page.locator("input[type=file]").set_input_files(path)

    def download(self, name: str, role: str = "link") -> Path:
        with self.page.expect_download() as caught:
            self.click(name, role)
        return _kept(caught.value)

    # With the keyboard
    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def keys(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def tab_to(self, target: Locator) -> None:
        node = target.element_handle()
        for _ in range(_MOST_STOPS):
            if node.evaluate("node => node === document.activeElement"):
                return
            self.keys("Tab")
        raise AssertionError(f"the Tab key does not lead to {target}")

    def tab_and_type(self, label: str, text: str) -> None:
        self.tab_to(self.page.get_by_label(label, exact=True))
        self.keys("Control+a")
        self.type(text)

    def tab_and_enter(self, name: str, role: str = "link") -> None:
        self.tab_to(self.page.get_by_role(role, name=name).first)  # type: ignore[arg-type]
        self.keys("Enter")

    # What they see
    def sees(self, *texts: str) -> None:
        for text in texts:
            expect(self.page.locator("body")).to_contain_text(text)

    def is_at(self, heading: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(heading)

    def does_not_scroll_sideways(self) -> None:
        width = self.page.viewport_size["width"]  # type: ignore[index]
        assert (self.page.url, self.page.evaluate("document.documentElement.scrollWidth")) == (self.page.url, width)


def _kept(download: Download) -> Path:
    """Under the name that the page gave it."""
    path = Path(download.path())
    return path.rename(path.with_name(download.suggested_filename))
