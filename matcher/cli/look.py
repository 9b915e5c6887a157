"""The commands that only look: show, stats, diff."""

from collections.abc import Sequence
from pathlib import Path

from rich.text import Text

from matcher.cli.cards import place
from matcher.cli.changes import show_changes
from matcher.cli.fold import Folded
from matcher.cli.plain import print_json
from matcher.cli.style import Rows, console
from matcher.engine import Matcher
from matcher.errors import UnknownId
from matcher.export.difference import difference
from matcher.records import Need, Patent
from matcher.reference.industries import industry
from matcher.text.labels import ASPECTS, FLAGS


def show_record(id: str, home: Path | None, as_json: bool) -> None:
    """One patent or need, by its id."""
    with Matcher.open(home) as matcher:
        record = _find(matcher, id)
    if as_json:
        print_json(record)
    elif isinstance(record, Patent):
        console().print(Rows(_patent_fields(record).items()))
    else:
        console().print(Rows(_need_fields(record).items()))


def show_stats(home: Path | None, as_json: bool) -> None:
    """Counts of both sides, and whether the index is current."""
    with Matcher.open(home) as matcher:
        told = matcher.statistics()
    if as_json:
        print_json(told)
        return
    screen = console()
    answers = f",反馈 {told.feedback} 条" if told.feedback else ""
    screen.print(f"专利 {told.patents} 件,需求 {told.needs} 条{answers}。")
    if not told.patents:
        screen.print("还没有专利。请先导入清单:patmatch patents add 文件。")
    if not told.needs:
        screen.print("还没有需求。请先导入需求:patmatch needs add 文件。")
    for title, counts in told.tables.items():
        if counts:
            lines = [(f"{count:>6}", name) for name, count in counts]
            screen.print()
            screen.print(Text(title, style="bold"))
            screen.print(Rows(lines, style="", merge=False))
    screen.print()
    origin = f"数据快照 {told.snapshot};编码器 {told.encoder}"
    screen.print(Folded(Text(origin, style="dim")))


def show_difference(old: Path, new: Path, as_json: bool) -> None:
    """What changed between two exports."""
    found = difference(old, new)
    if as_json:
        print_json(found)
        return
    show_changes(found, console())


def _find(matcher: Matcher, id: str) -> Patent | Need:
    try:
        return matcher.store.patents([matcher.patent_id(id)])[0]
    except UnknownId:
        pass
    try:
        return matcher.store.needs([id])[0]
    except UnknownId:
        raise UnknownId(f"没有编号为“{id}”的专利或需求。请核对编号。", id=id) from None


def _patent_fields(patent: Patent) -> dict[str, str]:
    terms = patent.terms
    return {
        "编号": patent.id,
        "名称": patent.title,
        "类型": patent.kind or "",
        "申请号": patent.application_number or "",
        "公开(公告)号": "、".join(patent.publication_numbers),
        "申请人": "、".join(f"{party.name}({party.kind})" for party in patent.applicants),
        "权利人": "、".join(party.name for party in patent.owners),
        "发明人": "、".join(patent.inventors),
        "学院": patent.college,
        "申请日": str(patent.application_date or ""),
        "公开(公告)日": str(patent.publication_date or ""),
        "授权日": str(patent.grant_date or ""),
        "届满日": str(patent.expiry_date or ""),
        "法律状态": _status(patent),
        "分类号": "、".join(patent.ipc),
        "行业": _industries(patent.industries),
        "地区": place(patent.region),
        "园区": patent.park or "",
        "转化方式": "、".join(terms.transfer_modes),
        "许可方式": "、".join(terms.licence_modes),
        "价格": terms.price_text,
        "技术成熟度": str(terms.trl or ""),
        "应用场景": terms.scene,
        "密级": patent.level,
        "摘要": patent.abstract,
        "首项权利要求": patent.first_claim,
        "请留意": ";".join(flag.note or FLAGS[flag.code] for flag in patent.flags),
        "来源": patent.source,
    }


def _need_fields(need: Need) -> dict[str, str]:
    return {
        "编号": need.id,
        "需求名称": need.title,
        "企业": need.company,
        "园区": need.park or "",
        "地区": place(need.region),
        "行业": _industries(need.industries),
        ASPECTS["main_problem"]: need.main_problem,
        ASPECTS["key_technology"]: need.key_technology,
        ASPECTS["expected_goal"]: need.expected_goal,
        "内容": need.content,
        "关键字": "、".join(need.keywords),
        "时限": need.deadline_text,
        "拟投入": need.budget_text,
        "合作方式": "、".join(need.modes),
        "密级": need.level,
        "请留意": ";".join(flag.note or FLAGS[flag.code] for flag in need.flags),
        "来源": need.source,
    }


def _industries(codes: Sequence[str]) -> str:
    return "、".join(f"{code} {found.name}" for code in codes if (found := industry(code)))


def _status(patent: Patent) -> str:
    raw = patent.legal_status_raw
    told = f"({raw})" if raw and raw != patent.legal_status else ""
    return patent.legal_status + told
