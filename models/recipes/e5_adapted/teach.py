"""One pass over titles: their IPC subclasses, and which abstract belongs to which title."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from models.recipes.halves import Halves

Array = np.ndarray[Any, Any]
SORTED = 32


@dataclass(frozen=True)
class Texts:
    """What the lower half makes of (n,) titles, their shares of IPC subclasses (n, c), and of
    (m,) other titles and one or more windows of the abstract of each."""

    titles: Sequence[Tensor]
    shares: Array
    heads: Sequence[Tensor]
    windows: Sequence[Sequence[Tensor]]


def teach(halves: Halves, texts: Texts, plan: Mapping[str, Any], seed: int) -> None:
    """Train the upper half in place; says every fifty steps how far it is."""
    chance = np.random.default_rng(seed)
    with torch.no_grad():
        some = chance.permutation(len(texts.titles))[:2048].tolist()
        middle = halves.vectors([texts.titles[row] for row in some]).mean(0)
    head = nn.Linear(len(middle), texts.shares.shape[1]).to(halves.device)
    groups = [
        {"params": halves.upper.parameters(), "lr": plan["rate"]},
        {"params": head.parameters(), "lr": plan["head_rate"]},
    ]
    steps = list(_batches(texts, plan, chance))
    learner = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)

    def rate(step: int) -> float:
        return min(1.0, (step + 1) / plan["warm"]) * max(0.02, 1 - step / len(steps))

    falling = torch.optim.lr_scheduler.LambdaLR(learner, rate)
    pairs = _pairs(len(texts.heads), plan, chance)
    halves.upper.train()
    for step, rows in enumerate(steps):
        told = halves.vectors([texts.titles[row] for row in rows])
        odds = head((told - middle) * plan["sharpness"])
        loss = functional.cross_entropy(
            odds, torch.tensor(texts.shares[rows], device=halves.device)
        )
        if step % 50 == 0:
            print(f"step {step} of {len(steps)}: {loss.item():.3f}", flush=True)
        if step % plan["every"] == 0:
            loss = loss + _contrast(halves, texts, next(pairs), (plan["temperature"], chance))
        learner.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(halves.upper.parameters(), 1.0)
        learner.step()
        falling.step()
    halves.upper.eval()


def _contrast(
    halves: Halves, texts: Texts, rows: Sequence[int], how: tuple[float, np.random.Generator]
) -> Tensor:
    """InfoNCE both ways within the batch."""
    temperature, chance = how
    asked = halves.vectors([texts.heads[row] for row in rows])
    windows = [texts.windows[row] for row in rows]
    told = halves.vectors([found[chance.integers(len(found))] for found in windows])
    likeness = asked @ told.T / temperature
    right = torch.arange(len(rows), device=halves.device)
    both = functional.cross_entropy(likeness, right) + functional.cross_entropy(likeness.T, right)
    return both / 2


def _batches(
    texts: Texts, plan: Mapping[str, Any], chance: np.random.Generator
) -> Iterator[list[int]]:
    """Titles that bear a subclass, in random batches of like length."""
    size = plan["titles"]
    for _ in range(plan["passes"]):
        order = chance.permutation(np.flatnonzero(texts.shares.any(axis=1)))
        for at in range(0, len(order), size * SORTED):
            part = sorted(
                order[at : at + size * SORTED].tolist(), key=lambda i: len(texts.titles[i])
            )
            found = [part[i : i + size] for i in range(0, len(part), size)]
            yield from (found[i] for i in chance.permutation(len(found)))


def _pairs(count: int, plan: Mapping[str, Any], chance: np.random.Generator) -> Iterator[list[int]]:
    while True:
        order, size = chance.permutation(count).tolist(), plan["pairs"]
        yield from (order[at : at + size] for at in range(0, count - size + 1, size))
