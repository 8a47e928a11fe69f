"""Files as they came in: kept byte for byte, with their SHA-256 and a code to speak of them by."""

from __future__ import annotations

import contextlib
import hashlib
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.db.models.functions import Length

from campaigns.errors import WorkRefused
from campaigns.models import Campaign, Commune, Register, User
from campaigns.os_errors import why
from records.models import FileKind, SourceFile

_PREFIX_BY_REGISTER = {Register.CHILDREN: "TE", Register.BENEFICIARIES: "BT"}
_PREFIX_BY_KIND = {FileKind.NEWBORNS: "KS", FileKind.HAND_BACK: "NL", FileKind.MINISTRY_RESULT: "PM"}


def keep(
    campaign: Campaign,
    *,
    kind: str,
    by: User,
    name: str,
    content: bytes | File[bytes],
    register: str = "",
    commune: Commune | None = None,
    partial: bool = False,
) -> SourceFile:
    """Raises WorkRefused `too_large` before anything is kept, and `usage` where there is no room for it."""
    file = content if isinstance(content, File) else ContentFile(content)
    if file.size > settings.MAX_UPLOAD_MB << 20:
        raise WorkRefused(
            "too_large",
            f"Tệp “{name}” nặng {file.size >> 20} MB; hệ thống chỉ nhận tệp đến {settings.MAX_UPLOAD_MB} MB. "
            "Tách tệp theo xã rồi nhập lại.",
        )
    digest = _sha256(file)
    file.seek(0)
    with transaction.atomic():
        source_file = SourceFile(
            campaign=campaign, register=register, kind=kind, code=_next_code(campaign, kind, register),
            name=name[-255:], sha256=digest, size=file.size, by=by, commune=commune, partial=partial,
        )  # fmt: skip
        _put_on_the_shelf(source_file, file)
        source_file.save()
    return source_file


def find(campaign: Campaign, code: str) -> SourceFile:
    """Raises WorkRefused `unknown_file`."""
    found = SourceFile.objects.filter(campaign=campaign, code=code.strip().upper()).first()
    if found is None:
        raise WorkRefused("unknown_file", f"Không có tệp nào mã “{code}”. Xem mã tệp ở trang Nhập dữ liệu.")
    return found


@contextlib.contextmanager
def local_path(source_file: SourceFile) -> Iterator[Path]:
    """The kept bytes as a file that another process can open, wherever the storage keeps them."""
    try:
        path = source_file.file.path
    except NotImplementedError:  # a storage without paths, such as S3
        with tempfile.NamedTemporaryFile(suffix=Path(source_file.name).suffix) as copy, source_file.file.open() as kept:
            for chunk in kept.chunks():
                copy.write(chunk)
            copy.flush()
            yield Path(copy.name)
    else:
        yield Path(path)


def _put_on_the_shelf(source_file: SourceFile, file: File[bytes]) -> None:
    """Whole or not at all: what a full disk took of it is taken away again."""
    shelf = source_file.file
    name = shelf.field.generate_filename(source_file, _safe_name(source_file.code, source_file.name))
    try:
        shelf.name = shelf.storage.save(name, file, max_length=shelf.field.max_length)
    except OSError as error:
        shelf.storage.delete(name)
        raise WorkRefused(
            "usage",
            f"Không lưu được tệp “{source_file.name}”: {why(error)}. Chưa nhận gì. Báo bộ phận kỹ thuật xem ổ đĩa của "
            "máy chủ, rồi đưa tệp lên lại.",
        ) from error


def _sha256(file: File[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def _next_code(campaign: Campaign, kind: str, register: str) -> str:
    """TE-0001, TE-0002…; the campaign row is locked so that two files never get one code. A file that is refused later
    keeps its code: people have seen it, and the bytes stay on the shelf under it."""
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    prefix = _PREFIX_BY_KIND.get(FileKind(kind)) or _PREFIX_BY_REGISTER[Register(register)]
    codes = SourceFile.objects.filter(campaign=campaign, code__startswith=f"{prefix}-").values_list("code", flat=True)
    last = codes.order_by(Length("code").desc(), "-code").first()  # TE-10000 comes after TE-9999
    return f"{prefix}-{int(last.rpartition('-')[2]) + 1 if last else 1:04d}"


def _safe_name(code: str, name: str) -> str:
    """On disk the file is called by its code: names that people give may hold a person's name. No two files are called
    alike, so that one of them can be taken away again."""
    suffix = Path(name).suffix.lower()
    return f"{code}-{secrets.token_hex(4)}" + (suffix if suffix.isascii() and len(suffix) <= 6 else "")
