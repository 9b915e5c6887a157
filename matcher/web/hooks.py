"""Webhooks: signed as https://www.standardwebhooks.com says, never sent to where they must not go.

The name of the address is looked up once, each address that it stands for is checked, and the
connection goes to one of those: a name that points elsewhere a moment later changes nothing.
Redirections are not followed."""

import base64
import hmac
import ipaddress
import json
import socket
from collections.abc import Sequence
from hashlib import sha256
from typing import Any
from urllib.parse import SplitResult, urlsplit

import urllib3

from matcher.config import Reach
from matcher.errors import BadInput
from matcher.web.mail import NotSent

SECRET_PREFIX = "whsec_"
LONGEST = 1000
SECONDS = 10.0
PORTS = {"http": 80, "https": 443}
NAT64 = ipaddress.ip_network("64:ff9b::/96")
UNFIT = "回调地址须写成 https://主机名/路径 的样子,不带用户名和密码。请改正后再试。"


def check_url(url: str, reach: Reach) -> SplitResult:
    """The parts of an address that may be called, as far as that can be told without asking for
    its name.

    :raises BadInput: it may not, and why."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise BadInput(UNFIT) from error
    plain = url.isascii() and url.isprintable() and " " not in url
    if not host or parts.scheme not in PORTS or parts.username is not None or not plain:
        raise BadInput(UNFIT)
    if reach == "public":
        if parts.scheme != "https":
            raise BadInput("回调地址须是 https。请改正后再试。")
        if _literal(host) is not None and not _public(host):
            raise BadInput("回调不能发往内部网络的地址。请换一个外部能访问的地址。")
    return parts


def signature(secret: str, id: str, at: int, body: bytes) -> str:
    """What `webhook-signature` says: HMAC-SHA-256 over id, time and body."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    made = hmac.new(key, b".".join([id.encode(), str(at).encode(), body]), sha256).digest()
    return "v1," + base64.b64encode(made).decode()


def secret_told(digest: str) -> str:
    """The key of a webhook (64 hex digits) as its owner is told it."""
    return SECRET_PREFIX + base64.b64encode(bytes.fromhex(digest)).decode()


def post(url: str, reach: Reach, secret: str, told: tuple[str, int, Any]) -> None:
    """Send an event: its id, the time and the data.

    :raises NotSent: it was not taken with a 2xx."""
    id, at, data = told
    try:
        parts = check_url(url, reach)
    except BadInput as error:
        raise NotSent(error.message, again=False) from error
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {
        "Content-Type": "application/json", "User-Agent": "patmatch-webhook", "Host": parts.netloc,
        "webhook-id": id, "webhook-timestamp": str(at),
        "webhook-signature": signature(secret, id, at, body),
    }  # fmt: skip
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        with _pool(parts, _addresses(parts, reach)[0]) as pool:
            answer = pool.request(
                "POST", path, body=body, headers=headers, redirect=False, retries=False,
                preload_content=False,
            )  # fmt: skip
            status = answer.status
            answer.close()
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise NotSent(f"没有连上({type(error).__name__})。") from error
    if not 200 <= status < 300:
        raise NotSent(f"对方回答 {status}。", again=status != 410)


def _addresses(parts: SplitResult, reach: Reach) -> Sequence[str]:
    """What the host stands for.  :raises NotSent: nothing, or something inside."""
    assert parts.hostname is not None
    port = parts.port or PORTS[parts.scheme]
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotSent("找不到这个主机。") from error
    addresses = [str(one[4][0]) for one in found]
    if reach == "public" and not all(map(_public, addresses)):
        raise NotSent("这个主机名指向内部网络,没有发送。", again=False)
    return addresses


def _pool(parts: SplitResult, address: str) -> urllib3.HTTPConnectionPool:
    """Connections to this very address, which must prove that it is the host."""
    port = parts.port or PORTS[parts.scheme]
    limits: dict[str, Any] = {"timeout": urllib3.Timeout(total=SECONDS), "maxsize": 1}
    if parts.scheme == "http":
        return urllib3.HTTPConnectionPool(address, port, **limits)
    return urllib3.HTTPSConnectionPool(
        address, port, server_hostname=parts.hostname, assert_hostname=parts.hostname, **limits
    )


def _literal(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _public(host: str) -> bool:
    """Whether an address is one of the world's, and of one machine."""
    found = ipaddress.ip_address(host.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return _public(str(found.ipv4_mapped))
        if found.sixtofour is not None or found.teredo is not None or found in NAT64:
            return False
    return found.is_global and not found.is_multicast
