"""8-bit products are whole, whatever the processor."""

from typing import Any

import numpy as np
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from matcher.encode import exactly


def graph(kind: str, entries: list[Any], constants: list[Any] | None = None, **made: Any) -> bytes:
    told = helper.make_tensor_value_info("y", made.pop("gives"), ["m", "n"])
    names = [one.name for one in (*entries, *(constants or []))]
    node = helper.make_node(kind, names, ["y"], **made)
    body = helper.make_graph([node], "p", entries, [told], constants or [])
    opsets = [helper.make_opsetid("", 20)]
    if made:
        opsets.append(helper.make_opsetid(made["domain"], 1))
    model = helper.make_model(body, opset_imports=opsets, ir_version=10)
    return bytes(model.SerializeToString(deterministic=True))


def entry(name: str, kind: int, *shape: str) -> Any:
    return helper.make_tensor_value_info(name, kind, list(shape))


def test_the_product_that_is_tried_is_what_it_says() -> None:
    entries = [entry("a", TensorProto.UINT8, "m", "k"), entry("w", TensorProto.INT8, "k", "n")]
    assert graph("MatMulInteger", entries, gives=TensorProto.INT32) == exactly.PRODUCT


def test_sums_that_need_more_than_sixteen_bits_are_whole() -> None:
    weights = np.random.default_rng(0).choice([-127, 127, 126], (64, 32)).astype(np.int8)
    rows = np.random.default_rng(1).choice([255, 254, 0], (5, 64)).astype(np.uint8)
    constants = [
        numpy_helper.from_array(weights, "w"),
        numpy_helper.from_array(np.array(1, np.float32), "unit"),
        numpy_helper.from_array(np.ones(32, np.float32), "scale"),
        numpy_helper.from_array(np.array(128, np.uint8), "centre"),
    ]
    model = graph(
        "MatMulIntegerToFloat", [entry("a", TensorProto.UINT8, "m", "k")], constants,
        gives=TensorProto.FLOAT, domain="com.microsoft",
    )  # fmt: skip
    session = onnxruntime.InferenceSession(
        model, exactly.options(), providers=["CPUExecutionProvider"]
    )
    expected = (rows.astype(np.int64) - 128) @ weights.astype(np.int64)
    np.testing.assert_array_equal(session.run(["y"], {"a": rows})[0], expected)


@pytest.mark.parametrize(("cut", "level"), [(True, "EXTENDED"), (False, "BASIC")])
def test_graphs_run_as_written_where_nothing_overflows(
    monkeypatch: pytest.MonkeyPatch, cut: bool, level: str
) -> None:
    monkeypatch.setattr(exactly, "cuts_off", lambda: cut)
    made = exactly.options()
    assert made.graph_optimization_level.name == f"ORT_ENABLE_{level}"
    assert (made.intra_op_num_threads, made.inter_op_num_threads) == (1, 1)
    if cut:
        assert made.get_session_config_entry(exactly.PRECISE) == "1"
