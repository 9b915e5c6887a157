"""Where the tables stand together, and the migration that makes them."""

from sqlalchemy import MetaData

HEAD = "0012"
metadata = MetaData()
