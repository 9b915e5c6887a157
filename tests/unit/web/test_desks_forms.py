"""Forms of the desks: what others changed meanwhile, places and ids that are none."""

import re
from typing import Any

import pytest

from matcher.errors import Changed


def test_what_somebody_else_changed_meanwhile_is_told_and_the_rest_is_done(
    site: Any, monkeypatch: Any
) -> None:
    revisions = type(site.matcher.store.revisions)
    change = revisions.change

    def busy(self: Any, before: Any, after: Any, standing: Any) -> None:
        if before.id == "P-open":
            raise Changed("刚刚被别人改过。")
        change(self, before, after, standing)

    monkeypatch.setattr(revisions, "change", busy)
    said = {"ids": ["P-open", "P-masked"], "trl": "9", "order": "title", "after": "P-named"}
    done = site.send("centre editor", "/patents/terms", **said)
    assert "1 件专利的转化信息已改好" in done.text and "1 件没有改:刚刚被别人改过" in done.text
    assert 'name="after" value="P-named"' in done.text and 'value="title"' in done.text
    (back,) = re.findall(r'name="change" value="([^"]+)"', done.text)
    assert "1 件专利恢复原样" in site.send("centre editor", "/patents/undo", change=back).text
    both = site.matcher.store.patents(["P-open", "P-masked"])
    assert [one.terms.trl for one in both] == [6, 6]


def test_a_place_that_is_none_is_the_first_page(site: Any) -> None:
    said = {"ids": "P-open", "trl": "9", "after": "x" * 5000, "q": "y" * 5000}
    done = site.send("centre editor", "/patents/terms", **said)
    assert done.status_code == 200 and "1 件专利的转化信息已改好" in done.text


@pytest.mark.parametrize(
    ("who", "address"),
    [("company editor", "/need/answer"), ("company editor", "/need/withdraw"),
     ("company editor", "/need/watch"), ("centre editor", "/patent/answer"),
     ("company editor", "/lead/step"), ("company editor", "/favourites")],
)  # fmt: skip
@pytest.mark.parametrize("id", ["x" * 5000, "", "\x00\x01", "../..", "<b>"])
def test_a_form_that_no_page_sends_is_refused_in_words(
    site: Any, who: str, address: str, id: str
) -> None:
    names = ("need_id", "patent_id", "id")
    answer = site.send(who, address, **dict.fromkeys(names, id), side="needs", keep="1")
    assert 400 <= answer.status_code < 500 and 'lang="zh-CN"' in answer.text
