"""Bring a database to the newest schema with Alembic."""

from pathlib import Path

from sqlalchemy import Engine

from matcher.errors import StoreBroken
from matcher.store.tables import HEAD


def upgrade(engine: Engine, version: str | None) -> None:
    """From `version` (None: empty) to `HEAD`, in one transaction.

    :raises StoreBroken: the database was written by a newer version of the software."""
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if version is not None and version not in known:
        raise StoreBroken(
            f"数据库的版本({version})比本程序新(认识到 {HEAD})。请升级 patent-matcher 后再打开。"
        )
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
