"""What each route does, in the words of the policy.  A route that is not here is refused."""

from collections.abc import Mapping
from types import MappingProxyType

from starlette.types import Scope

from matcher.access.policy import Action

PREFIX = "/api/v1"
RULES: Mapping[str, Action] = MappingProxyType({
    "GET /health/live": "open",
    "GET /health/ready": "open",
    "GET /openapi.json": "open",
    "POST /session": "open",
    "DELETE /session": "self",
    "POST /invitations/accept": "open",
    "GET /me": "self",
    "DELETE /me": "personal",
    "GET /me/data": "personal",
    "POST /password/forgotten": "open",
    "POST /password/reset": "open",
    "PUT /me/password": "personal",
    "GET /me/watches": "watch",
    "POST /me/watches": "watch",
    "DELETE /me/watches/{watch_id}": "watch",
    "GET /me/keys": "own_keys",
    "POST /me/keys": "own_keys",
    "DELETE /me/keys/{key_id}": "own_keys",
    "GET /organisations": "read_organisations",
    "POST /organisations": "found",
    "GET /organisations/{organisation_id}": "read_organisations",
    "GET /organisations/{organisation_id}/members": "read_members",
    "PUT /organisations/{organisation_id}/members/{person_id}": "manage_members",
    "DELETE /organisations/{organisation_id}/members/{person_id}": "manage_members",
    "POST /organisations/{organisation_id}/invitations": "manage_members",
    "GET /organisations/{organisation_id}/keys": "manage_keys",
    "POST /organisations/{organisation_id}/keys": "manage_keys",
    "DELETE /organisations/{organisation_id}/keys/{key_id}": "manage_keys",
    "GET /organisations/{organisation_id}/webhooks": "manage_hooks",
    "POST /organisations/{organisation_id}/webhooks": "manage_hooks",
    "DELETE /organisations/{organisation_id}/webhooks/{hook_id}": "manage_hooks",
    "POST /organisations/{organisation_id}/webhooks/{hook_id}/ping": "manage_hooks",
    "GET /organisations/{organisation_id}/webhooks/{hook_id}/deliveries": "manage_hooks",
    "GET /patents": "browse",
    "GET /patents/{id:path}": "browse",
    "POST /patents": "upload_patents",
    "PUT /patents/{id:path}": "upload_patents",
    "DELETE /patents/{id:path}": "upload_patents",
    "POST /patents/withdraw": "upload_patents",
    "GET /needs": "browse",
    "GET /needs/{id:path}": "browse",
    "POST /needs": "upload_needs",
    "PUT /needs/{id:path}": "upload_needs",
    "DELETE /needs/{id:path}": "upload_needs",
    "POST /needs/withdraw": "upload_needs",
    "POST /uploads/patents": "upload_patents",
    "POST /uploads/needs": "upload_needs",
    "GET /uploads/{upload_id}/rejects": "take_back",
    "POST /match": "match",
    "POST /exports": "export",
    "GET /files/{job_id}": "open",
    "GET /jobs": "follow_jobs",
    "POST /jobs": "maintain",
    "GET /jobs/{job_id}": "follow_jobs",
    "POST /jobs/{job_id}/cancel": "stop_jobs",
    "POST /matches": "push",
    "GET /matches": "follow",
    "GET /matches/{match_id}": "follow",
    "POST /matches/{match_id}/steps": "answer",
    "GET /regions": "open",
    "GET /industries": "open",
    "GET /parks": "open",
    "POST /feedback": "give_feedback",
    "GET /feedback": "follow",
    "GET /statistics": "read_statistics",
    "GET /statistics/matches": "read_figures",
    "GET /metrics": "open",
    "GET /audit": "read_audit",
})  # fmt: skip

PAGES: Mapping[str, Action] = MappingProxyType({
    "GET /": "browse",
    "GET /search": "match",
    "GET /why": "match",
    "GET /needs": "own_needs",
    "GET /need": "follow",
    "GET /need/light": "match",
    "POST /need/answer": "answer",
    "POST /need/watch": "watch",
    "POST /need/withdraw": "upload_needs",
    "GET /need/new": "upload_needs",
    "GET /need/edit": "upload_needs",
    "POST /need/new": "upload_needs",
    "POST /need/advice": "upload_needs",
    "POST /need/draft": "upload_needs",
    "GET /upload/{side}": "take_back",
    "POST /upload/{side}": "take_back",
    "GET /upload/{side}/{ticket}": "take_back",
    "POST /upload/{side}/{ticket}": "take_back",
    "GET /uploaded/{side}/{upload_id}": "take_back",
    "POST /uploaded/{side}/{upload_id}": "take_back",
    "GET /rejects/{upload_id}": "take_back",
    "GET /jobs": "follow_jobs",
    "GET /job": "follow_jobs",
    "GET /job/state": "follow_jobs",
    "POST /job/stop": "stop_jobs",
    "GET /patents": "own_patents",
    "POST /patents/terms": "upload_patents",
    "GET /patent": "follow",
    "POST /patent/answer": "answer",
    "GET /leads": "follow",
    "GET /lead": "follow",
    "POST /lead/step": "answer",
    "GET /sign-in": "open",
    "POST /sign-in": "open",
    "POST /sign-out": "self",
    "GET /forgotten": "open",
    "POST /forgotten": "open",
    "GET /reset/{token}": "open",
    "POST /reset/{token}": "open",
    "GET /invitation/{token}": "open",
    "POST /invitation/{token}": "open",
    "GET /assets/{name}": "open",
})  # fmt: skip


def action_of(method: str, path: str) -> Action | None:
    """What a route (its path as it is written in code, `/api/v1/needs/{id:path}`) does."""
    if path.startswith(f"{PREFIX}/"):
        return RULES.get(f"{method} {path.removeprefix(PREFIX)}")
    return PAGES.get(f"{method} {path}")


def route_of(scope: Scope) -> str:
    """The path of a request's route as it is written in code, "" where there is none.  What a
    router was included under is not part of its routes' own."""
    path = str(getattr(scope.get("route"), "path", ""))
    of_api = str(scope.get("path", "")).startswith(f"{PREFIX}/")
    return PREFIX + path if path and of_api and not path.startswith(f"{PREFIX}/") else path
