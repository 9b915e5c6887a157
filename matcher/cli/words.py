"""What is typed behind the commands: arguments and options, with their help."""

from pathlib import Path
from typing import Annotated

import typer

from matcher.cli.frame import Texts

Option, Argument = typer.Option, typer.Argument
FILES = Annotated[
    list[Path],
    Argument(metavar="文件…", help="清单文件:XLSX、XLS、CSV、TSV、JSONL,可一次给出多个。"),
]
MAP = Annotated[
    list[str] | None,
    Option(
        "--map", metavar="列名=字段", help="指明不认识的列,如 专利题名=title;会记住,可多次给出。"
    ),
]
DRY = Annotated[bool, Option("--dry-run", help="只试读:显示识别出的列和结果,不写入。")]
REJECTS = Annotated[
    Path | None,
    Option("--rejects", metavar="文件", help="退回的行写到这里(.xlsx 或 .csv),改好可再次导入。"),
]
K = Annotated[int, Option("-k", min=1, max=1000, metavar="数目", help="给出几项,1 到 1000。")]
TEXT = Annotated[str | None, Argument(metavar="文字", help="用平常的话写出技术需求。")]
NEED = Annotated[str | None, Option("--need", metavar="编号", help="为这条需求找专利。")]
PATENT = Annotated[str | None, Option("--patent", metavar="专利号", help="为这件专利找需求。")]
FOR_NEEDS = Annotated[bool, Option("--needs", help="用文字找需求,而不是找专利。")]
EXPLAIN = Annotated[bool, Option("--explain", help="画出从起点到等级的每一步,并逐条核对全部指标。")]
PICTURE = Annotated[
    Path | None,
    Option("--picture", metavar="文件", help="把每项的这张图另存为 .svg 或 .png,多项时加 -2、-3。"),
]
OUT = Annotated[
    Path, Option("--out", metavar="文件", help="写到这里:.xlsx、.csv、.jsonl 或 .parquet。")
]
NEED_PARK = Annotated[Texts, Option("--need-park", metavar="名称", help="只做这些园区的需求。")]
NEED_REGION = Annotated[Texts, Option("--need-region", metavar="地区", help="只做这些地区的需求。")]
NEED_INDUSTRY = Annotated[
    Texts, Option("--need-industry", metavar="行业", help="只做这些行业的需求。")
]
ID = Annotated[str, Argument(metavar="编号", help="专利号或需求编号。")]
OLD = Annotated[Path, Argument(metavar="旧.jsonl", help="旧的 JSONL 导出。")]
NEW = Annotated[Path, Argument(metavar="新.jsonl", help="新的 JSONL 导出。")]

RANKER = Annotated[str, Argument(metavar="名称", help="要换回的模型的名称。")]
PAIRS = Annotated[
    Path | None,
    Option("--pairs", metavar="文件", help="人工评分,JSONL:需求编号、成果、等级 1–4。必须给出。"),
]
JUDGED_NEEDS = Annotated[
    Path | None,
    Option("--needs", metavar="文件", help="这些评分的需求,JSONL;不写则用库中的需求。"),
]
PREDICTIONS = Annotated[
    Path | None, Option("--out", metavar="文件", help="把每一对的预测写到这里(JSONL)。")
]
SEED = Annotated[
    int, Option("--seed", metavar="整数", min=0, help="重抽样的随机种子,相同则区间相同。")
]
HOST = Annotated[str | None, Option("--host", metavar="地址", help="监听的地址;不写则用设置里的。")]
PORT = Annotated[
    int | None,
    Option("--port", metavar="端口", min=1, max=65535, help="监听的端口;不写则用设置里的。"),
]
EMAIL = Annotated[str, Argument(metavar="电子邮箱", help="登录用的电子邮箱。")]
NAME = Annotated[str, Option("--name", metavar="姓名", help="这个人的姓名。")]
OWNER = Annotated[str, Argument(metavar="机构", help="机构的名称或编号。")]
OWNED_PATENTS = Annotated[
    Texts, Option("--patent", metavar="专利号", help="归给它的专利,可多次给出。")
]
OWNED_NEEDS = Annotated[Texts, Option("--need", metavar="编号", help="归给它的需求,可多次给出。")]
STATED = Annotated[
    bool, Option("--level-stated", help="密级是该机构自己定的;国有企业的“公开”才不改为“脱敏”。")
]
A = Annotated[Path, Argument(metavar="A.jsonl", help="一份预测,由评测时的 --out 写出。")]
B = Annotated[Path, Argument(metavar="B.jsonl", help="同一批评分的另一份预测。")]
BACKUP = Annotated[Path, Argument(metavar="文件", help="备份文件(.zip)。")]
