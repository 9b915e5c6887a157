"""Files to rows: open a list, find its header, recognise its columns, write rejects."""

from matcher.ingest.columns import Columns, fingerprint, labels, recognise
from matcher.ingest.headers import ListKind
from matcher.ingest.listing import Listing, TableInfo, read_rows
from matcher.ingest.rejects import write_rejects
from matcher.ingest.tables import Fault, Table, read_tables

__all__ = [
    "Columns",
    "Fault",
    "ListKind",
    "Listing",
    "Table",
    "TableInfo",
    "fingerprint",
    "labels",
    "read_rows",
    "read_tables",
    "recognise",
    "write_rejects",
]
