"""Vector indexes: exact in numpy, flat and int8 in FAISS."""
