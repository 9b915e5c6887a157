"""Sessions of ONNX Runtime whose 8-bit products are whole on every processor.

Processors with VNNI add products of bytes in 32 bits.  Older ones with AVX2 or AVX-512 alone add
pairs of them in 16 bits, where 255 * 127 * 2 does not fit and is cut off without a word: vectors
of the int8 encoder then stray (a cosine of 0.95 on a small network).  ONNX Runtime has a slower
kernel for these; which processor is one of them is found out by a product that does not fit."""

from functools import cache
from typing import Any

import numpy as np

# One MatMulInteger of bytes `a` (m, k) and signed bytes `w` (k, n) to `y`, as ONNX writes it; a
# test writes it again.
PRODUCT = bytes.fromhex(
    "080a3a620a180a01610a0177120179220d4d61744d756c496e74656765721201705a150a016112100a0e0802120a"
    "0a0312016d0a0312016b5a150a017712100a0e0803120a0a0312016b0a0312016e62150a017912100a0e0806120a"
    "0a0312016d0a0312016e42040a001014"
)
LARGEST, TOP, DEPTH = 255, 127, 8
PRECISE = "session.x64quantprecision"


@cache
def cuts_off() -> bool:
    """Whether this processor's sums of 8-bit products overflow."""
    import onnxruntime

    session = onnxruntime.InferenceSession(PRODUCT, providers=["CPUExecutionProvider"])
    pair = {"a": np.full((1, DEPTH), LARGEST, np.uint8), "w": np.full((DEPTH, 1), TOP, np.int8)}
    [[found]] = session.run(["y"], pair)[0].tolist()
    return bool(found != LARGEST * TOP * DEPTH)


def options() -> Any:
    """`SessionOptions` for a graph that is written as it should run, on one core.  Where sums
    overflow the weights are taken as unsigned, which ONNX Runtime does while it fuses."""
    import onnxruntime

    found, level = onnxruntime.SessionOptions(), onnxruntime.GraphOptimizationLevel
    found.intra_op_num_threads = found.inter_op_num_threads = 1
    # Further fusions gained nothing when measured.
    found.graph_optimization_level = level.ORT_ENABLE_BASIC
    if cuts_off():
        found.add_session_config_entry(PRECISE, "1")
        found.graph_optimization_level = level.ORT_ENABLE_EXTENDED
    return found
