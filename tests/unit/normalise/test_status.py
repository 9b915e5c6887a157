from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.normalise.status import expiry_of, fold_status, is_read, status_of

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        # incoPat 专利有效性, 当前法律状态
        ("有效", "有效"), ("失效", "失效"), ("审中", "审中"), ("授权", "有效"),
        ("实质审查", "审中"),
        ("公开", "审中"), ("未缴年费", "失效"), ("PCT-有效期内", "审中"),
        ("PCT-有效期满", "未知"),
        # PatSnap 简单法律状态, 法律状态/事件
        ("PCT指定期内", "审中"), ("PCT指定期满", "未知"), ("未确认", "未知"), ("公开 1", "审中"),
        ("实质审查 2", "审中"), ("授权 3", "有效"), ("避免重复授权 8", "失效"),
        ("撤回 11", "失效"),
        ("撤回-视为撤回 17", "失效"), ("驳回 13", "失效"), ("全部撤销 14", "失效"),
        ("期限届满 15", "失效"), ("未缴年费 16", "失效"), ("权利恢复 21", "有效"),
        ("权利终止 22", "失效"), ("部分无效 23", "有效"), ("申请终止 24", "失效"),
        ("放弃 30", "失效"),
        ("PCT未进入指定国-指定期内 222", "审中"), ("PCT进入指定国-指定期满 224", "未知"),
        ("PCT未进入指定国-指定期满 225", "失效"),
        ("授权 3 | 权利转移", "有效"), ("授权 3 | 权利终止 22", "失效"),
        ("授权 | 未缴年费 | 权利恢复", "有效"), ("公开 1 | 授权 3", "有效"),
        # Wanfang, CNIPA
        ("专利权的终止(未缴年费专利权终止)", "失效"), ("专利权有效期届满", "失效"),
        ("发明专利申请公布", "审中"), ("实质审查的生效", "审中"), ("专利权维持", "有效"),
        ("发明专利申请公布后的驳回", "失效"), ("发明专利申请公布后的视为撤回", "失效"),
        ("未缴年费专利权终止，等恢复", "失效"), ("等年费滞纳金", "有效"),
        ("一通出案待答复", "审中"),
        ("驳回等复审请求", "审中"), ("逾期视撤", "失效"), ("专利权全部无效", "失效"),
        ("专利权的转移", "未知"), ("专利实施许可合同备案的生效", "未知"), ("", "未知"),
        ("无", "未知"),
    ],
)  # fmt: skip
def test_every_vendors_words_are_folded(raw: str, status: str) -> None:
    assert fold_status(raw) == status
    assert is_read(raw)


def test_unknown_words_are_unknown_and_said_to_be() -> None:
    assert (fold_status("甲乙丙"), is_read("甲乙丙")) == ("未知", False)


@given(st.text(max_size=20))
def test_any_words_give_a_status(raw: str) -> None:
    assert fold_status(raw) in ("有效", "审中", "失效", "未知")


@pytest.mark.parametrize(
    ("kind", "filed", "expiry"),
    [
        ("发明", date(2010, 5, 31), date(2030, 5, 31)),
        ("实用新型", date(2012, 5, 31), date(2022, 5, 31)),
        ("外观设计", date(2021, 5, 31), date(2031, 5, 31)),
        ("外观设计", date(2021, 6, 1), date(2036, 6, 1)),
        (None, date(2021, 6, 1), None),
        ("发明", None, None),
    ],
)
def test_the_term_follows_kind_and_filing_date(
    kind: str | None, filed: date | None, expiry: date | None
) -> None:
    assert expiry_of(kind, filed) == expiry  # type: ignore[arg-type]


def test_only_an_ended_term_is_certain() -> None:
    assert status_of("", None, today=TODAY) == "未知"
    assert status_of("", TODAY, today=TODAY) == "未知"
    assert status_of("", date(2026, 11, 22), today=TODAY) == "失效"
    assert status_of("有效", date(2026, 11, 22), today=TODAY) == "失效"
    assert status_of("有效", date(2030, 1, 1), today=TODAY) == "有效"
