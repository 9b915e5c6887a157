"""What is kept of passwords and tokens: never themselves."""

import hmac
import secrets
from hashlib import sha256
from typing import TYPE_CHECKING, Literal

from matcher.errors import MissingExtra

if TYPE_CHECKING:
    from argon2 import PasswordHasher

Use = Literal[
    "session",
    "key",
    "invitation",
    "subject",
    "csrf",
    "withdrawal",
    "once",
    "file",
    "reset",
    "hook",
    "upload",
]
KEY_PREFIX = "pmk_"


def new_id(letter: str) -> str:
    """A name for a row, not to be guessed and no secret: `o-` and 16 hex digits."""
    return f"{letter}-{secrets.token_hex(8)}"


def new_token(prefix: str = "") -> str:
    """32 random bytes as text for a URL, behind a prefix by which scanners find leaked ones."""
    return prefix + secrets.token_urlsafe(32)


def digest(secret: str, use: Use, token: str) -> str:
    """64 hex digits, HMAC-SHA-256 under the installation's secret: the database alone opens
    nothing, and what was made for one use serves no other."""
    told = f"{use}\x00{token}".encode("utf-8", "surrogatepass")
    return hmac.new(secret.encode("utf-8", "surrogatepass"), told, sha256).hexdigest()


def hashed(password: str) -> str:
    """argon2id with the library's own settings, which stand in the result."""
    return _hasher().hash(password)


def fits(stored: str, password: str) -> bool:
    """Whether this is the password that was hashed."""
    from argon2.exceptions import Argon2Error, InvalidHashError

    try:
        return _hasher().verify(stored, password)
    except (Argon2Error, InvalidHashError):
        return False


def aged(stored: str) -> bool:
    """Whether the library would hash with stronger settings by now."""
    return _hasher().check_needs_rehash(stored)


def not_installed(error: ModuleNotFoundError) -> MissingExtra:
    """What to say where a library of the service is not there."""
    return MissingExtra(
        '服务需要的库还没有安装。请运行 pip install "patent-matcher[service]"。',
        module=str(error.name),
    )


def _hasher() -> "PasswordHasher":
    try:
        from argon2 import PasswordHasher, profiles
    except ModuleNotFoundError as error:
        raise not_installed(error) from error
    return PasswordHasher.from_parameters(profiles.RFC_9106_LOW_MEMORY)
