import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.normalise.parties import inventors_of, names_of, parties_of
from matcher.records import Party


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("甲乙大学", ("甲乙大学",)),
        ("甲乙大学;丙丁有限公司", ("甲乙大学", "丙丁有限公司")),
        ("甲乙大学 | 丙丁有限公司", ("甲乙大学", "丙丁有限公司")),
        ("甲乙大学；甲乙大学", ("甲乙大学",)),
        ("甲乙大学;??丙丁有限公司", ("甲乙大学", "丙丁有限公司")),
        ("甲乙大学、丙丁有限公司", ("甲乙大学", "丙丁有限公司")),
        ("中国科学院、水利部某某研究所", ("中国科学院、水利部某某研究所",)),
        ("某医院（某甲中心、某乙医院）", ("某医院（某甲中心、某乙医院）",)),
        ("甲乙发展公司，有限责任合伙企业", ("甲乙发展公司，有限责任合伙企业",)),
        ("抗菌技术,生物技术研究与发展股份有限公司", ("抗菌技术,生物技术研究与发展股份有限公司",)),
        ("甲乙大学,丙丁有限公司", ("甲乙大学", "丙丁有限公司")),
        ("Alpha Beta Co., Ltd.", ("Alpha Beta Co., Ltd.",)),
        ("SMITH, JOHN; DOE, JANE", ("SMITH, JOHN", "DOE, JANE")),
        ("甲乙大学 450001 河南省郑州市某路1号", ("甲乙大学",)),
        ("甲乙株式会社(JP)", ("甲乙株式会社",)),
        ("甲乙大学;", ("甲乙大学",)),
        ("甲乙有限公司\u2002", ("甲乙有限公司",)),
        ("-", ()),
        ("", ()),
    ],
)
def test_applicants_are_split_only_where_it_is_safe(text: str, names: tuple[str, ...]) -> None:
    assert names_of(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("张三;李四丰", ("张三", "李四丰")),
        ("张三、李四丰", ("张三", "李四丰")),
        ("张三,李四丰，王五", ("张三", "李四丰", "王五")),
        ("张三,李四丰", ("张三", "李四丰")),
        ("张三 李四丰", ("张三", "李四丰")),
        ("王 芳", ("王芳",)),
        ("J·史密斯;K·琼斯", ("J·史密斯", "K·琼斯")),
        ("SMITH, JOHN | DOE, JANE", ("SMITH, JOHN", "DOE, JANE")),
    ],
)
def test_inventors_are_split(text: str, names: tuple[str, ...]) -> None:
    assert inventors_of(text) == names


def test_parties_carry_their_kind() -> None:
    assert parties_of("甲乙大学;丙丁有限公司") == (
        Party("甲乙大学", "高校"),
        Party("丙丁有限公司", "企业"),
    )


@given(st.text(max_size=40))
def test_any_text_gives_clean_names(text: str) -> None:
    for name in names_of(text):
        assert name == name.strip() and name
