"""A bi-encoder and a cross-encoder over the upper half of e5, taught ordinal grades.

Three logits a pair, P(grade > k) = sigmoid(f - threshold k) (CORAL, Cao, Mirjalili & Raschka 2020),
so grade 2 is nearer to 1 than to 4.  While it is taught a need has an offset of its own: people are
strict with one need and generous with another, which no text tells."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from models.recipes.halves import Halves

Array = np.ndarray[Any, Any]
SPREAD = 0.5  # of the needs' offsets, in logits
RUN = 128


@dataclass(frozen=True)
class Ids:
    """Token ids of (n,) needs and achievements, and of both the other way round."""

    needs: Sequence[Sequence[int]]
    patents: Sequence[Sequence[int]]
    patents_asking: Sequence[Sequence[int]]
    needs_asked: Sequence[Sequence[int]]


class Ordinal(nn.Module):
    """Thresholds, and the offsets of g needs."""

    def __init__(self, groups: int) -> None:
        super().__init__()
        self.thresholds = nn.Parameter(torch.tensor([-0.2, 2.0, 3.4]))
        self.offsets = nn.Parameter(torch.zeros(groups))

    def loss(self, latent: Tensor, grades: Tensor, groups: Tensor, pairs: int) -> Tensor:
        """Of a batch of `pairs` pairs in all."""
        logits = (latent + self.offsets[groups])[:, None] - self.thresholds
        above = (grades[:, None] > torch.tensor([1, 2, 3], device=grades.device)).float()
        told = functional.binary_cross_entropy_with_logits(logits, above) * 3
        return told + (self.offsets**2).sum() / (2 * SPREAD**2 * pairs)


class Form:
    """What both forms share: teaching, and the latent of pairs."""

    def __init__(self, halves: Halves, own: nn.Module) -> None:
        self.halves, self.device = halves, halves.device
        self.own = own.to(halves.device)

    def raw(self, rows: Sequence[int], chance: np.random.Generator | None = None) -> Tensor:
        """(r,) latents; with `chance` as in teaching."""
        raise NotImplementedError

    def teach(
        self, grades: Array, groups: Array, rows: Sequence[int], plan: Mapping[str, Any]
    ) -> None:
        """Passes over some rows, pairs of one need beside each other."""
        chance = np.random.default_rng(0)
        ordinal = Ordinal(int(groups.max()) + 1).to(self.device)
        steps = [b for _ in range(plan["passes"]) for b in batches(groups, rows, plan, chance)]
        settings = [
            {"params": self.halves.upper.parameters(), "lr": plan["rate"]},
            {"params": self.own.parameters(), "lr": 2e-3, "weight_decay": 0.0},
            {"params": ordinal.parameters(), "lr": 1e-2, "weight_decay": 0.0},
        ]
        learner = torch.optim.AdamW(settings, weight_decay=0.01, fused=True)
        falling = torch.optim.lr_scheduler.LambdaLR(
            learner, lambda at: min(1.0, 10 * (at + 1) / len(steps)) * (1 - at / len(steps))
        )
        self.halves.upper.train()
        for batch in steps:
            latent = self.raw(batch, chance)
            told, whose = (
                torch.tensor(all_[batch], device=self.device) for all_ in (grades, groups)
            )
            loss = ordinal.loss(latent, told, whose, len(rows))
            learner.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(self.halves.upper.parameters(), 1.0)
            learner.step()
            falling.step()
        self.halves.upper.eval()

    @torch.no_grad()
    def latent(self, rows: Sequence[int]) -> Array:
        """(r,) what orders the pairs in some rows."""
        runs = [list(rows[at : at + RUN]) for at in range(0, len(rows), RUN)]
        return np.concatenate([self.raw(run).cpu().numpy() for run in runs])


class Bi(Form):
    """Both texts apart: the scaled cosine of their vectors, each less its mean before teaching."""

    def __init__(self, halves: Halves, ids: Ids) -> None:
        scale = nn.ParameterList([nn.Parameter(torch.tensor(6.0))])
        super().__init__(halves, scale)
        self.needs = _Side(halves, ids.needs)
        self.patents = _Side(halves, ids.patents)

    def raw(self, rows: Sequence[int], chance: np.random.Generator | None = None) -> Tensor:
        return self.own[0] * (self.needs.rows(rows) * self.patents.rows(rows)).sum(1)


class _Side:
    """Distinct texts, the lower half's work on each done once."""

    def __init__(self, halves: Halves, ids: Sequence[Sequence[int]]) -> None:
        self.halves = halves
        places: dict[tuple[int, ...], int] = {}
        self.place = [places.setdefault(tuple(text), len(places)) for text in ids]
        self.below = halves.below([list(text) for text in places])
        with torch.no_grad():
            some = [self.below[at : at + RUN] for at in range(0, len(self.below), RUN)]
            self.mean = torch.cat([halves.vectors(run) for run in some]).mean(0)

    def rows(self, rows: Sequence[int]) -> Tensor:
        """(r, h) centred unit vectors."""
        asked, where = np.unique([self.place[row] for row in rows], return_inverse=True)
        found = self.halves.vectors([self.below[at] for at in asked.tolist()])
        return functional.normalize(found - self.mean, dim=1)[
            torch.tensor(where, device=self.halves.device)
        ]


class Cross(Form):
    """Both texts as one; in teaching the sides are swapped for half of the pairs."""

    def __init__(self, halves: Halves, ids: Ids) -> None:
        self.pairs = [[*a, *b[1:]] for a, b in zip(ids.needs, ids.patents, strict=True)]
        swapped = zip(ids.patents_asking, ids.needs_asked, strict=True)
        self.swapped = [[*a, *b[1:]] for a, b in swapped]
        head = nn.Linear(halves.width, 1)
        nn.init.zeros_(head.weight)
        nn.init.zeros_(head.bias)
        super().__init__(halves, head)

    def raw(self, rows: Sequence[int], chance: np.random.Generator | None = None) -> Tensor:
        turned = chance.random(len(rows)) < 0.5 if chance else np.zeros(len(rows), np.bool_)
        sides = zip(rows, turned.tolist(), strict=True)
        texts = [(self.swapped if turn else self.pairs)[row] for row, turn in sides]
        mean = self.halves.vectors(self.halves.below(texts)) * 8
        return self.own(mean).squeeze(1)


def batches(
    groups: Array, rows: Sequence[int], plan: Mapping[str, Any], chance: np.random.Generator
) -> Iterator[list[int]]:
    """Sixteen pairs of one need together, several needs a batch."""
    whose: dict[int, list[int]] = {}
    for row in chance.permutation(list(rows)).tolist():
        whose.setdefault(int(groups[row]), []).append(row)
    parts = [own[at : at + 16] for own in whose.values() for at in range(0, len(own), 16)]
    order = chance.permutation(len(parts)).tolist()
    each = max(1, plan["batch"] // 16)
    for at in range(0, len(order), each):
        yield [row for part in order[at : at + each] for row in parts[part]]
