# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 快速上手
#
# 导入专利清单和技术需求,为一句话、一条需求找专利,再写成可以发出去的表格。
# 用的是 `data/sample` 里的样例,全部是虚构的。
#
# 这是一份 jupytext 笔记:装好 jupytext 后可以在 Jupyter 里直接打开,也可以当普通程序运行
# (`python notebooks/01_quick_start.py`)。

# %%
from pathlib import Path
from tempfile import TemporaryDirectory

from matcher import Filter, Matcher
from matcher.text.chances import told
from matcher.text.labels import GRADES

root = next(folder for folder in [Path.cwd(), *Path.cwd().parents] if (folder / "data").is_dir())
sample = root / "data" / "sample"
place = TemporaryDirectory()

# %% [markdown]
# ## 打开数据文件夹
#
# 专利、需求和索引都放在一个文件夹里,第一次打开时自动建好。这里用一个临时文件夹;
# 平时请换成自己的位置,如 `Matcher.open("我的专利库")`。

# %%
matcher = Matcher.open(Path(place.name) / "home")

# %% [markdown]
# ## 导入专利清单
#
# 公报、合享、智慧芽的导出和高校的盘点表,表头各不相同,都不必改。
# 每份清单有一份报告:新增、更新、合并各多少,退回了哪些行,为什么。

# %%
lists = ["gazette_patents.csv", "incopat_export.xlsx", "patsnap_export.xlsx", "transfer_sheet.xls"]
for report in matcher.add_patents([sample / name for name in lists]):
    print(report.source, dict(report.outcomes), f"退回 {len(report.rejections)} 行")
    for rejection in report.rejections:
        print("   第", rejection.row.number, "行:", rejection.problems[0].reason)

# %% [markdown]
# ## 导入技术需求

# %%
for report in matcher.add_needs([sample / "needs_form.xlsx", sample / "needs_more.jsonl"]):
    print(report.source, dict(report.outcomes))

# %% [markdown]
# ## 用平常的话找专利
#
# 第一次提问时建索引,样例只要几秒。

# %%
answer = matcher.match("如何提高锂电池隔膜的耐热性", k=3)
for match in answer.matches:
    (patent,) = matcher.store.patents([match.patent_id])
    print(f"{match.rank}. {GRADES[match.grade]} {told(match.chance)}  {patent.title}")

# %% [markdown]
# ## 加上条件
#
# 只看河南省、有效的专利。筛选是精确的:先去掉不合条件的,再从剩下的里挑选、评定等级。
# 答案里写着每个条件去掉了多少。

# %%
answer = matcher.match(
    "如何提高锂电池隔膜的耐热性", k=3, filter=Filter(region=("41",), legal_status=("有效",))
)
print(f"{answer.total} 件中有 {answer.passed} 件合条件")
for removal in answer.removals:
    print("  ", removal.field, "去掉", removal.removed)

# %% [markdown]
# ## 为库里的一条需求找专利

# %%
(need,) = matcher.store.needs(["XQ2026-001"])
print(need.title)
for match in matcher.match_need(need.id, k=3).matches:
    (patent,) = matcher.store.patents([match.patent_id])
    print(f"  {match.rank}. 契合度 {match.score:.1f}  {patent.title}")

# %% [markdown]
# ## 全部需求,一次写成表格
#
# 扩展名决定格式:`.xlsx` 给人看,`.csv`、`.jsonl`、`.parquet` 给程序用。

# %%
summary = matcher.export(Path(place.name) / "匹配结果.xlsx", k=5)
print(f"{summary.needs} 条需求,{summary.matches} 项匹配")

# %% [markdown]
# ## 收尾
#
# 接下来可以看[读懂一条匹配理由](02_reading_an_explanation.py)。

# %%
matcher.close()
place.cleanup()
