"""The real titles that recipes learn from, in PATMATCH_SHARED_DATA (default ../shared/data)."""

import csv
import gzip
import json
import os
from pathlib import Path

DATA = Path(os.environ.get("PATMATCH_SHARED_DATA", Path(__file__).parents[2] / "../shared/data"))


def titled() -> list[tuple[str, str]]:
    """Title and cell of IPC symbols of the 56,875 patents of both gazettes."""
    supply = DATA / "supply"
    with (supply / "gazette_2019-07_universities.csv").open(encoding="gb18030", newline="") as file:
        rows = list(csv.DictReader(file))
    packed = supply / "gazette_2019-07_enterprises.csv.gz"
    with gzip.open(packed, "rt", encoding="utf-8-sig", newline="") as lines:
        rows += csv.DictReader(lines)
    return [(row["名称"], row["分类号"]) for row in rows]


def described() -> list[tuple[str, str]]:
    """Title and abstract of 3,874 patents."""
    told = (DATA / "supply/patents_with_abstract.jsonl").read_text("utf-8").splitlines()
    return [(item["title"], item["abstract"]) for item in map(json.loads, told)]
