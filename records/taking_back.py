"""Taking back what was changed in the review. (An import is taken back as a whole file, in `undoing.py`; what the
police or the civil registry answered, where it is settled.)"""

from __future__ import annotations

from django.db import transaction

from campaigns import audit
from campaigns.models import User
from campaigns.permissions import NotAllowed, Permission, check
from records import changes
from records.models import ChangeKind, ChangeSet, Record

# Nothing outside the register was told of these, so taking back the values takes back all of it.
OF_THE_REVIEW = frozenset({ChangeKind.EDIT, ChangeKind.SUGGESTION, ChangeKind.LIST})


@transaction.atomic
def take_back(change_set: ChangeSet, *, by: User) -> ChangeSet:
    """Raises NotAllowed where the change set holds records outside the user's place or did not come from the review;
    WorkRefused as `changes.undo` does."""
    check(by, Permission.REVIEW)
    if change_set.kind not in OF_THE_REVIEW:
        raise NotAllowed("Ở đây chỉ hoàn tác được lần sửa tay, lần dùng gợi ý và danh sách sửa trả về.")
    touched = Record.objects.filter(changes__change_set=change_set)
    if touched.exclude(pk__in=Record.objects.for_user(by).values("pk")).exists():
        raise NotAllowed("Lần thay đổi này có cả hồ sơ của nơi khác: Phòng LĐ-TB&XH hoàn tác được.")
    undoing = changes.undo(change_set, by=by)
    audit.record(
        "change_undone", by=by, campaign=change_set.campaign, target=f"change_set:{change_set.pk}",
        commune_code=by.commune.code if by.commune else "", kind=change_set.kind,
    )  # fmt: skip
    return undoing
