"""Where the tables stand together, and the migration that makes them."""

from sqlalchemy import MetaData

HEAD = "0010"
metadata = MetaData()
