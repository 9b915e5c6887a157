"""Writes multilingual-e5-small as an ONNX graph: ids (b, s) int64 -> unit rows (b, 384) float32;
and other upper layers, which go on from what its lower layers give (`middle`, (b, s, 384)).

No padding and no mask: a batch holds texts of one token count.  In the int8 form each token's
activations are quantised with a scale of their own, so a vector does not depend on its batch;
ONNX Runtime's DynamicQuantizeLinear takes one scale for the whole batch and would break that.
Channels that run high are evened out first (SmoothQuant, arXiv 2211.10438, eq. 4).  Only the
model recipes need this module, and `onnx`.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from matcher.encode.e5s1 import Blocks, Container, Weights

Precision = Literal["float32", "int8"]
Array = npt.NDArray[Any]

FUSED = "com.microsoft"
TOP = 127


class Graph:
    """Collects nodes and constants under short names in the order they are asked for."""

    def __init__(self, name: str, entry: Any) -> None:
        """`entry` is the description of the one input."""
        self.name, self.entry = name, entry
        self.nodes: list[Any] = []
        self.constants: dict[str, Any] = {}
        self.outputs: list[tuple[str, Any]] = []

    def constant(self, name: str, values: Array | np.generic) -> str:
        """The name; a second constant of one name must be equal and is not stored again."""
        from onnx import numpy_helper

        if name not in self.constants:
            stored = np.asarray(values)
            shaped = np.ascontiguousarray(stored).reshape(stored.shape)
            self.constants[name] = numpy_helper.from_array(shaped, name)
        return name

    def node(self, kind: str, inputs: Sequence[str], *, domain: str = "", **settings: Any) -> str:
        """The name of the node's one output."""
        from onnx import helper

        name = f"{kind}_{len(self.nodes)}"
        self.nodes.append(
            helper.make_node(kind, inputs, [name], name=name, domain=domain, **settings)
        )
        return name

    def give(self, value: str, name: str, shape: Sequence[str | int]) -> None:
        """Make a value an output of the model."""
        from onnx import TensorProto, helper

        self.nodes.append(helper.make_node("Identity", [value], [name], name=f"give_{name}"))
        self.outputs.append((name, helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)))

    def model(self) -> bytes:
        """ONNX, the same bytes for the same calls."""
        from onnx import helper

        body = helper.make_graph(
            self.nodes,
            self.name,
            [self.entry],
            [info for _, info in self.outputs],
            list(self.constants.values()),
        )
        opsets = [helper.make_opsetid("", 20), helper.make_opsetid(FUSED, 1)]
        model = helper.make_model(
            body, opset_imports=opsets, ir_version=10, producer_name="patent-matcher"
        )
        return bytes(model.SerializeToString(deterministic=True))


