"""Finds how far each channel of the network runs, and evens it out before int8.

SmoothQuant (arXiv 2211.10438, eq. 4): divisor = largest activation ^ a / largest weight ^ (1 - a).
Only the model recipes need this module.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from matcher.encode.e5s1 import Weights
from matcher.encode.exactly import options

Array = npt.NDArray[Any]

GROUPS = (("q", "k", "v"), ("fi",))
STEPS = 4


def channel_peaks(model: bytes, inputs: Sequence[Array]) -> dict[str, Array]:
    """Largest size of each channel over the texts, each an input of the model, for each `tap.`
    output of a float32 model."""
    session = _session(model)
    taps = [out.name for out in session.get_outputs() if out.name.startswith("tap.")]
    [entry] = session.get_inputs()
    peaks: dict[str, Array] = {}
    for text in inputs:
        for name, values in zip(taps, session.run(taps, {entry.name: text}), strict=True):
            top = np.abs(values).max(axis=(0, 1))
            key = name.removeprefix("tap.")
            peaks[key] = np.maximum(peaks.get(key, top), top)
    return peaks


def run_texts(model: bytes, inputs: Sequence[Array], output: str) -> list[Array]:
    """One output of a model for each text."""
    session = _session(model)
    [entry] = session.get_inputs()
    return [np.asarray(session.run([output], {entry.name: text})[0]) for text in inputs]


def _session(model: bytes) -> Any:
    import onnxruntime

    return onnxruntime.InferenceSession(model, options(), providers=["CPUExecutionProvider"])


def divisors(weights: Weights, peaks: dict[str, Array], power: float) -> dict[str, Array]:
    """Channel divisors by the first matrix of each group that reads a layer norm, in the layers
    that the peaks are of.

    Snapped to quarter powers of two, so that the last bits of a processor's sums do not change
    the model file.
    """
    found: dict[str, Array] = {}
    layers = sorted({int(name[1 : name.index(".")]) for name in peaks})
    for number in layers:
        for group in GROUPS:
            names = [f"l{number}.{part}" for part in group]
            tops = [
                np.abs(weights.matrix(f"{name}.w", weights.shape.hidden)).max(axis=0)
                for name in names
            ]
            weight = np.maximum(np.max(tops, axis=0), 1e-6)
            peak = np.maximum(peaks[names[0]], 1e-6)
            exponent = power * np.log2(peak) - (1 - power) * np.log2(weight)
            exponent -= exponent.mean()
            found[names[0]] = np.exp2(np.round(exponent * STEPS) / STEPS).astype(np.float32)
    return found
