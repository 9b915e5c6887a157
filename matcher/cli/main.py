"""`patmatch`: the commands, each parse, call, render."""

from pathlib import Path
from typing import Annotated

import typer

from matcher import __version__
from matcher.cli.frame import HOME, JSON, framed
from matcher.cli.shell import Command, Group
from matcher.cli.words import (
    BACKUP,
    DRY,
    EMAIL,
    EXPLAIN,
    FILES,
    FOR_NEEDS,
    HOST,
    ID,
    JUDGED_NEEDS,
    MAP,
    NAME,
    NEED,
    NEED_INDUSTRY,
    NEED_PARK,
    NEED_REGION,
    NEW,
    OLD,
    OUT,
    OWNED_NEEDS,
    OWNED_PATENTS,
    OWNER,
    PAIRS,
    PATENT,
    PICTURE,
    PORT,
    PREDICTIONS,
    RANKER,
    REJECTS,
    SEED,
    STATED,
    TEXT,
    A,
    B,
    K,
)
from matcher.records import Filter

app = typer.Typer(
    name="patmatch",
    cls=Group,
    help="把高校专利与中小企业的技术需求对接起来:导入清单 → 匹配 → 说明理由 → 导出。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
patents_app = typer.Typer(cls=Group, help="专利清单", no_args_is_help=True)
needs_app = typer.Typer(cls=Group, help="技术需求", no_args_is_help=True)
feedback_app = typer.Typer(cls=Group, help="专家与企业的反馈", no_args_is_help=True)
index_app = typer.Typer(cls=Group, help="索引", no_args_is_help=True)
evaluate_app = typer.Typer(cls=Group)
rank_app = typer.Typer(cls=Group, help="排序模型", no_args_is_help=True)
admin_app = typer.Typer(cls=Group, help="服务的管理", no_args_is_help=True)
db_app = typer.Typer(cls=Group, help="数据库", no_args_is_help=True)
audit_app = typer.Typer(cls=Group, help="操作记录", no_args_is_help=True)
app.add_typer(patents_app, name="patents")
app.add_typer(needs_app, name="needs")
app.add_typer(feedback_app, name="feedback")
app.add_typer(index_app, name="index")
app.add_typer(evaluate_app, name="evaluate")
app.add_typer(rank_app, name="rank")
app.add_typer(admin_app, name="admin")
app.add_typer(db_app, name="db")
app.add_typer(audit_app, name="audit")


def patents_add(
    files: FILES, *, map: MAP = None, dry_run: DRY = False, rejects: REJECTS = None,
    home: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """导入专利清单。可一次给出多个文件;重复导入只更新,不会重复。"""
    from matcher.cli.adding import add

    add("patent", files, (map or [], dry_run, rejects), home, as_json)


def needs_add(
    files: FILES, *, map: MAP = None, dry_run: DRY = False, rejects: REJECTS = None,
    home: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """导入技术需求:需求征集表,或只有标题和内容的清单。"""
    from matcher.cli.adding import add

    add("need", files, (map or [], dry_run, rejects), home, as_json)


def feedback_add(
    files: FILES, *, map: MAP = None, dry_run: DRY = False, rejects: REJECTS = None,
    home: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """导入对匹配结果的反馈:专家评分、企业答复和拒绝原因;在导出的表里加一列评分即可。"""
    from matcher.cli.adding import add

    add("feedback", files, (map or [], dry_run, rejects), home, as_json)


def match(
    text: TEXT = None, *, need: NEED = None, patent: PATENT = None, for_needs: FOR_NEEDS = False,
    k: K = 10, explain: EXPLAIN = False, picture: PICTURE = None, wanted: Filter,
    home: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """为一段文字、一条需求或一件专利找出最合适的对象,并说明理由。"""
    from matcher.cli.work import find

    find((text, need, patent, for_needs), k, wanted, (explain, picture), (home, as_json))


def batch(
    *, out: OUT, k: K = 10, need_park: NEED_PARK = None, need_region: NEED_REGION = None,
    need_industry: NEED_INDUSTRY = None, wanted: Filter, home: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """为全部需求匹配专利,写成可以发出去的文件。"""
    from matcher.cli.work import run_batch

    chosen = {"park": need_park, "region": need_region, "industry": need_industry}
    run_batch(out, k, (wanted, chosen), home, as_json)


def show(id: ID, *, home: Path | None, as_json: bool) -> None:
    """显示一件专利或一条需求的全部内容。"""
    from matcher.cli.look import show_record

    show_record(id, home, as_json)


def stats(*, home: Path | None, as_json: bool) -> None:
    """统计:专利、需求按地区、行业、类型、状态的数量,反馈按评分、答复、拒绝原因的数量。"""
    from matcher.cli.look import show_stats

    show_stats(home, as_json)


def rebuild(*, home: Path | None, as_json: bool) -> None:
    """重建索引。平时不需要:数据变了会自动重建。"""
    from matcher.cli.work import rebuild_index

    rebuild_index(home, as_json)


def diff(old: OLD, new: NEW, *, home: Path | None, as_json: bool) -> None:
    """比较两次导出:新出现的、消失的、名次变了的。"""
    from matcher.cli.look import show_difference

    show_difference(old, new, as_json)


def evaluate(
    *, pairs: PAIRS = None, needs: JUDGED_NEEDS = None, out: PREDICTIONS = None, seed: SEED = 0,
    home: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """评测:排序模型的预测与人工评分有多一致,各项指标带 95% 区间。"""
    from matcher.cli.figures import run_evaluation

    run_evaluation(pairs, needs, out, seed, (home, as_json))


def evaluate_compare(
    a: A, b: B, *, seed: SEED = 0, home: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """比较同一批评分的两份预测,逐项检验差别是否只是偶然。"""
    from matcher.cli.figures import compare_files

    compare_files(a, b, seed, as_json)


def rank_train(
    *, pairs: PAIRS = None, needs: JUDGED_NEEDS = None, seed: SEED = 0,
    home: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """从评分和答复中学习;新模型在没见过的评分上确实更好才启用。"""
    from matcher.cli.rankers import train_ranker

    train_ranker(pairs, needs, seed, (home, as_json))


def rank_list(*, home: Path | None, as_json: bool) -> None:
    """列出本机训练过的排序模型,和正在用的一个。"""
    from matcher.cli.rankers import list_rankers

    list_rankers(home, as_json)


def rank_restore(
    name: RANKER = "", *, home: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """换回保存过的排序模型;不写名称则换回随软件提供的。"""
    from matcher.cli.rankers import restore

    restore(name, home, as_json)


def serve(
    *, host: HOST = None, port: PORT = None, home: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """启动服务:多个机构共用的接口。"""
    from matcher.cli.serving import serve_home

    serve_home(host, port, home, as_json)


def worker(*, home: Path | None, as_json: bool) -> None:
    """启动后台处理程序:导入长清单、批量导出、重建索引、训练(服务会自带一个)。"""
    from matcher.cli.serving import work_in_home

    work_in_home(home)


def admin_create(
    email: EMAIL, *, name: NAME, home: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """建立系统管理员的账号;密码在屏幕上输入,或由程序从标准输入给出一行。"""
    from matcher.cli.serving import create_operator

    create_operator(email, name, (home, as_json))


def backup(path: BACKUP, *, home: Path | None, as_json: bool) -> None:
    """把数据库、排序模型和待处理的文件备份成一个文件;服务不必停。"""
    from matcher.cli.care import save_home

    save_home(path, home, as_json)


def restore(path: BACKUP, *, home: Path | None, as_json: bool) -> None:
    """把备份恢复到一个空的数据文件夹,并核对内容。"""
    from matcher.cli.care import restore_home

    restore_home(path, home, as_json)


def db_upgrade(*, home: Path | None, as_json: bool) -> None:
    """把数据库升级到本程序的版本(平时打开时自动进行)。"""
    from matcher.cli.care import upgrade_home

    upgrade_home(home, as_json)


def admin_erase(email: EMAIL, *, home: Path | None, as_json: bool) -> None:
    """注销一个账号:不能再登录,记录里不再写明是谁。"""
    from matcher.cli.care import erase_person

    erase_person(email, (home, as_json))


def audit_verify(*, home: Path | None, as_json: bool) -> None:
    """检查操作记录有没有被改动过。"""
    from matcher.cli.care import verify_audit

    verify_audit(home, as_json)


def admin_assign(
    organisation: OWNER, *, patent: OWNED_PATENTS = None, need: OWNED_NEEDS = None,
    level_stated: STATED = False, home: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """把专利、需求归给一个机构。"""
    from matcher.cli.serving import assign_records

    assign_records(organisation, (patent or [], need or []), level_stated, (home, as_json))


def _version(wanted: bool) -> None:
    if wanted:
        print(f"patent-matcher {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="显示版本。")
    ] = False,
    home: HOME = None,
    as_json: JSON = False,
) -> None:
    """把高校专利与中小企业的技术需求对接起来:导入清单 → 匹配 → 说明理由 → 导出。"""


patents_app.command("add", cls=Command)(framed(patents_add))
needs_app.command("add", cls=Command)(framed(needs_add))
feedback_app.command("add", cls=Command)(framed(feedback_add))
app.command("match", cls=Command)(framed(match, filters=True))
app.command("batch", cls=Command)(framed(batch, filters=True))
app.command("show", cls=Command)(framed(show))
app.command("stats", cls=Command)(framed(stats))
index_app.command("rebuild", cls=Command)(framed(rebuild))
app.command("diff", cls=Command)(framed(diff))
evaluate_app.callback(invoke_without_command=True)(framed(evaluate))
rank_app.command("train", cls=Command)(framed(rank_train))
rank_app.command("list", cls=Command)(framed(rank_list))
rank_app.command("restore", cls=Command)(framed(rank_restore))
app.command("serve", cls=Command)(framed(serve))
app.command("worker", cls=Command)(framed(worker))
admin_app.command("create", cls=Command)(framed(admin_create))
admin_app.command("assign", cls=Command)(framed(admin_assign))
app.command("backup", cls=Command)(framed(backup))
app.command("restore", cls=Command)(framed(restore))
db_app.command("upgrade", cls=Command)(framed(db_upgrade))
admin_app.command("erase", cls=Command)(framed(admin_erase))
audit_app.command("verify", cls=Command)(framed(audit_verify))
evaluate_app.command("compare", cls=Command)(framed(evaluate_compare))


def main() -> None:
    """Entry point; `Group.main` turns whatever goes wrong into a sentence and an exit code."""
    app(prog_name="patmatch")
