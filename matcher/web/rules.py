"""What each route does, in the words of the policy.  A route that is not here is refused."""

from collections.abc import Mapping
from types import MappingProxyType

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
    "GET /statistics": "read_statistics",
    "GET /audit": "read_audit",
})  # fmt: skip


def action_of(method: str, path: str) -> Action | None:
    """What a route (its path as it is written in code, `/api/v1/needs/{id:path}`) does."""
    return RULES.get(f"{method} {path.removeprefix(PREFIX)}")
