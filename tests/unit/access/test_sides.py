"""What organisations see of each other's records, and what each kind brings."""

import pytest

from matcher.access import policy
from matcher.access.people import KINDS, Organisation
from matcher.access.policy import Held
from matcher.records import Level

CENTRE = Organisation(id="u", kind="centre", name="云麓大学")
COMPANY = Organisation(id="c", kind="company", name="青屿公司", park_id="p")


@pytest.mark.parametrize(
    ("level", "named", "told"),
    [("公开", (), True), ("脱敏", (), True), ("授权可见", (), False), ("授权可见", ("u",), True)],
)
def test_an_organisation_sees_what_is_not_kept_from_it(
    level: Level, named: tuple[str, ...], told: bool
) -> None:
    need = Held(side="needs", level=level, owner=COMPANY, named=frozenset(named))
    assert policy.sees(CENTRE, need) == told


def test_every_kind_has_its_line_on_what_it_uploads() -> None:
    assert set(policy.UPLOADING) == set(KINDS)
