"""Records as plain data for `--json`."""

import json
import sys
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

PRIVATE = ("contact", "by")


def plain(value: Any) -> Any:
    """Dataclasses to dictionaries, dates to ISO text, tuples to lists; contact data and the names
    of those who answered left out."""
    if is_dataclass(value) and not isinstance(value, type):
        return {
            item.name: plain(getattr(value, item.name))
            for item in fields(value)
            if item.name not in PRIVATE
        }
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return value


def print_json(value: Any) -> None:
    """One JSON document on standard output: UTF-8, or plain ASCII where the stream is written in
    another encoding, so that every program reads the same."""
    wide = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    print(json.dumps(plain(value), ensure_ascii=not wide, indent=1, allow_nan=False))
