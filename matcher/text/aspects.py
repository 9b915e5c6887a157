"""What a record says, by field: the texts that are embedded, indexed and quoted as evidence."""

from collections.abc import Mapping

from matcher.records import Need, Patent, TextField


def patent_aspects(patent: Patent) -> dict[TextField, str]:
    """The non-blank texts of a patent, title first."""
    return _present(
        {"title": patent.title, "abstract": patent.abstract, "first_claim": patent.first_claim}
    )


def need_aspects(need: Need) -> dict[TextField, str]:
    """The non-blank texts of a need, title first; `content` only where the form's own fields
    are blank, since a form read from running text keeps that text whole."""
    form: dict[TextField, str] = {
        "main_problem": need.main_problem,
        "key_technology": need.key_technology,
        "expected_goal": need.expected_goal,
    }
    told = _present(form) or {"content": need.content}
    title: dict[TextField, str] = {"title": " ".join((need.title, *need.keywords))}
    return _present({**title, **told})


def headed(aspects: Mapping[TextField, str]) -> tuple[str, str]:
    """The title, or blank, and all else that is said, a line each."""
    rest = "\n".join(text for name, text in aspects.items() if name != "title")
    return aspects.get("title", ""), rest


def whole(aspects: Mapping[TextField, str]) -> str:
    """All texts as one, a line each."""
    return "\n".join(aspects.values())


def asked(aspects: Mapping[TextField, str]) -> str:
    """The texts as a query of terms: the title twice, since it says what the rest explains
    (docs/decisions/0005-fusion.md)."""
    title = aspects.get("title")
    return f"{title}\n{whole(aspects)}" if title else whole(aspects)


def _present(texts: Mapping[TextField, str]) -> dict[TextField, str]:
    return {name: text for name, text in texts.items() if text.strip()}