class Network:
    """Layers of one set of weights on a `Graph`.

    `smooth` maps the first matrix of a group (`l0.q`, `l0.fi`) to a divisor for each channel.
    """

    def __init__(
        self, graph: Graph, weights: Weights, smooth: Mapping[str, Array], taps: bool
    ) -> None:
        self.graph, self.weights, self.smooth, self.taps = graph, weights, smooth, taps
        self.hidden = weights.shape.hidden

    def embed(self, words: Blocks) -> str:
        """Word, position and type embeddings, normed: (b, s, hidden)."""
        graph = self.graph
        half = words.quants.shape[1] // 2
        packed = words.quants[:, 0::2] | (words.quants[:, 1::2] << 4)
        word = graph.node(
            "GatherBlockQuantized",
            [
                graph.constant("emb.word", packed.reshape(-1, half)),
                "ids",
                graph.constant("emb.word.scale", words.scales.astype(np.float16)),
            ],
            domain=FUSED,
            bits=4,
            block_size=32,
            quantize_axis=1,
            gather_axis=0,
        )
        places = self.weights.vector("emb.pos").reshape(-1, self.hidden)
        kind = self.weights.vector("emb.type").reshape(-1, self.hidden)[0]
        first = graph.constant("first", np.array([0]))
        second, third = graph.constant("one", np.array([1])), graph.constant("two", np.array([2]))
        length = graph.node("Slice", [graph.node("Shape", ["ids"]), second, third])
        place = graph.node("Slice", [graph.constant("emb.pos", places + kind), first, length])
        total = graph.node("Add", [graph.node("Cast", [word], to=1), place])
        return self.norm(total, "emb.ln")

    def norm(self, value: str, name: str) -> str:
        """Layer norm by the container's weights."""
        weights = [
            self.graph.constant(f"{name}.{part}", self.weights.vector(f"{name}.{part}"))
            for part in "wb"
        ]
        epsilon = self.weights.shape.epsilon
        return self.graph.node("LayerNormalization", [value, *weights], axis=-1, epsilon=epsilon)

    def project(self, value: str, names: Sequence[str], precision: Precision) -> list[str]:
        """One linear layer for each name, all of the same input."""
        columns = self.weights.shape.inner if names[0].endswith(".fo") else self.hidden
        if self.taps:
            self.graph.give(value, f"tap.{names[0]}", ["b", "s", columns])
        weights = [self.weights.matrix(f"{name}.w", columns) for name in names]
        if precision == "float32":
            return [
                self._bias(self._dense(value, n, w), n) for n, w in zip(names, weights, strict=True)
            ]
        divisor = self.smooth.get(names[0])
        if divisor is not None:
            even = self.graph.constant(f"{names[0]}.even", 1 / divisor)
            value = self.graph.node("Mul", [value, even])
            weights = [w * divisor for w in weights]
        rows, peak = self._quantise(value)
        return [
            self._bias(self._int8(rows, peak, n, w), n) for n, w in zip(names, weights, strict=True)
        ]

    def _bias(self, value: str, name: str) -> str:
        bias = self.graph.constant(f"{name}.b", self.weights.vector(f"{name}.b"))
        return self.graph.node("Add", [value, bias])

    def _dense(self, value: str, name: str, weight: Array) -> str:
        return self.graph.node("MatMul", [value, self.graph.constant(f"{name}.w", weight.T)])

    def _quantise(self, value: str) -> tuple[str, str]:
        """Bytes around 128, and each row's largest size (b, s, 1)."""
        graph = self.graph
        size = graph.node("Abs", [value])
        last = graph.constant("last", np.array([-1]))
        peak = graph.node("ReduceMax", [size, last], keepdims=1)
        small = graph.constant("tiny", np.float32(1e-12))
        factor = graph.node(
            "Div", [graph.constant("top", np.float32(TOP)), graph.node("Max", [peak, small])]
        )
        unit = graph.constant("unit", np.float32(1))
        centre = graph.constant("centre", np.uint8(TOP + 1))
        scaled = graph.node("Mul", [value, factor])
        return graph.node("QuantizeLinear", [scaled, unit, centre]), peak

    def _int8(self, rows: str, peak: str, name: str, weight: Array) -> str:
        """Integer product of quantised rows and a weight with a scale for each output."""
        graph = self.graph
        scale = np.maximum(np.abs(weight).max(axis=1), np.float32(1e-12)) / np.float32(TOP)
        whole = np.round(weight / scale[:, None]).astype(np.int8)
        product = graph.node(
            "MatMulIntegerToFloat",
            [
                rows,
                graph.constant(f"{name}.w", whole.T),
                "unit",
                graph.constant(f"{name}.scale", scale / np.float32(TOP)),
                "centre",
            ],
            domain=FUSED,
        )
        return graph.node("Mul", [product, peak])

    def layer(self, value: str, number: int, precision: Precision) -> str:
        """One transformer layer with post-layer-norm, (b, s, hidden) to the same."""
        graph, at = self.graph, f"l{number}."
        heads = self.project(value, [f"{at}q", f"{at}k", f"{at}v"], precision)
        count = self.weights.shape.heads
        mixed = graph.node("MultiHeadAttention", heads, domain=FUSED, num_heads=count)
        [attended] = self.project(mixed, [f"{at}ao"], precision)
        value = self.norm(graph.node("Add", [attended, value]), f"{at}aln")
        [wide] = self.project(value, [f"{at}fi"], precision)
        [narrow] = self.project(graph.node("Gelu", [wide], domain=FUSED), [f"{at}fo"], precision)
        return self.norm(graph.node("Add", [narrow, value]), f"{at}oln")

    def finish(self, value: str) -> bytes:
        """The mean over all tokens, of length one, as the output `vectors`; the model."""
        graph = self.graph
        mean = graph.node("ReduceMean", [value, graph.constant("one", np.array([1]))], keepdims=0)
        unit = graph.node("LpNormalization", [mean], axis=-1, p=2)
        graph.give(unit, "vectors", ["b", self.hidden])
        return graph.model()


def half(weights: Weights) -> int:
    """How many layers are the lower ones."""
    return weights.shape.layers // 2


def write_network(
    container: Container,
    words: Blocks,
    *,
    precision: Precision,
    smooth: Mapping[str, Array] | None = None,
    taps: bool = False,
) -> bytes:
    """The ONNX model; row i of `words` is the embedding of token i.

    `middle` (b, s, hidden), what the lower half of the layers gives, is an output too; with `taps`
    the inputs of all linear layers are (`tap.l0.q` ...), for calibration.
    """
    from onnx import TensorProto, helper

    ids = helper.make_tensor_value_info("ids", TensorProto.INT64, ["b", "s"])
    graph = Graph("multilingual-e5-small", ids)
    network = Network(graph, container, smooth or {}, taps)
    value = network.embed(words)
    for number in range(container.shape.layers):
        if number == half(container):
            graph.give(value, "middle", ["b", "s", network.hidden])
        value = network.layer(value, number, precision)
    return network.finish(value)


def write_upper(
    weights: Weights,
    *,
    precision: Precision,
    smooth: Mapping[str, Array] | None = None,
    taps: bool = False,
) -> bytes:
    """The upper half of the layers as a model of its own, `middle` to `vectors`."""
    from onnx import TensorProto, helper

    shape: list[str | int | None] = ["b", "s", weights.shape.hidden]
    graph = Graph("upper-layers", helper.make_tensor_value_info("middle", TensorProto.FLOAT, shape))
    network = Network(graph, weights, smooth or {}, taps)
    value = "middle"
    for number in range(half(weights), weights.shape.layers):
        value = network.layer(value, number, precision)
    return network.finish(value)
