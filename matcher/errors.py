"""Every error the product raises, drawn as one tree.  Each carries its data, the exit code of
the command line and the HTTP status; nothing else turns an error into a status.

    MatcherError                     exit  HTTP
    ├── BadInput                     2     422   the user's file, value or option
    │   ├── UnreadableFile           2     422   not a list we can open
    │   ├── NothingUsable            2     422   opened, but no column or row can be used
    │   ├── BadFilter                2     422
    │   ├── BadSetting               2     422
    │   ├── TooLarge                 2     413   more than we take at once
    │   ├── Suspect                  2     422   text that looks like a secret: the user is asked
    │   └── VersionNeeded            2     428   a change that does not say of which version
    ├── UnknownId                    3     404
    ├── Conflict                     4     409   another process is writing
    │   ├── Taken                    4     409   the name or address is in use
    │   ├── Changed                  4     412   somebody else changed it meanwhile
    │   └── WrongStep                4     409   not from here: the life of a match has an order
    ├── ModelBroken                  5     500   a shipped or named model is missing or altered
    ├── DimensionMismatch            5     500   vectors of another length than the index holds
    ├── StoreBroken                  5     500   the database cannot be read or is newer than us
    ├── MissingExtra                 6     501   a library of an optional extra is not installed
    ├── NotAllowed                   7     403   the policy says no
    │   └── SignInNeeded             7     401   nobody is signed in, or no longer
    └── TooManyTries                 7     429   locked for a while

Messages are for users: Chinese, what happened, what is safe, what to do."""

from typing import ClassVar


class MatcherError(Exception):
    """Root of the tree.  `str(error)` is the Chinese message; `data()` the details."""

    exit_code: ClassVar[int] = 1
    status: ClassVar[int] = 500

    def __init__(self, message: str, **details: object) -> None:
        super().__init__(message)
        self.message = message
        self.details = details

    def data(self) -> dict[str, object]:
        """The error as plain data, for `--json` and the API."""
        return {"error": type(self).__name__, "message": self.message, **self.details}


class BadInput(MatcherError):
    """The user's file, value or option cannot be used as it is."""

    exit_code = 2
    status = 422


class UnreadableFile(BadInput):
    """The file is missing, damaged, protected or of a kind we do not read."""


class NothingUsable(BadInput):
    """The file was read, but holds no column or no row that can be used."""


class BadFilter(BadInput):
    """A filter names something that does not exist or does not apply."""


class BadSetting(BadInput):
    """The settings file or an environment variable holds a value we do not know."""


class TooLarge(BadInput):
    """More than we take at once."""

    status = 413


class Suspect(BadInput):
    """A text looks as if it held a secret; nothing was taken, and the user is asked."""


class VersionNeeded(BadInput):
    """A change or withdrawal must say which version of the record it is about."""

    status = 428


class UnknownId(MatcherError):
    """A record was asked for that is not in the store."""

    exit_code = 3
    status = 404


class Conflict(MatcherError):
    """Another process holds what this one needs to write."""

    exit_code = 4
    status = 409


class Taken(Conflict):
    """The name or address is in use."""


class Changed(Conflict):
    """The record is no longer as the caller read it."""

    status = 412


class WrongStep(Conflict):
    """A step that the life of a match does not allow from where it is."""


class ModelBroken(MatcherError):
    """A model file is missing or differs from its manifest."""

    exit_code = 5


class DimensionMismatch(MatcherError):
    """Vectors of another length than the index holds."""

    exit_code = 5


class StoreBroken(MatcherError):
    """The database cannot be read, or was written by a newer version."""

    exit_code = 5


class MissingExtra(MatcherError):
    """A library of an optional extra is not installed."""

    exit_code = 6
    status = 501


class NotAllowed(MatcherError):
    """The policy says that this caller may not do this."""

    exit_code = 7
    status = 403


class SignInNeeded(NotAllowed):
    """Nobody is signed in, or no longer; or name and password do not fit."""

    status = 401


class TooManyTries(MatcherError):
    """Too many wrong passwords: `retry_after` seconds from now it may be tried again."""

    exit_code = 7
    status = 429
