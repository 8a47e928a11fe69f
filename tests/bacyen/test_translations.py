"""What other people's pages say is translated here; the compiled files are what the server reads."""

from __future__ import annotations

import ast
import gettext
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "locale" / "vi" / "LC_MESSAGES"
KEYWORDS = ("msgctxt", "msgid_plural", "msgid", "msgstr[0]", "msgstr")


def written(path: Path) -> dict[str, str]:
    """Key as gettext keeps it → translation, of a .po file whose texts stand on one line each."""
    found, entry = {}, {}
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        keyword = next((word for word in KEYWORDS if line.startswith(word + " ")), None)
        if keyword:
            entry[keyword] = ast.literal_eval(line[len(keyword) + 1 :])
        elif not line and entry.get("msgid"):
            key = f"{entry['msgctxt']}\x04{entry['msgid']}" if "msgctxt" in entry else entry["msgid"]
            found[key] = entry.get("msgstr", entry.get("msgstr[0]", ""))
            entry = {}
        elif not line:
            entry = {}
    return found


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_the_compiled_file_says_what_the_written_one_says(domain: str) -> None:
    with (FOLDER / f"{domain}.mo").open("rb") as compiled:
        catalog = gettext.GNUTranslations(compiled)._catalog  # type: ignore[attr-defined]
    read = {key[0] if isinstance(key, tuple) else key: text for key, text in catalog.items() if key}
    assert read == written(FOLDER / f"{domain}.po")
    assert all(read.values())
