"""Writes models/ranker.safetensors, and stamps the manifest.

    python -m models.recipes.ranker.make [FOLDER]

Reads the judged pairs, needs, gazettes and abstracts in PATMATCH_SHARED_DATA; about five minutes
on two cores; the same bytes each time."""

import os
import sys
import tempfile
import tomllib
from pathlib import Path

from matcher.build import make_encoder
from matcher.config import EncoderSettings
from matcher.encode.cached import CachedEncoder
from matcher.encode.shipped import stamp
from matcher.evaluate.judged import Judged, judged_files
from matcher.grading import Unjudged, foundation, lessons
from matcher.rank.gaussian import Prior
from matcher.rank.kept import to_bytes
from matcher.rank.learn import learn
from matcher.rank.memory import Kernel
from matcher.records import Patent
from models.recipes.gazette import DATA, described, titled

HERE = Path(__file__).parent


def unjudged(judged: Judged) -> Unjudged:
    """Titles with their IPC symbols, patents with abstracts, and the judged texts ungraded."""
    titles, ipc = zip(*titled(), strict=True)
    full = [Patent(id=str(row), keys=(), title=title, abstract=abstract)
            for row, (title, abstract) in enumerate(described())]  # fmt: skip
    others = sorted({patent.title for patent in judged.patents})
    needs = list({need.id: need for need in judged.needs}.values())
    return Unjudged(titles, ipc, others, full, needs)


def main(folder: Path) -> None:
    recipe = tomllib.loads((HERE / "recipe.toml").read_text("utf-8"))
    judged = judged_files(DATA / "judged/pairs_train.jsonl", DATA / "demand/needs.jsonl")
    with tempfile.TemporaryDirectory() as place:
        kept = Path(os.environ.get("PATMATCH_RECIPE_CACHE", place)) / "vectors.db"
        encoder = CachedEncoder(make_encoder(EncoderSettings()), kept)
        prior = Prior(kernel=Kernel(**recipe["kernel"]), knots=(), **recipe["prior"])
        views = foundation(unjudged(judged), encoder, prior, seed=recipe["seed"])
        taught = lessons(views, judged.needs, judged.patents, judged.grades.tolist())
        encoder.close()
    found = learn(views.ranker, taught, name=recipe["name"])
    (folder / recipe["file"]).write_bytes(to_bytes(found.ranker))
    print(stamp(folder, recipe["file"]))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parents[1])
