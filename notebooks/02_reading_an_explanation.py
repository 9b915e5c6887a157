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
# # 读懂一条匹配理由
#
# 每一项匹配都带着四样东西:**得分项**(为什么是这个等级)、**依据**(专利里的哪句话)、
# **未提及**(需求里的哪些要求没有找到)和**风险**(转化时要留意什么)。这里逐一来看。

# %%
from pathlib import Path
from tempfile import TemporaryDirectory

from matcher import Matcher
from matcher.explain.drawing import Drawing
from matcher.text.chances import told
from matcher.text.labels import ASPECTS, GRADES

# %%
root = next(folder for folder in [Path.cwd(), *Path.cwd().parents] if (folder / "data").is_dir())
sample = root / "data" / "sample"
place = TemporaryDirectory()
matcher = Matcher.open(place.name)
matcher.add_patents([sample / "incopat_export.xlsx", sample / "patsnap_export.xlsx"])
matcher.add_needs([sample / "needs_form.xlsx"])

# %% [markdown]
# ## 一条需求和它最接近的专利

# %%
(need,) = matcher.store.needs(["XQ2026-001"])
answer = matcher.match_need(need.id, k=5)
match = answer.matches[0]
(patent,) = matcher.store.patents([match.patent_id])
print("需求", need.title)
print("专利", patent.title)

# %% [markdown]
# ## 得分项
#
# 等级由学过专家评分的模型估计。得分是各项之和,没有别的成分;它的单位是对数几率,越大越可能:
#
# - **起点**:不看内容时,专家会评为较强或强相关的可能性;
# - **意思相近**:两段文字说的是不是一回事,换了说法也算;需求的每一栏也各比一次;
# - **共同术语**:两边都出现的专业词,越少见的词分量越重;
# - **技术领域**:按分类号看是不是同一行当;
# - **历史评价**:以前对相似的需求和专利评过的分。
#
# 百分数是专家会评为较强或强相关的可能性,不是成交的可能性。

# %%
explained = match.explain()
print(f"起点  {explained.start:+.1f}")
for bar in explained.bars:
    print(f"{bar.label}  {bar.value:+.1f}")
print(f"合计  {explained.score:+.1f}  {GRADES[explained.grade]} {told(explained.chance)}")

# %% [markdown]
# 同样的内容可以画出来;`.svg()` 和 `.png()` 给出图片:

# %%
print("\n".join(Drawing(explained, need.title, patent.title).lines()))

# %% [markdown]
# ## 依据
#
# 需求的主要问题、技术关键、预期目标,各找专利里最能回答它的一句。句子是原文,
# `start` 和 `end` 是它在那个字段里的位置,可以回到原文核对;`terms` 是两边都说到的词。

# %%
for proof in match.evidence:
    print(f"{ASPECTS[proof.aspect]} ← {ASPECTS[proof.field]}")
    print("  ", proof.sentence)
    print("   共同的词:", "、".join(proof.terms))

# %%
proof = match.evidence[0]
assert getattr(patent, proof.field)[proof.start : proof.end] == proof.sentence

# %% [markdown]
# ## 未提及
#
# 需求里写明、而在这件专利的文字里没有找到的要求。没有提及不等于做不到:
# 专利可能换了说法,也可能写在权利要求书的后面几项里。这些正好是洽谈时要问的问题。

# %%
print("、".join(match.missing) or "没有")

# %% [markdown]
# ## 风险
#
# 转化时要留意的事:失效、即将届满、共有、质押等。它们不影响等级,只是提醒。

# %%
for other in answer.matches:
    print(other.patent_id, "、".join(risk.note for risk in other.risks) or "没有发现")

# %% [markdown]
# ## 没有合适的专利,也是答案
#
# 样例里没有珍珠蚌插核的专利。最接近的一件可能性也很低,`no_match` 就是真的;导出的表格会把
# 这样的需求列在“未匹配需求”里,而不是硬凑一件。

# %%
(lonely,) = matcher.store.needs(["XQ2026-037"])
answer = matcher.match_need(lonely.id, k=1)
print(lonely.title, told(answer.matches[0].chance), "没有合适的" if answer.no_match else "")

# %%
matcher.close()
place.cleanup()
