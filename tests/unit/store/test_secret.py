"""What is kept of passwords and tokens."""

import re

from matcher.store.secret import KEY_PREFIX, aged, digest, fits, hashed, new_id, new_token


def test_a_password_fits_its_own_hash_alone() -> None:
    stored = hashed("马蹄莲与铁观音")
    assert stored.startswith("$argon2id$") and "马蹄莲" not in stored
    assert fits(stored, "马蹄莲与铁观音")
    assert not fits(stored, "马蹄莲与铁观音 ")
    assert hashed("马蹄莲与铁观音") != stored
    assert not aged(stored)


def test_a_weaker_hash_is_aged_and_a_damaged_one_fits_nothing() -> None:
    from argon2 import PasswordHasher

    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("x")
    assert aged(weak) and fits(weak, "x")
    assert not fits("", "x") and not fits("$argon2id$broken", "x")


def test_a_digest_depends_on_secret_use_and_token() -> None:
    found = digest("s" * 32, "session", "t")
    assert found == "5acbcb3d76d49cc383707982ffe1608283aea1a99ee601c8795591c6486b634d"
    others = {digest("s" * 31, "session", "t"), digest("s" * 32, "key", "t"),
              digest("s" * 32, "session", "u")}  # fmt: skip
    assert len(others | {found}) == 4
    assert re.fullmatch("[0-9a-f]{64}", digest("", "key", "\ud800"))


def test_tokens_and_ids_are_never_the_same() -> None:
    assert len({new_token() for _ in range(200)} | {new_id("o") for _ in range(200)}) == 400
    assert re.fullmatch(r"pmk_[\w-]{43}", new_token(KEY_PREFIX))
    assert re.fullmatch("o-[0-9a-f]{16}", new_id("o"))
