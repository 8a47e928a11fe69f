from campaigns.models.audit import AuditEvent
from campaigns.models.bulk_file import BulkFile, BulkStatus
from campaigns.models.campaign import Campaign, Register, Step, Window
from campaigns.models.job import Job
from campaigns.models.places import Commune, Village
from campaigns.models.reference import AmbiguousEthnicName, Category, EthnicGroup, StandardLevel
from campaigns.models.user import User

__all__ = [
    "AmbiguousEthnicName",
    "AuditEvent",
    "BulkFile",
    "BulkStatus",
    "Campaign",
    "Category",
    "Commune",
    "EthnicGroup",
    "Job",
    "Register",
    "StandardLevel",
    "Step",
    "User",
    "Village",
    "Window",
]
