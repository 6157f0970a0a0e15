"""The record of what was decided and by whom, kept in a transactional database and only ever added to."""

from ledger.access import held_of
from ledger.beside import Laid, Past
from ledger.book import Ledger, history, open_ledger, standing_ledger
from ledger.copying import Named, copy_record, named_by_copy
from ledger.history import KEPT_DAYS, History
from ledger.log import Entry, Signed
from ledger.outbox import deliveries
from ledger.receipts import receipt
from ledger.rows import (
    Approval,
    Batch,
    CaseEvent,
    NewBatch,
    OpenCase,
    Publication,
    QueuedCase,
    Reversal,
    SeenCase,
    StoredFile,
    WaitingCase,
    batch_name,
)
from ledger.successors import Successor

__all__ = [
    "KEPT_DAYS",
    "Approval",
    "Batch",
    "CaseEvent",
    "Entry",
    "History",
    "Laid",
    "Ledger",
    "Named",
    "NewBatch",
    "OpenCase",
    "Past",
    "Publication",
    "QueuedCase",
    "Reversal",
    "SeenCase",
    "Signed",
    "StoredFile",
    "Successor",
    "WaitingCase",
    "batch_name",
    "copy_record",
    "deliveries",
    "held_of",
    "history",
    "named_by_copy",
    "open_ledger",
    "receipt",
    "standing_ledger",
]
