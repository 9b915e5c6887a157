"""The nouns of the trade, frozen and without I/O.  `file -> Row -> Patent | Need | Rejection`
`-> Vectors -> Hit -> Candidate -> Match(parts, evidence, risks) -> file`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, make_dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Literal, TypeVar

from matcher.errors import BadInput

PatentKind = Literal["发明", "实用新型", "外观设计"]
LegalStatus = Literal["有效", "审中", "失效", "未知"]
PartyKind = Literal["高校", "科研院所", "企业", "医院", "机关", "个人", "其他"]
Level = Literal["公开", "脱敏", "授权可见", "不入库"]
LicenceMode = Literal["独占许可", "排他许可", "普通许可", "开放许可"]
TransferMode = Literal["转让", "许可", "作价入股"]
CooperationMode = Literal["委托研发", "合作研发", "技术转让", "技术许可", "技术入股", "其他"]
FlagCode = Literal[
    "no_number",  # 无号: neither application nor publication number
    "near_duplicate",  # 疑似重复: almost the same text by the same applicant
    "damaged_number",  # 号码损坏: Excel made it 2.02E+12; another number identifies it
    "doubtful_date",  # 日期存疑: e.g. filed after it was published
    "unknown_region",  # 地区未识别
    "unread_value",  # 未识别的值: a value was kept raw because it could not be read
]
Aspect = Literal["title", "main_problem", "key_technology", "expected_goal", "content"]
TextField = Literal["title", "abstract", "first_claim", "main_problem", "key_technology",
                    "expected_goal", "content"]  # fmt: skip
Grade = Literal[1, 2, 3, 4]  # 无相关 / 弱相关 / 较强相关 / 强相关
GRADES: tuple[Grade, ...] = (1, 2, 3, 4)
Reply = Literal["愿意对接", "暂不"]
RefusalCode = Literal["技术太早期", "相对现有技术优势不明", "商业路径不明", "描述不清",
                      "价格或许可方式不合", "已有替代", "方向不符", "其他"]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One data row of a list as a person sees it.

    `number` is the 1-based row number in the sheet (or line in the file), `fields` maps a
    canonical field name (see `matcher/ingest/resources/columns.toml`) to its non-blank text,
    `headers` maps a canonical field to the header it was read from (for messages),
    `cells` are all original cells as text, in the order of the table's headers."""

    source: str
    sheet: str
    number: int
    fields: Mapping[str, str]
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one cell, in Chinese, and what to do about it.  `code` is stable."""

    code: str
    column: str
    value: str
    reason: str
    advice: str


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that could not be taken, with every problem found in it (at least one)."""

    row: Row
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Flag:
    """Something the user should look at in a record that was accepted.  `note` is Chinese."""

    code: FlagCode
    note: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """An applicant or owner with the kind of organisation it is."""

    name: str
    kind: PartyKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is needed to transfer a patent.  Prices in 万元; `trl` 1-9."""

    trl: int | None = None
    licence_modes: tuple[LicenceMode, ...] = ()
    transfer_modes: tuple[TransferMode, ...] = ()
    price_min: float | None = None
    price_max: float | None = None
    price_text: str = ""
    payment: str = ""
    pay_later: bool | None = None
    funded: bool | None = None
    implementation: str = ""
    self_rating: str = ""
    scene: str = ""
    contact: str = ""


NO_TERMS = Terms()  # one for all: most patents have none, and this is told by identity alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Patent:
    """One invention, whatever publications of it were seen.

    `id` is the application number (`CN201220249767.4`) when it was known at first import, else
    the publication number, else `N-` and 16 hex digits made from title, first applicant and
    abstract; it never changes afterwards.  `keys` are the identity keys under which the record is
    found again.  `seen` are the marks of the rows it was made of (`matcher/normalise/news.py`),
    () when it is what one row said.
    `ipc` are canonical symbols (`A47G9/08`), the main one first; `industries` GB/T 4754-2017
    codes with section letter (`C38`, `C384`); `region` a six-digit GB/T 2260 code."""

    id: str
    keys: tuple[str, ...]
    title: str
    abstract: str = ""
    first_claim: str = ""
    kind: PatentKind | None = None
    application_number: str | None = None
    publication_numbers: tuple[str, ...] = ()
    application_date: date | None = None
    publication_date: date | None = None
    grant_date: date | None = None
    expiry_date: date | None = None
    applicants: tuple[Party, ...] = ()
    owners: tuple[Party, ...] = ()
    inventors: tuple[str, ...] = ()
    college: str = ""
    address: str = ""
    region: str | None = None
    park: str | None = None
    credit_code: str | None = None
    ipc: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    legal_status: LegalStatus = "未知"
    legal_status_raw: str = ""
    pledges: int = 0
    transfers: int = 0
    licences: int = 0
    level: Level = "公开"
    terms: Terms = NO_TERMS
    flags: tuple[Flag, ...] = ()
    source: str = ""
    seen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A company's technology need on the official form, or plain title and text (`content`).

    `budget_min`/`budget_max` in 万元; industries, region, `seen` as in `Patent`."""

    id: str
    title: str
    main_problem: str = ""
    key_technology: str = ""
    expected_goal: str = ""
    content: str = ""
    keywords: tuple[str, ...] = ()
    deadline: date | None = None
    deadline_text: str = ""
    budget_min: float | None = None
    budget_max: float | None = None
    budget_text: str = ""
    modes: tuple[CooperationMode, ...] = ()
    field: str = ""
    industries: tuple[str, ...] = ()
    company: str = ""
    credit_code: str | None = None
    park: str | None = None
    region: str | None = None
    address: str = ""
    contact: str = ""
    level: Level = "公开"
    flags: tuple[Flag, ...] = ()
    source: str = ""
    seen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Exact conditions; within one field any value suffices, between fields all must hold.

    `industry` any level (`C`, `C38`, `C384`), `region` any level (`41`, `4101`, `410105`),
    `ipc` a prefix of a symbol, `applicant` a part of a name, prices in 万元, `trl` 1-9,
    dates are filing dates (inclusive), `grade_min` the least grade (1-4) that a match is given."""

    industry: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    park: tuple[str, ...] = ()
    applicant: tuple[str, ...] = ()
    kind: tuple[PatentKind, ...] = ()
    legal_status: tuple[LegalStatus, ...] = ()
    ipc: tuple[str, ...] = ()
    licence_mode: tuple[LicenceMode, ...] = ()
    transfer_mode: tuple[TransferMode, ...] = ()
    pay_later: bool | None = None
    price_max: float | None = None
    trl_min: int | None = None
    trl_max: int | None = None
    filed_from: date | None = None
    filed_to: date | None = None
    grade_min: Grade | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What one person (`by`, "" when the list does not say) answered to one match; one record a
    need, patent and person.

    `prospect` 产业化前景, `improvement` 技术改进需求, `willingness` 产学研合作意愿, as the national
    system collects them; `note` is what was said besides, the words of a refusal among it.  `by`
    is private: it stands in no `repr`, log or export.  `seen` as in `Patent`.

    :raises BadInput: neither grade, reply nor refusal code."""

    need_id: str
    patent_id: str
    by: str = field(default="", repr=False)
    at: date | None = None
    grade: Grade | None = None
    reply: Reply | None = None
    refusal_code: RefusalCode | None = None
    prospect: str = ""
    improvement: str = ""
    willingness: str = ""
    note: str = ""
    source: str = ""
    seen: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.grade is None and self.reply is None and self.refusal_code is None:
            raise BadInput("一条反馈至少要有评分、答复、拒绝原因三者之一。请补上其中一项。")


Noun = TypeVar("Noun")


def quick(noun: type[Noun]) -> Callable[..., Noun]:
    """Makes what the frozen, slotted `noun` makes, from its fields in their order, in a quarter
    of the time.

    A frozen dataclass must set its own fields through ``object.__setattr__``, one call each: for
    the 31 of a `Patent` a tenth of an import.  So a twin with the same slots that is not frozen
    is filled by plain assignment, and becomes a `noun`, closed like any other, before anyone
    sees it.  Names of fields may be given, but by place is twice as fast for so many.  Only for
    the places that make one for each row of a list."""

    def close(self: Any) -> None:
        self.__class__ = noun

    same = [
        (item.name, item.type, field(default=item.default, default_factory=item.default_factory))
        for item in fields(noun)  # type: ignore[arg-type]
    ]
    body = {"__post_init__": close}
    return make_dataclass(noun.__name__, same, slots=True, eq=False, repr=False, namespace=body)
