"""patent-matcher: university patents and the technology needs of small companies, matched."""

__version__ = "0.1.0"
