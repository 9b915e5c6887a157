"""What errors say to who prefers English: the kind of error, by its stable code."""

from collections.abc import Mapping
from types import MappingProxyType

UNNAMED = "Something is wrong with the request; see `original`."
KINDS: Mapping[int, str] = MappingProxyType({
    400: "Unreadable request", 401: "Sign-in needed", 403: "Not allowed", 404: "Not found",
    405: "Method not allowed", 409: "Conflict", 412: "Changed meanwhile", 413: "Too large",
    415: "Wrong format", 422: "Wrong content", 428: "Version needed", 429: "Too many tries",
    500: "Service error", 501: "Not installed", 503: "Not ready yet",
})  # fmt: skip
DETAILS: Mapping[str, str] = MappingProxyType({
    "bad_input": "The input cannot be used as it is.",
    "unreadable_file": "The file is damaged, protected or of a kind that is not read.",
    "nothing_usable": "The file was read, but no column or no row of it can be used.",
    "bad_filter": "A filter names something that does not exist.",
    "bad_setting": "A setting of the installation is wrong.",
    "too_large": "More than is taken at once; send it in parts.",
    "suspect": "The text looks as if it held a secret; nothing was taken. Confirm or change it.",
    "version_needed": "Say in If-Match which version you mean.",
    "unknown_id": "There is nothing of this id, or it is not for you.",
    "conflict": "Somebody else is writing; nothing was changed. Try again in a moment.",
    "taken": "It is there already.",
    "changed": "Somebody changed it meanwhile; read it again and repeat your change.",
    "wrong_step": "This step is not possible from where it is.",
    "not_allowed": "Your role does not allow this.",
    "sign_in_needed": "Sign in, or send a valid key.",
    "too_many_tries": "Too many tries; wait as long as Retry-After says.",
    "missing_extra": "A part of the service is not installed.",
    "invalid_request": "The request is not as the API describes it; see `errors`.",
    "not_found": "There is no such address.",
    "method_not_allowed": "This address does not take this method.",
    "bad_request": "The request cannot be read; check its format and encoding.",
    "internal": "The service failed; your data was not changed. Try again later.",
})  # fmt: skip
FAULTS: Mapping[str, str] = MappingProxyType({
    "missing": "is missing", "extra_forbidden": "is not known", "string_too_long": "is too long",
    "string_too_short": "is too short", "too_long": "has too many", "too_short": "has too few",
    "greater_than_equal": "is too small", "less_than_equal": "is too large",
    "literal_error": "is none of the choices", "finite_number": "is no finite number",
    "json_invalid": "is not JSON",
})  # fmt: skip


def english_fault(code: str, original: str) -> str:
    """What is wrong with a field; in Chinese what is not known in English."""
    return FAULTS.get(code, original)


def prefers_english(header: str) -> bool:
    """Whether an `Accept-Language` puts English before Chinese (RFC 9110, 12.5.4); of equals the
    first."""
    best = {"zh": 0.0, "en": 0.0}
    order: list[str] = []
    for part in header[:1000].split(","):
        tag, _, weight = part.partition(";")
        language = tag.strip().lower().partition("-")[0]
        if language in best:
            order.append(language)
            best[language] = max(best[language], _weight(weight))
    if best["en"] == best["zh"]:
        return best["en"] > 0 and order[0] == "en"
    return best["en"] > best["zh"]


def _weight(text: str) -> float:
    name, _, value = text.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return min(1.0, max(0.0, float(value)))
    except ValueError:
        return 0.0
