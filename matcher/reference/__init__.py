"""Codes and names of the outside world: regions, parks, industries, organisations.

Import the modules directly: ``matcher.reference.regions``, ``.parks``, ``.industries``,
``.organisations``. Tables live in ``resources/`` and are read once, on first use.
"""
