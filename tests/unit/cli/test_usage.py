"""Help and wrong usage, all in Chinese."""

import re
import subprocess
import sys
from collections.abc import Callable

import pytest
from typer.testing import Result

Type = Callable[..., Result]
COMMANDS = (
    (), ("patents",), ("needs",), ("index",), ("patents", "add"), ("needs", "add"), ("match",),
    ("feedback",), ("feedback", "add"), ("batch",), ("show",), ("stats",), ("index", "rebuild"),
    ("diff",), ("evaluate",), ("evaluate", "compare"),
    ("rank",), ("rank", "train"), ("rank", "list"), ("rank", "restore"),
    ("serve",), ("worker",), ("admin",), ("admin", "create"), ("admin", "assign"),
    ("admin", "erase"), ("audit",), ("audit", "verify"),
    ("backup",), ("restore",), ("db",), ("db", "upgrade"),
)  # fmt: skip


@pytest.mark.parametrize("words", COMMANDS)
def test_help_is_chinese_throughout(words: tuple[str, ...], typed: Type) -> None:
    result = typed(*words, "--help")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith(f"用法:{' '.join(('patmatch', *words))} ")
    allowed = r"patmatch|GB/T|PATMATCH_HOME|JSONL?|XLSX?|CSV|TSV|TRL|title|LED|[CH]\d+M?\S*"
    told = re.sub(rf"--?[a-z-]+|\.[a-z]+|{allowed}", "", result.stdout)
    assert re.findall(r"[A-Za-z]{2,}", told.replace(" ".join(words), "")) in LISTED


LISTED = (
    [], ["add"], ["rebuild"],
    ["match", "batch", "show", "stats", "diff", "serve", "worker", "backup", "restore",
     "patents", "add", "needs", "add",
     "feedback", "add", "index", "rebuild", "evaluate", "evaluate", "compare", "rank", "train",
     "rank", "list", "rank", "restore", "admin", "create", "admin", "assign", "admin", "erase",
     "db", "upgrade", "audit", "verify"],
    ["compare"], ["train", "list", "restore"], ["create", "assign", "erase"], ["verify"],
    ["upgrade"],
)  # fmt: skip


def test_help_of_a_command_names_arguments_options_and_defaults(typed: Type) -> None:
    assert typed("needs", "add", "--help").stdout.splitlines() == [
        "用法:patmatch needs add 文件… [选项]",
        "导入技术需求:需求征集表,或只有标题和内容的清单。",
        "",
        "参数",
        "  文件…  清单文件:XLSX、XLS、CSV、TSV、JSONL,可一次给出多个(必填)。",
        "",
        "选项",
        "  --map 列名=字段  指明不认识的列,如 专利题名=title;会记住,可多次给出。",
        "  --dry-run        只试读:显示识别出的列和结果,不写入。",
        "  --rejects 文件   退回的行写到这里(.xlsx 或 .csv),改好可再次导入。",
        "  --home 文件夹    数据放在哪里;不写则用环境变量 PATMATCH_HOME 或系统的数据目录。",
        "  --json           以 JSON 输出,供程序读取。",
        "  --help           显示这段说明。",
    ]
    assert "  -k 数目          给出几项,1 到 1000(默认 10)。\n" in typed("match", "--help").stdout


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("show", "缺少编号(专利号或需求编号)。用法见 patmatch show --help。"),
        (
            "batch",
            "缺少--out(写到这里:.xlsx、.csv、.jsonl 或 .parquet)。用法见 patmatch batch --help。",
        ),
        ("match x -k no", "-k(给出几项,1 到 1000)的值不对:“no”。用法见 patmatch match --help。"),
        ("match x -k 0", "-k(给出几项,1 到 1000)的值不对:“0”。用法见 patmatch match --help。"),
        (
            "match x --trl-min 10",
            "--trl-min(技术成熟度下限,1–9)的值不对:“10”。用法见 patmatch match --help。",
        ),
        (
            "match x --parkk y",
            "没有 --parkk 这个选项。您是不是想写 --park?用法见 patmatch match --help。",
        ),
        ("match -k", "选项 -k 后面要写一个值。"),
        ("stats --json=1", "选项 --json 不带值。"),
        (
            "match a b",
            "多出了“b”。一段文字里有空格时请用引号括起来。用法见 patmatch match --help。",
        ),
        (
            "mtch",
            "没有“mtch”这个命令。您是不是想用 match、batch?"
            "可用的命令:match、batch、show、stats、diff、serve、worker、backup、restore、patents、needs、feedback、index、evaluate、rank、admin、db、audit。",
        ),
        ("patents ad", "没有“ad”这个命令。您是不是想用 add?可用的命令:add。"),
        (
            "evaluate --seed 3 compare a b",
            "--seed 不能写在 patmatch evaluate compare 的命令名之前。"
            "用法见 patmatch evaluate compare --help。",
        ),
        ("evaluate", "请用 --pairs 给出人工评分文件。用法见 patmatch evaluate --help。"),
        ("evaluate compar", "没有“compar”这个命令。您是不是想用 compare?可用的命令:compare。"),
        ("--home x", "没有写命令。用法见 patmatch --help。"),
        ("match", "请给出一段文字,或 --need 编号,或 --patent 专利号,三者选一。"),
        ("match x --need y", "请给出一段文字,或 --need 编号,或 --patent 专利号,三者选一。"),
        (
            "match --patent x --needs",
            "--needs 只和文字同用。为一件专利找需求,写 --patent 专利号 即可。",
        ),
    ],
)
def test_wrong_usage_is_explained(line: str, message: str, typed: Type) -> None:
    result = typed(*line.split())
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"✗ {message}\n")


def test_without_a_command_the_help_is_shown(typed: Type) -> None:
    result = typed()
    assert result.stdout == typed("--help").stdout
    assert (result.exit_code, result.stderr) == (2, "")


def test_the_version_is_told(typed: Type) -> None:
    assert typed("--version").stdout == "patent-matcher 0.1.0\n"


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\nfrom matcher.cli.main import app\n"
        "try: app(['match', '--help'])\nexcept SystemExit: pass\n"
        "heavy = {'numpy', 'faiss', 'onnxruntime', 'sqlalchemy', 'bm25s', 'scipy', 'pyarrow'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    run = [sys.executable, "-X", "utf8", "-c", code]
    done = subprocess.run(run, capture_output=True, text=True, encoding="utf-8", check=True)
    assert done.stderr == "[]\n"
