"""A ranker as one safetensors file: arrays, and a JSON text for what is no array.

Strings are bytes of UTF-8, one entry a line.  The same ranker gives the same bytes."""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from hashlib import blake2b
from typing import Any

import numpy as np

from matcher.errors import ModelBroken
from matcher.protocols import IntArray
from matcher.rank.features import FEATURES, Centres
from matcher.rank.fields import Fields
from matcher.rank.gaussian import Prior
from matcher.rank.memory import Kernel, Memory, Pairs
from matcher.rank.ordinal import Scale, Scales
from matcher.rank.ranker import Additive, Bare, Ranker, Taught
from matcher.rank.shapes import Shapes
from matcher.rank.terms import Frequencies, Terms
from matcher.text.words import Segmenter

FORMAT = "1"
Arrays = dict[str, np.ndarray[Any, Any]]
_DAMAGE = (ValueError, KeyError, TypeError, IndexError, RecursionError)


def to_bytes(ranker: Ranker) -> bytes:
    """The file's content."""
    from safetensors.numpy import save

    centres, fields, memory = ranker.centres, ranker.fields, ranker.memory
    arrays: Arrays = {
        "centres": np.stack([centres.needs, centres.titles, centres.wholes]),
        "axes": centres.axes,
        "fields.names": _lines(fields.names),
        "fields.weights": fields.weights.astype(np.float16),
        "fields.offsets": fields.offsets,
        "fields.homes": fields.homes.astype(np.float16),
        "slopes": ranker.additive.slopes,
        "bare.slopes": ranker.bare.slopes,
        **_shapes("shapes", ranker.additive.shapes),
        **_shapes("aspect", ranker.additive.aspect),
        **_memory(memory),
        "taught.columns": ranker.taught.columns,
        "taught.grades": ranker.taught.grades,
        "taught.groups": _lines(ranker.taught.groups),
        **_frequencies(ranker.terms.known),
    }
    about = {
        "format": FORMAT,
        "name": ranker.name,
        "encoder": ranker.encoder,
        "mean": ranker.mean,
        "bare": {"mean": ranker.bare.mean, "scale": asdict(ranker.bare.scale)},
        "bridge": [centres.factor, centres.step],
        "prior": asdict(ranker.prior),
        "scale": asdict(ranker.scales),
        "features": [name for name, _ in FEATURES],
        "texts": ranker.terms.known.texts,
        "mean_words": ranker.terms.known.mean_words,
        "mean_grams": ranker.terms.known.mean_grams,
    }
    told = json.dumps(about, ensure_ascii=False, sort_keys=True)
    return bytes(save({k: np.ascontiguousarray(v) for k, v in arrays.items()}, {"about": told}))


