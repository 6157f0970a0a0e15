"""The record of what was decided and by whom, kept in a transactional database and only ever added to."""

from ledger.access import held_of
from ledger.book import History, Ledger, history, open_ledger, standing_ledger
from ledger.log import Entry, Signed
from ledger.outbox import deliveries
from ledger.receipts import receipt
from ledger.rows import (
    Approval,
    Batch,
    NewBatch,
    OpenCase,
    Publication,
    Reversal,
    StoredFile,
    WaitingCase,
    batch_name,
)
from ledger.successors import Successor

__all__ = [
    "Approval",
    "Batch",
    "Entry",
    "History",
    "Ledger",
    "NewBatch",
    "OpenCase",
    "Publication",
    "Reversal",
    "Signed",
    "StoredFile",
    "Successor",
    "WaitingCase",
    "batch_name",
    "deliveries",
    "held_of",
    "history",
    "open_ledger",
    "receipt",
    "standing_ledger",
]
