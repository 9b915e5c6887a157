"""Errors as RFC 9457 problems: a stable code, a Chinese sentence, and nothing of the inside."""

import logging
import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import Scope

from matcher.errors import MatcherError
from matcher.web.english import DETAILS, KINDS, UNNAMED, english_fault, prefers_english

log = logging.getLogger(__name__)
HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
)
"""On every answer, whatever became of the request."""
INSIDE = "服务暂时出错,您的数据没有改动。请稍后再试;若一直这样,请告诉管理员出错的时间。"
TITLES: Mapping[int, str] = MappingProxyType({
    400: "请求读不懂", 401: "需要登录", 403: "没有权限", 404: "没有找到", 405: "不能这样请求",
    409: "有冲突", 412: "已被改过", 413: "太大", 415: "格式不对", 422: "内容不对",
    428: "没有说明版本", 429: "试得太多",
    500: "服务出错", 501: "没有安装", 503: "还没准备好",
})  # fmt: skip
FAULTS: Mapping[str, str] = MappingProxyType({
    "missing": "缺少这一项",
    "extra_forbidden": "不认识这一项",
    "string_too_long": "太长",
    "string_too_short": "太短",
    "too_long": "太多",
    "too_short": "太少",
    "greater_than_equal": "太小",
    "less_than_equal": "太大",
    "literal_error": "不是可选的值",
    "finite_number": "不是有限的数",
    "json_invalid": "不是 JSON",
})  # fmt: skip


class Fault(BaseModel):
    """One thing that is wrong with a request, and where."""

    where: str
    code: str
    detail: str


class Problem(BaseModel):
    """RFC 9457; `code` is stable, `detail` is for people.  Who prefers English is told what kind of
    error it is, and in `original` the Chinese sentence, which says more."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    original: str | None = None
    errors: list[Fault] = []


def code_of(kind: type[MatcherError]) -> str:
    """`UnknownId` -> `unknown_id`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()


def problem(
    scope: Scope, status: int, told: tuple[str, str], *, errors: Sequence[Fault] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:  # fmt: skip
    """The answer for what went wrong with a request: its code and the Chinese sentence, in the
    language that the request asks for."""
    code, detail = told
    body: dict[str, Any] = {
        "type": f"urn:patmatch:problem:{code}", "title": TITLES.get(status, "出错"),
        "status": status, "detail": detail, "code": code,
    }  # fmt: skip
    faults = [fault.model_dump() for fault in errors]
    english = prefers_english(Headers(scope=scope).get("accept-language", ""))
    if english:
        body.update(title=KINDS.get(status, "Error"), detail=DETAILS.get(code, UNNAMED))
        body["original"] = detail
        faults = [{**one, "detail": english_fault(one["code"], one["detail"])} for one in faults]
    if faults:
        body["errors"] = faults
    spoken = {"Content-Language": "en" if english else "zh-CN", "Vary": "Accept-Language"}
    return JSONResponse(
        body, status, headers={**spoken, **(headers or {})}, media_type="application/problem+json"
    )


def answer_with_problems(app: FastAPI) -> None:
    """Make every error of this app a problem."""
    app.add_exception_handler(MatcherError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(Exception, _unforeseen)


def _ours(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, MatcherError)
    headers = {}
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    if "retry_after" in error.details:
        headers["Retry-After"] = str(error.details["retry_after"])
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _note(request, error)
        return problem(request.scope, error.status, (code_of(type(error)), INSIDE))
    told = error.details.get("faults", ())
    assert isinstance(told, list | tuple)
    faults = [Fault(where=where, code=code, detail=detail) for where, code, detail in told]
    said = code_of(type(error)), error.message
    return problem(request.scope, error.status, said, errors=faults, headers=headers)


def _invalid(request: Request, error: Exception) -> JSONResponse:
    """What is wrong with each field.  The value is never repeated: it may be a password."""
    assert isinstance(error, RequestValidationError)
    faults = [_fault(one) for one in error.errors()[:20]]
    told = ";".join(f"{one.where}:{one.detail}" for one in faults[:3])
    said = "invalid_request", f"请求的内容不对:{told}。请改正后再试。"
    return problem(request.scope, 422, said, errors=faults)


def _of_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    status = HTTPStatus(error.status_code)
    detail = {404: "没有这个地址。请核对。", 405: "这个地址不能这样请求。"}.get(
        status, "请求读不懂。请核对格式和编码。"
    )
    said = status.name.lower(), detail
    return problem(request.scope, status, said, headers=error.headers)


def _unforeseen(request: Request, error: Exception) -> JSONResponse:
    _note(request, error)
    return problem(request.scope, 500, ("internal", INSIDE), headers=HEADERS)


def _note(request: Request, error: Exception) -> None:
    """For whoever looks after the service: which error where, and none of its values."""
    route: Any = request.scope.get("route")
    log.error("%s %s: %s", request.method, getattr(route, "path", "?"), type(error).__name__)


def _fault(told: Mapping[str, Any]) -> Fault:
    kind = str(told["type"])
    where = ".".join(str(part) for part in told["loc"] if part not in ("body", "query", "path"))
    safe = re.sub(r"[^\w.\[\]-]", "?", where)[:80] or "内容"
    return Fault(where=safe, code=kind, detail=FAULTS.get(kind, "值不对"))
