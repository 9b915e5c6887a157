"""The store: SQLAlchemy Core over SQLite and PostgreSQL, schema by Alembic."""
