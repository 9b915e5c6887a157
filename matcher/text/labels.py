"""The Chinese words under which users see our closed choices: one word for one thing."""

from collections.abc import Mapping
from types import MappingProxyType

from matcher.matches import CheckVerdict, PartName, RiskCode
from matcher.records import FlagCode, Grade, TextField

PARTS: Mapping[PartName, str] = MappingProxyType(
    {
        "start": "起点",
        "meaning": "意思相近",
        "main_problem": "主要问题接近",
        "key_technology": "技术关键接近",
        "expected_goal": "预期目标接近",
        "content": "需求内容接近",
        "terms": "共同术语",
        "field": "技术领域",
        "memory": "历史评价",
        "words": "共同术语",
        "characters": "字词重合",
    }
)
ASPECTS: Mapping[TextField, str] = MappingProxyType(
    {
        "title": "名称",
        "main_problem": "主要问题",
        "key_technology": "技术关键",
        "expected_goal": "预期目标",
        "content": "需求内容",
        "abstract": "摘要",
        "first_claim": "首项权利要求",
    }
)
CHECKS: Mapping[CheckVerdict, str] = MappingProxyType(
    {"satisfied": "✔ 满足", "not_satisfied": "✘ 不满足", "not_stated": "？ 未提及"}
)
RISKS: Mapping[RiskCode, str] = MappingProxyType(
    {
        "lapsed": "失效",
        "unknown_status": "法律状态未知",
        "pending": "审查中",
        "expiring": "即将届满",
        "co_owned": "共有",
        "pledged": "质押",
    }
)
GRADES: Mapping[Grade, str] = MappingProxyType(
    {4: "强相关", 3: "较强相关", 2: "弱相关", 1: "无相关"}
)
FLAGS: Mapping[FlagCode, str] = MappingProxyType(
    {
        "no_number": "无号",
        "near_duplicate": "疑似重复",
        "damaged_number": "号码损坏",
        "doubtful_date": "日期存疑",
        "unknown_region": "地区未识别",
        "unread_value": "未识别的值",
    }
)
FILTERS: Mapping[str, str] = MappingProxyType(
    {
        "industry": "行业",
        "region": "地区",
        "park": "园区",
        "applicant": "申请人",
        "kind": "专利类型",
        "legal_status": "法律状态",
        "ipc": "分类号",
        "licence_mode": "许可方式",
        "transfer_mode": "转化方式",
        "pay_later": "先使用后付费",
        "price_max": "价格上限",
        "trl_min": "成熟度下限",
        "trl_max": "成熟度上限",
        "filed_from": "申请日起",
        "filed_to": "申请日止",
        "grade_min": "等级下限",
    }
)
