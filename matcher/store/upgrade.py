"""Bring a database to the newest schema with Alembic."""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect

from matcher.errors import StoreBroken
from matcher.store.tables import HEAD

_TURN = "SELECT pg_advisory_xact_lock(6520115)"


def version_of(connection: Connection) -> str | None:
    """The revision a database is at, None for one without our tables."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


def no_way_back(revision: str) -> StoreBroken:
    """What a migration says to who wants to undo it: that would lose what came since."""
    return StoreBroken(
        f"数据库不能退回到 {revision} 之前的版本,未作任何改动:那样会丢失新版本里的内容。"
        "请用升级之前的备份恢复到一个空的数据文件夹(patmatch restore)。"
    )


def upgrade(engine: Engine, to: str = "head") -> None:
    """To a revision (the newest), in one transaction, which others who open the database
    meanwhile wait for.

    :raises StoreBroken: the database was written by a newer version of the software, or a
        SQLite file holds somebody else's tables."""
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    with engine.begin() as connection:
        alone = connection.dialect.name == "sqlite"
        connection.exec_driver_sql("BEGIN IMMEDIATE" if alone else _TURN)
        version = version_of(connection)
        if version is not None and version not in known:
            raise StoreBroken(
                f"数据库的版本({version})比本程序新(认识到 {HEAD})。"
                "请升级 patent-matcher 后再打开。"
            )
        if alone and version is None and inspect(connection).get_table_names():
            raise StoreBroken(
                "这个数据库文件属于别的软件,未作任何改动。请换一个数据文件夹(--home)。"
            )
        config.attributes["connection"] = connection
        command.upgrade(config, to)
