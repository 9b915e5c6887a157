"""A BERT in two halves: the lower one frozen, its output for each text computed once and kept."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

DROPPED = 0.1
RUN = 128


class Layer(nn.Module):
    """One post-norm transformer layer over the modules of a `transformers.BertLayer`."""

    def __init__(self, layer: Any, heads: int) -> None:
        super().__init__()
        inner, self.heads = layer.attention.self, heads
        self.query, self.key, self.value = inner.query, inner.key, inner.value
        self.out, self.first = layer.attention.output.dense, layer.attention.output.LayerNorm
        self.up, self.down = layer.intermediate.dense, layer.output.dense
        self.second = layer.output.LayerNorm

    def forward(self, value: Tensor, mask: Tensor) -> Tensor:
        """(b, s, h) to the same; `mask` (b, 1, 1, s) is true where there is a token."""
        drop = DROPPED if self.training else 0.0
        split = [
            part(value).unflatten(2, (self.heads, -1)).transpose(1, 2)
            for part in (self.query, self.key, self.value)
        ]
        mixed = functional.scaled_dot_product_attention(*split, attn_mask=mask, dropout_p=drop)
        attended = self.out(mixed.transpose(1, 2).flatten(2))
        value = self.first(value + functional.dropout(attended, drop))
        wide = self.down(functional.gelu(self.up(value)))
        return self.second(value + functional.dropout(wide, drop))


def on_best(network: Any) -> Any:
    """The network on the GPU, where torch sees one."""
    return network.to("cuda" if torch.cuda.is_available() else "cpu")


class Halves:
    """`bert` is a `transformers.BertModel`, on whatever device it lies; only `upper` learns."""

    def __init__(self, bert: Any) -> None:
        heads = bert.config.num_attention_heads
        self.width = int(bert.config.hidden_size)
        layers = [Layer(layer, heads) for layer in bert.encoder.layer]
        self.embeddings = bert.embeddings
        self.lower = nn.ModuleList(layers[: len(layers) // 2])
        self.upper = nn.ModuleList(layers[len(layers) // 2 :])
        self.device = bert.embeddings.word_embeddings.weight.device
        for weight in bert.parameters():
            weight.requires_grad = False
        for weight in self.upper.parameters():
            weight.requires_grad = True
        bert.eval()

    @torch.no_grad()
    def below(self, texts: Sequence[Sequence[int]]) -> list[Tensor]:
        """(n,) token ids to what the lower half makes of each, (tokens, h) in bfloat16."""
        found: list[Tensor] = [torch.empty(0)] * len(texts)
        order = np.argsort([len(text) for text in texts], kind="stable")
        for at in range(0, len(order), RUN):
            rows = order[at : at + RUN].tolist()
            ids = nn.utils.rnn.pad_sequence([torch.tensor(texts[i]) for i in rows], True)
            mask = self._mask([len(texts[i]) for i in rows])
            with torch.autocast(self.device.type, torch.bfloat16):
                value = self.embeddings(ids.to(self.device))
                for layer in self.lower:
                    value = layer(value, mask)
            for place, row in enumerate(rows):
                found[row] = value[place, : len(texts[row])].to(torch.bfloat16).clone()
        return found

    def vectors(self, below: Sequence[Tensor]) -> Tensor:
        """What the upper half makes of them: (n, h) unit rows, the mean over all tokens."""
        value = nn.utils.rnn.pad_sequence([one.float() for one in below], True)
        mask = self._mask([len(one) for one in below])
        with torch.autocast(self.device.type, torch.bfloat16):
            for layer in self.upper:
                value = layer(value, mask)
        weight = mask[:, 0, 0, :, None]
        mean = (value.float() * weight).sum(1) / weight.sum(1)
        return functional.normalize(mean, dim=1)

    def _mask(self, lengths: Sequence[int]) -> Tensor:
        present = torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]
        return present[:, None, None].to(self.device)
