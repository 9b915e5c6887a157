"""The seams.  Each Protocol is one written promise, tested once for every implementation in
`tests/contract/`."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from matcher.matches import Hit
from matcher.records import Feedback, Need, Patent

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
Chances = NDArray[np.float64]


class Encoder(Protocol):
    """Texts to unit vectors.

    `(n,)` texts -> `(n, dim)` float32, unit rows, zeros for a blank text, never NaN; the same
    text gives the same vector alone or in a batch; `fingerprint` changes when vectors would.
    Records are found by the first `searched` columns, brought to length one, and graded by all."""

    @property
    def dim(self) -> int: ...

    @property
    def searched(self) -> int: ...

    @property
    def fingerprint(self) -> str: ...

    def encode_needs(self, texts: Sequence[str]) -> FloatArray: ...

    def encode_patents(self, texts: Sequence[str]) -> FloatArray: ...


class VectorIndex(Protocol):
    """Nearest neighbours by inner product of unit rows.

    At most k hits a query, best first, ties by id; only ids `allowed` marks, and all of them
    when fewer than k; scores within 1e-5 of brute force for exact kinds, a stated recall floor
    for others.  A rejected call changes nothing."""

    @property
    def ids(self) -> Sequence[str]:
        """The ids in row order: `allowed` masks speak of these rows."""
        ...

    @property
    def kind(self) -> str:
        """Name and settings, for provenance."""
        ...

    @property
    def exact(self) -> bool:
        """Whether scores are within 1e-5 of brute force and no neighbour is missed."""
        ...

    def add(self, ids: Sequence[str], vectors: FloatArray) -> None:
        """New ids (n,) with unit rows (n, d).

        :raises BadInput: an id is there already or comes twice.
        :raises DimensionMismatch: rows of another length or number."""
        ...

    def replace(self, ids: Sequence[str], vectors: FloatArray) -> None:
        """As `add`, for ids that are there.  :raises UnknownId: one is not."""
        ...

    def remove(self, ids: Sequence[str]) -> None:
        """:raises UnknownId: one is not there."""
        ...

    def search(
        self, queries: FloatArray, k: int, *, allowed: BoolArray | None = None
    ) -> list[list[Hit]]:
        """(m, d) queries to m lists of at most k hits; `allowed` (n,) marks rows of `ids`.

        :raises DimensionMismatch: queries or mask of another length."""
        ...

    def scores(self, query: FloatArray, rows: IntArray) -> FloatArray:
        """Inner products of one query (d,) with the given rows (r,) of `ids`."""
        ...

    def every(self, queries: FloatArray) -> FloatArray:
        """Inner products (m, n) of queries (m, d) with all rows, as one matrix product: as near
        to `scores` as `exact` says, and not the same to the last bit."""
        ...


class Store(Protocol):
    """The truth.  What was put is read back equal; put is idempotent by id and
    all-or-nothing; an unknown id is named."""

    def put_patents(
        self,
        items: Sequence[Patent],
        *,
        gone: Sequence[str] = (),
        claims: Mapping[str, str] = ...,
    ) -> None:
        """Put `items` and remove the ids in `gone` (records that became part of another, which
        takes over the answers about them); `claims` are ids -> the organisation that owns them
        from now on, if nobody does."""
        ...

    def put_needs(self, items: Sequence[Need], *, claims: Mapping[str, str] = ...) -> None: ...

    def put_feedback(self, items: Sequence[Feedback]) -> None:
        """One a need, patent and person.  Whether need and patent are there is not asked."""
        ...

    def patents(self, ids: Sequence[str]) -> list[Patent]:
        """In the order asked.  :raises UnknownId: names the first that is not there."""
        ...

    def needs(self, ids: Sequence[str]) -> list[Need]:
        """In the order asked.  :raises UnknownId: names the first that is not there."""
        ...

    def each_patent(self) -> Iterator[Patent]:
        """All, by id."""
        ...

    def each_need(self) -> Iterator[Need]:
        """All, by id."""
        ...

    def each_feedback(self) -> Iterator[Feedback]:
        """All, by need, patent and person."""
        ...

    def feedback_of(self, need_ids: Sequence[str]) -> list[Feedback]:
        """All answers for these needs, in that order; a need without one has none."""
        ...

    def owners_of(self, keys: Sequence[str]) -> Mapping[str, str]:
        """Identity keys that are known -> the id of the patent that holds each."""
        ...

    def snapshot(self) -> str:
        """A short text that changes whenever a patent or need does, and with nothing else."""
        ...

    def feedback_snapshot(self) -> str:
        """A short text that changes whenever an answer does, and with nothing else."""
        ...


class Judge(Protocol):
    """Grades needs and patents that were brought together, as the experts would.

    A patent that has a title alone, a need without sections and blank texts are normal input;
    the same pair gives the same chances alone or among others."""

    @property
    def name(self) -> str:
        """Which ranker this is, with all that changes its chances, for provenance."""
        ...

    def chances(self, needs: Sequence[Need], patents: Sequence[Patent]) -> Chances:
        """(n,) needs and (n,) patents, the i-th with the i-th, to (n, 4) float64 chances of
        grades 1-4; no NaN, rows sum to 1 within 1e-6; n = 0 gives (0, 4)."""
        ...
