import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.normalise.numbers import (
    Application,
    Publication,
    application,
    check_digit,
    publication,
)
from matcher.records import Problem

KINDS = {"1": "发明", "2": "实用新型", "3": "外观设计", "8": "发明", "9": "实用新型"}


@st.composite
def digits(draw: st.DrawFn) -> str:
    """The digits of a valid number before its check digit, either style."""
    serial_long = f"{draw(st.integers(1, 9_999_999)):07d}"
    serial_short = f"{draw(st.integers(1, 99_999)):05d}"
    kind = draw(st.sampled_from("12389"))
    year = draw(st.integers(2003, 2035))
    old = draw(st.sampled_from([*range(85, 100), 0, 1, 2, 3]))
    return draw(st.sampled_from([f"{year}{kind}{serial_long}", f"{old:02d}{kind}{serial_short}"]))


def full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def spaced(text: str) -> str:
    return " ".join((text[:2], text[2:6], text[6:]))


@given(digits(), st.sampled_from(["", "CN", "ZL", "cn", "zl ", "CNZL"]), st.booleans())
def test_every_written_form_gives_the_same_canonical_number(
    bare: str, prefix: str, dotted: bool
) -> None:
    check = check_digit(bare)
    expected = Application(f"CN{bare}.{check}", KINDS[bare[4 if len(bare) == 12 else 2]])  # type: ignore[arg-type]
    written = f"{prefix}{bare}{'.' if dotted else ''}{check}"
    assert application(written) == expected
    assert application(written.lower()) == expected
    assert application(full_width(written)) == expected
    assert application(spaced(written)) == expected
    assert application(f" {written}\t") == expected


@given(digits())
def test_a_missing_check_digit_is_computed(bare: str) -> None:
    found = application(bare)
    if bare.endswith("00000"):
        return
    assert isinstance(found, Application)
    assert found.number == f"CN{bare}.{check_digit(bare)}"


@given(digits(), st.data())
def test_a_changed_digit_is_caught(bare: str, data: st.DataObject) -> None:
    check = check_digit(bare)
    at = data.draw(st.integers(0, len(bare) - 1))
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != bare[at]]))
    changed = bare[:at] + other + bare[at + 1 :]
    found = application(f"CN{changed}.{check}")
    assert isinstance(found, Problem)
    assert found.code in {"wrong_check_digit", "bad_number"}


@given(st.text(max_size=30))
def test_any_text_is_read_or_explained(text: str) -> None:
    assert isinstance(application(text), Application | Problem)
    assert isinstance(publication(text), Publication | Problem)


@pytest.mark.parametrize(
    ("text", "number", "kind"),
    [
        ("CN201220249767.4", "CN201220249767.4", "实用新型"),
        ("2012202497674", "CN201220249767.4", "实用新型"),
        ("ZL201220249767.4", "CN201220249767.4", "实用新型"),
        ("ZL 2012 2 0249767.4", "CN201220249767.4", "实用新型"),
        ("２０１２２０２４９７６７．４", "CN201220249767.4", "实用新型"),
        ("'201220249767.4", "CN201220249767.4", "实用新型"),
        ("201220249767", "CN201220249767.4", "实用新型"),
        ("201220249766x", "CN201220249766.X", "实用新型"),
        ("2.012202497674E+12", "CN201220249767.4", "实用新型"),
        ("2012202497674.0", "CN201220249767.4", "实用新型"),
        ("85100001", "CN85100001.0", "发明"),
        ("CN 02123456.6", "CN02123456.6", "发明"),
        ("ZL983123454", "CN98312345.4", "外观设计"),
        ("US15/123,456", "US15/123456", None),
        ("PCT/CN2019/080123", "PCT/CN2019/080123", None),
    ],
)
def test_application_numbers_of_lists(text: str, number: str, kind: str | None) -> None:
    found = application(text)
    assert isinstance(found, Application), found
    assert (found.number, found.kind) == (number, kind)


@pytest.mark.parametrize("bare", ["201220249767", "85100001", "02123456", "98312345"])
def test_check_digits_follow_the_official_weights(bare: str) -> None:
    weights = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]
    rest = sum(int(d) * w for d, w in zip(bare, weights, strict=False)) % 11
    assert check_digit(bare) == ("X" if rest == 10 else str(rest))


def test_a_wrong_check_digit_is_named_with_the_right_one() -> None:
    assert application("201220249767.5") == Problem(
        "wrong_check_digit",
        "",
        "201220249767.5",
        "申请号“201220249767.5”校验位不对（应为 4）",
        "请核对申请号，改正后再导入",
    )


@pytest.mark.parametrize(
    "text", ["2.02E+12", "2.01220249767E+12", "2.01220249767E+11", "2012202497670", "2020000000000",
             "########"]
)  # fmt: skip
def test_numbers_that_a_spreadsheet_rounded_are_called_damaged(text: str) -> None:
    assert application(text) == Problem(
        "damaged_number",
        "",
        text,
        f"申请号“{text}”已被表格软件改成约数，原号码看不出来了",
        "请把该列设为文本格式，重新导出或补填完整的申请号后再导入",
    )


@pytest.mark.parametrize(
    "text", ["申请中", "12345", "201250249767.4", "CN104010370B", "1902202497"]
)
def test_other_texts_are_no_application_number(text: str) -> None:
    found = application(text)
    assert isinstance(found, Problem)
    assert found.code == "bad_number"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CN104010370B", Publication("CN104010370B", "发明", "CN104010370", True)),
        ("CN104010370A", Publication("CN104010370A", "发明", "CN104010370", False)),
        ("CN 104010370 B", Publication("CN104010370B", "发明", "CN104010370", True)),
        ("104010370.b", Publication("CN104010370B", "发明", "CN104010370", True)),
        ("ＣＮ104010370Ｂ", Publication("CN104010370B", "发明", "CN104010370", True)),
        ("CN104010370", Publication("CN104010370", "发明", "CN104010370", None)),
        ("CN104010370A8", Publication("CN104010370A", "发明", "CN104010370", False)),
        ("CN100378905C", Publication("CN100378905C", "发明", "CN100378905", True)),
        ("CN1234567C", Publication("CN1234567C", "发明", "CN1234567C", True)),
        ("CN1234567A", Publication("CN1234567A", "发明", "CN1234567A", False)),
        ("CN2587654Y", Publication("CN2587654Y", "实用新型", "CN2587654Y", True)),
        ("CN202644312U", Publication("CN202644312U", "实用新型", "CN202644312", True)),
        ("CN301234567S", Publication("CN301234567S", "外观设计", "CN301234567", True)),
        ("CN85100001A", Publication("CN85100001A", "发明", "CN85100001", False)),
        ("US 9,123,456 B2", Publication("US9123456B2", None, "US9123456B2", None)),
        ("WO2012/123456A1", Publication("WO2012123456A1", None, "WO2012123456A1", None)),
        ("JP2012-123456A", Publication("JP2012123456A", None, "JP2012123456A", None)),
    ],
)
def test_publication_numbers_are_normalised(text: str, expected: Publication) -> None:
    assert publication(text) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [("1.04E+08", "damaged_number"), ("CN204010370B", "bad_number"), ("CN504010370A", "bad_number"),
     ("无此号", "bad_number"), ("CN1040", "bad_number")],
)  # fmt: skip
def test_publication_numbers_that_cannot_be(text: str, code: str) -> None:
    found = publication(text)
    assert isinstance(found, Problem)
    assert (found.code, found.value) == (code, text)
