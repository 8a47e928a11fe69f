from reconciliation.models.batch import Batch, BatchKind, BatchLine, Difference, HandBack, Outcome
from reconciliation.models.report import Report
from reconciliation.models.upload import UploadFile, UploadLine

__all__ = [
    "Batch",
    "BatchKind",
    "BatchLine",
    "Difference",
    "HandBack",
    "Outcome",
    "Report",
    "UploadFile",
    "UploadLine",
]
