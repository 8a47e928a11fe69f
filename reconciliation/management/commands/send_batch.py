from __future__ import annotations

import datetime
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction

from campaigns import audit
from campaigns.command import Result, WorkCommand
from campaigns.errors import WorkRefused
from campaigns.models import Register
from campaigns.outfile import check_distinct, whole_file
from reconciliation.handover import Sent, send_batch
from reconciliation.handover_record import handover_record
from reconciliation.models import BatchKind
from records.places import find_commune


class Command(WorkCommand):
    help = "Lập danh sách đánh số để giao công an hoặc hộ tịch, kèm biên bản giao nhận."

    def add_work_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=BatchKind.values, metavar="police|civil_registry")
        parser.add_argument("out", type=Path, metavar="OUT.xlsx")
        parser.add_argument("--register", required=True, choices=Register.values, metavar="children|beneficiaries")
        parser.add_argument("--commune", required=True, metavar="CODE")
        parser.add_argument("--record", type=Path, metavar="OUT.docx", help="biên bản giao nhận")
        parser.add_argument("--due", metavar="ISO", help="hẹn trả, dạng 2023-10-13")

    def work(self, options: dict[str, Any]) -> Result:
        commune = find_commune(self.campaign, options["commune"])
        if commune is None:
            raise WorkRefused("usage", "Hãy cho mã xã bằng --commune.")
        out, record = options["out"], options["record"]
        due = _day(options["due"]) if options["due"] else None
        check_distinct(out, record)
        # The files are opened first: where they cannot be written, nothing is sent.
        with transaction.atomic(), ExitStack() as files:
            list_file = files.enter_context(whole_file(out))
            record_file = files.enter_context(whole_file(record)) if record else None
            sent = send_batch(self.campaign, options["register"], commune, options["kind"], by=self.user, due=due)
            with sent.batch.file.open() as kept:
                list_file.write_bytes(kept.read())
            if record_file is not None:
                record_file.write_bytes(handover_record(sent.batch))
            self._record(sent, with_record=record is not None)
        batch = sent.batch
        data = {"batch": batch.code, "rows": batch.rows, "sha256": batch.sha256, "due": batch.due.isoformat()}
        return Result(data, notes=[sent.note] if sent.note else [])

    def _record(self, sent: Sent, *, with_record: bool) -> None:
        audit.record(
            "batch_exported", by=self.user, campaign=self.campaign, target=f"batch:{sent.batch.code}",
            commune_code=sent.batch.commune.code, rows=sent.batch.rows, sha256=sent.batch.sha256,
            handover_record=with_record,
        )  # fmt: skip


def _day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise WorkRefused("usage", f"--due {text}: cần một ngày có thật, dạng 2023-10-13.") from None
