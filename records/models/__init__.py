from records.models.change import Change, ChangeKind, ChangeSet, StageChange
from records.models.exclusion import Exclusion
from records.models.finding import Finding, FindingStatus, Severity
from records.models.look import Conflict, Foreseen, Side
from records.models.memory import CategoryAnswer, HeadingMap
from records.models.people_list import ListKind, PeopleList
from records.models.record import Beneficiary, Child, Record, Stage
from records.models.rule_decision import RuleDecision, RuleState
from records.models.source import FileKind, FileStatus, SourceFile, SourceRow

__all__ = [
    "Beneficiary",
    "CategoryAnswer",
    "Change",
    "ChangeKind",
    "ChangeSet",
    "Child",
    "Conflict",
    "Exclusion",
    "FileKind",
    "FileStatus",
    "Finding",
    "FindingStatus",
    "Foreseen",
    "HeadingMap",
    "ListKind",
    "PeopleList",
    "Record",
    "RuleDecision",
    "RuleState",
    "Severity",
    "Side",
    "SourceFile",
    "SourceRow",
    "Stage",
    "StageChange",
]
