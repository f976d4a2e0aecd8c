"""What a Wikibase's API can answer instead of what was asked, each with what to do about it."""

from __future__ import annotations

from typing import Final

from treatygraph.errors import InputError, LimitError, StoreError, TreatygraphError


class WikibaseError(TreatygraphError):
    """A refusal or failure; `code` is the API's own word. Raised only as one of the classes below."""

    code: str = ""


class EditRefused(WikibaseError, InputError):
    """This edit cannot be made as it is; others may."""


class AccessDenied(WikibaseError, InputError):
    """Not logged in, blocked, or not enough rights: no edit can be made."""


class EditConflict(WikibaseError, StoreError):
    """Somebody changed the item meanwhile: read it again."""


class BadToken(WikibaseError, StoreError):
    """The edit token has expired: ask for another."""


class TryLater(WikibaseError, LimitError):
    """The server asks for patience longer or more often than we have; what was done stands."""


class Uncertain(WikibaseError, StoreError):
    """No readable answer: the edit may have been made or not."""


_ACCESS: Final = {
    "assertuserfailed": "the login is over: run it again",
    "assertbotfailed": "the login is over: run it again",
    "assertnameduserfailed": "the login is over: run it again",
    "permissiondenied": "the account, or its bot password, lacks the right to edit: check its grants",
    "blocked": "the account or this network is blocked: read the reason on the wiki, do not go on",
    "autoblocked": "this network is blocked: read the reason on the wiki, do not go on",
    "globalblocking-blockedtext": "this network is blocked everywhere: do not go on",
    "readapidenied": "this wiki is not open to everybody: log in",
    "mwoauth-invalid-authorization": "the OAuth token is not valid for this wiki",
}
_REFUSED: Final = {
    "failed-save": "the wiki would not save it: read its message, correct the item, run it again",
    "modification-failed": "a value breaks a rule of the wiki: correct it in the data, export again",
    "invalid-snak": "a value does not fit its property there: look the property up",
    "no-such-entity": "the item is not there: was it deleted, or is this another wiki?",
    "no-such-property": "the property is not there: is this another wiki?",
    "invalid-claim": "the statement is not in the form the wiki takes: report it to us",
    "abusefilter-disallowed": "a filter of the wiki stopped it: ask its administrators before going on",
    "abusefilter-warning": "a filter of the wiki warns about it: make this edit by hand",
}
WAITING: Final = frozenset({"maxlag", "ratelimited", "actionthrottledtext", "readonly"})
"""Codes after which the same request may be sent again: the server says it has done nothing."""


def from_api(error: object, where: str) -> WikibaseError:
    """The error for the `error` object of an API answer."""
    data = error if isinstance(error, dict) else {}
    code, info = str(data.get("code", "unknown")), plain(str(data.get("info", "no reason given")))
    names = {str(one.get("name")) for one in data.get("messages", ()) if isinstance(one, dict)}
    kind: type[WikibaseError] = EditRefused
    hint = _REFUSED.get(code, "")
    if code in _ACCESS:
        kind, hint = AccessDenied, _ACCESS[code]
    elif code == "badtoken":
        kind, hint = BadToken, "the edit token has expired"
    elif code == "editconflict" or "edit-conflict" in names:
        kind, code, hint = EditConflict, "editconflict", "somebody edited the item at the same time"
    elif code in WAITING or "actionthrottledtext" in names:
        kind, hint = TryLater, "wait, then run the same command again: it goes on where it stopped"
        code = "ratelimited" if "actionthrottledtext" in names else code
    raised = kind(f"the Wikibase refuses: {code}: {info}", where=where, hint=hint or None)
    raised.code = code
    return raised


def uncertain(what: str, where: str, code: str = "no-answer") -> Uncertain:
    """The error for an answer that did not come or cannot be read."""
    error = Uncertain(what, where=where, hint="try again later; nothing is sent twice")
    error.code = code
    return error


def plain(text: str) -> str:
    """A server's words without markup and without what would steer a terminal."""
    from treatygraph.endpoint_errors import readable

    return readable(text.encode())
