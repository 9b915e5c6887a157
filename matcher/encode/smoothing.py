"""Finds how far each channel of the network runs, and evens it out before int8.

SmoothQuant (arXiv 2211.10438, eq. 4): divisor = largest activation ^ a / largest weight ^ (1 - a).
Only the model recipes need this module.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from matcher.encode.e5s1 import Container

Array = npt.NDArray[Any]

GROUPS = (("q", "k", "v"), ("fi",))
STEPS = 4


def channel_peaks(model: bytes, ids: Sequence[Sequence[int]]) -> dict[str, Array]:
    """Largest size of each channel over the texts, for each `tap.` output of a float32 model."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    taps = [out.name for out in session.get_outputs() if out.name.startswith("tap.")]
    peaks: dict[str, Array] = {}
    for text in ids:
        for name, values in zip(taps, session.run(taps, {"ids": np.array([text])}), strict=True):
            top = np.abs(values).max(axis=(0, 1))
            key = name.removeprefix("tap.")
            peaks[key] = np.maximum(peaks.get(key, top), top)
    return peaks


def divisors(container: Container, peaks: dict[str, Array], power: float) -> dict[str, Array]:
    """Channel divisors by the first matrix of each group that reads a layer norm.

    Snapped to quarter powers of two, so that the last bits of a processor's sums do not change
    the model file.
    """
    found: dict[str, Array] = {}
    for number in range(container.shape.layers):
        for group in GROUPS:
            names = [f"l{number}.{part}" for part in group]
            weights = [
                np.abs(container.blocks(f"{name}.w", container.shape.hidden).dense()).max(axis=0)
                for name in names
            ]
            weight = np.maximum(np.max(weights, axis=0), 1e-6)
            peak = np.maximum(peaks[names[0]], 1e-6)
            exponent = power * np.log2(peak) - (1 - power) * np.log2(weight)
            exponent -= exponent.mean()
            found[names[0]] = np.exp2(np.round(exponent * STEPS) / STEPS).astype(np.float32)
    return found