def from_bytes(content: bytes, segmenter: Segmenter) -> Ranker:
    """What `to_bytes` wrote.  :raises ModelBroken: damaged, or of another version."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        arrays = load(content)
        length = int.from_bytes(content[:8], "little")
        about = json.loads(json.loads(content[8 : 8 + length])["__metadata__"]["about"])
        if about["format"] != FORMAT or about["features"] != [name for name, _ in FEATURES]:
            raise ValueError("made by another version")
        found = replace(_ranker(arrays, about, segmenter), digest=digest(content))
        if not _fits(found):
            raise ValueError("arrays of lengths that do not fit together")
        return found
    except (SafetensorError, *_DAMAGE) as error:
        raise ModelBroken(
            "排序模型文件已损坏,或由其他版本生成;您的专利和需求数据不受影响。请重新安装本软件。"
        ) from error


def digest(content: bytes) -> str:
    """What a file is told from others by."""
    return blake2b(content, digest_size=16).hexdigest()


def _ranker(arrays: Arrays, about: Mapping[str, Any], segmenter: Segmenter) -> Ranker:
    needs, titles, wholes = arrays["centres"]
    factor, step = about["bridge"]
    # A ranker that a home was taught before there were axes compares whole vectors.
    axes = arrays.get("axes", np.eye(len(needs), dtype=np.float32))
    (title_words, whole_words), (title_grams, whole_grams) = (
        about["mean_words"],
        about["mean_grams"],
    )
    names = tuple(_strings(arrays["fields.names"]))
    fields = Fields(
        names,
        arrays["fields.weights"].astype(np.float32),
        arrays["fields.offsets"],
        arrays["fields.homes"].astype(np.float32),
        {name: place for place, name in enumerate(names)},
    )
    known = Frequencies(
        about["texts"],
        _counted(arrays, "words"),
        _counted(arrays, "grams"),
        (title_words, whole_words),
        (title_grams, whole_grams),
    )
    pairs = Pairs(
        arrays["memory.needs"].astype(np.float32),
        arrays["memory.patents"].astype(np.float32),
        arrays["memory.need_rows"].astype(np.int64),
        arrays["memory.patent_rows"].astype(np.int64),
    )
    wanted = about["prior"]
    prior = Prior(
        wanted["noise"], wanted["slope"], Kernel(**wanted["kernel"]), tuple(wanted["knots"])
    )
    return Ranker(
        about["name"],
        about["encoder"],
        Centres(needs, titles, wholes, factor, step, axes),
        fields,
        Terms(known, segmenter),
        Additive(_shaped(arrays, "shapes"), _shaped(arrays, "aspect"), _both(arrays["slopes"])),
        about["mean"],
        Memory(pairs, _both(arrays["memory.weights"]), prior.kernel),
        _scales(about["scale"]),
        Taught(
            arrays["taught.columns"],
            arrays["taught.grades"],
            tuple(_strings(arrays["taught.groups"])),
        ),
        prior,
        Bare(_both(arrays["bare.slopes"]), about["bare"]["mean"], _scale(about["bare"]["scale"])),
    )


def _both(told: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    # A ranker that a home was taught before there were two latents has the one for both.
    return told if told.ndim == 2 else np.stack([told, told], axis=1)


def _scales(told: Mapping[str, Any]) -> Scales:
    # A ranker that a home was taught before says the same of needs that were graded and others.
    if "thresholds" in told:
        return Scales(_scale(told), _scale(told))
    return Scales(_scale(told["unseen"]), _scale(told["known"]))


def _scale(told: Mapping[str, Any]) -> Scale:
    # A ranker that a home was taught before the curves had slopes of their own has one for all.
    slopes = told["slopes"] if "slopes" in told else [told["slope"]] * 3
    first, second, third = slopes
    return Scale((first, second, third), tuple(told["thresholds"]))


def _fits(ranker: Ranker) -> bool:
    """Whether the arrays' lengths fit together: damage would show in the middle of a search."""
    fields, additive, taught = ranker.fields, ranker.additive, ranker.taught
    pairs, dim, names = ranker.memory.pairs, len(ranker.centres.needs), len(fields.names)
    count, width = len(taught.grades), len(additive.slopes)
    both = (additive.shapes, additive.aspect)
    return (
        (fields.weights.shape, fields.offsets.shape) == ((dim, names), (names,))
        and fields.homes.shape == (names, names)
        and all(one.means.shape == one.spreads.shape == one.knots.shape[:1] for one in both)
        and sum(len(one.means) * one.width for one in both) == width
        and additive.slopes.shape == ranker.bare.slopes.shape == (width, 2)
        and taught.columns.shape == (count, width)
        and (len(taught.groups), ranker.memory.weights.shape) == (count, (count, 2))
        and pairs.need_rows.shape == pairs.patent_rows.shape == (count,)
        and ranker.centres.axes.shape == (dim, pairs.patents.shape[1])
        and pairs.needs.shape[1] == dim
        and _within(pairs.need_rows, len(pairs.needs))
        and _within(pairs.patent_rows, len(pairs.patents))
    )


def _within(rows: IntArray, count: int) -> bool:
    return not len(rows) or bool(rows.min() >= 0 and rows.max() < count)


def _shapes(name: str, shapes: Shapes) -> Arrays:
    return {
        f"{name}.means": shapes.means,
        f"{name}.spreads": shapes.spreads,
        f"{name}.knots": shapes.knots,
    }


def _shaped(arrays: Arrays, name: str) -> Shapes:
    return Shapes(arrays[f"{name}.means"], arrays[f"{name}.spreads"], arrays[f"{name}.knots"])


def _memory(memory: Memory) -> Arrays:
    pairs = memory.pairs
    return {
        "memory.needs": pairs.needs.astype(np.float16),
        "memory.patents": pairs.patents.astype(np.float16),
        "memory.need_rows": pairs.need_rows.astype(np.int32),
        "memory.patent_rows": pairs.patent_rows.astype(np.int32),
        "memory.weights": memory.weights,
    }


def _frequencies(known: Frequencies) -> Arrays:
    found: Arrays = {}
    for name, counts in (("words", known.words), ("grams", known.grams)):
        ordered = sorted(counts)
        found[f"terms.{name}"] = _lines(ordered)
        found[f"terms.{name}.texts"] = np.array([counts[term] for term in ordered], dtype=np.int32)
    return found


def _counted(arrays: Arrays, name: str) -> dict[str, int]:
    counts = arrays[f"terms.{name}.texts"].tolist()
    return dict(zip(_strings(arrays[f"terms.{name}"]), counts, strict=True))


def _lines(entries: tuple[str, ...] | list[str]) -> np.ndarray[Any, Any]:
    return np.frombuffer("\n".join(entries).encode("utf-8"), dtype=np.uint8)


def _strings(content: np.ndarray[Any, Any]) -> list[str]:
    text = content.tobytes().decode("utf-8")
    return text.split("\n") if text else []
