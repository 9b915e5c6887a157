"""A number as a person types it to the identity keys it may stand for."""

from matcher.normalise.numbers import Application, Publication, application, publication


def named_keys(text: str) -> list[str]:
    """Keys to look for, likeliest first; [] when the text is no number."""
    keys = []
    filed = application(text)
    if isinstance(filed, Application):
        keys.append(f"A:{filed.number}")
    published = publication(text)
    if isinstance(published, Publication):
        keys.append(f"P:{published.family}")
    return keys
