"""Rows to patents and needs: numbers, dates, symbols, parties; identity and merging."""
