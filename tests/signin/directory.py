"""A directory of our own on a loopback port, strict about what each flow has to send.

It stands in for Microsoft Entra ID, for the identity services of CI systems and for the endpoint of
managed identities. Whoever signs in speaks to the real addresses; the session leads them here.
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import requests
from requests.adapters import HTTPAdapter

from seedkit.signin import open_session

TENANT, CLIENT, SECRET = "contoso.example", "app-1", "planted-secret-value"
RESOURCE = "https://contoso.crm4.dynamics.com"
JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION, JOB_TOKEN = "assertion-of-the-job", "planted-job-token"
Answer = tuple[int, dict[str, Any]]


def encoded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def unsigned(claims: Mapping[str, object]) -> str:
    return f"{encoded({'alg': 'none'})}.{encoded(claims)}.planted-signature"


@dataclass
class Directory:
    """What the directory knows and what it was asked; a refusal is an OAuth error."""

    port: int = 0
    seconds: int = 3600
    resource: str = RESOURCE
    mint: Callable[[], str] | None = None  # makes tokens that an environment takes
    public_key: Any = None
    pending: int = 1  # answers of «not yet» before a device code is taken
    revoked: bool = False
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    issued: list[str] = field(default_factory=list)
    challenge: str = ""
    nonce: str = ""

    def grants(self) -> list[str]:
        """Return the grants of all requests for tokens, in order."""
        return [form["grant_type"] for _, path, form in self.asked if path.endswith("/token")]

    def hosts(self) -> set[str]:
        return {host for host, _, _ in self.asked}

    def session(self) -> requests.Session:
        """Return a session of ours that ends up here, whatever address is asked."""
        session = open_session(None, None)
        session.mount("https://", _Here(self.port))
        return session

    def answer(self, host: str, path: str, form: dict[str, str], headers: Any) -> Answer:
        self.asked.append((host, path, form))
        if path.endswith("/openid-configuration"):
            return 200, _addresses(f"https://{host}/{path.split('/')[1]}")
        if path.endswith("/discovery/instance"):
            return 200, {"metadata": [], "tenant_discovery_endpoint": ""}
        if path.endswith("/devicecode"):
            return 200, _device(form, self.resource)
        if path.endswith("/token"):
            return self._token(host, form)
        return self._of_a_job(path, form, headers)

    def _token(self, host: str, form: dict[str, str]) -> Answer:
        grant = form["grant_type"]
        if form.get("client_id") != CLIENT:
            return _no("unauthorized_client", 700016, "Application was not found.")
        if (
            "device_code" not in grant
            and self.resource + "/.default" not in form.get("scope", "").split()
        ):
            return _no("invalid_scope", 70011, f"The scope {form.get('scope')} is wrong.")
        if grant == "client_credentials":
            return self._application(host, form)
        if "device_code" in grant:
            self.pending -= 1
            if self.pending >= 0:
                return 400, {"error": "authorization_pending", "error_description": "not yet"}
            return self._person() if form["device_code"] == "device-1" else _no("bad", 1, "code")
        if grant == "authorization_code":
            return self._code(form)
        if grant == "refresh_token" and form["refresh_token"] == "planted-refresh":
            gone = _no("invalid_grant", 50173, "The session was revoked.")
            return gone if self.revoked else self._person()
        return _no("unsupported_grant_type", 70003, grant)

    def _application(self, host: str, form: dict[str, str]) -> Answer:
        if "client_assertion" in form:
            if form["client_assertion_type"] != JWT_BEARER or not self._believes(host, form):
                return _no("invalid_client", 700213, "No matching federated identity record.")
        elif form.get("client_secret") != SECRET:
            return _no("invalid_client", 7000215, "Invalid client secret provided.")
        return 200, self._issue()

    def _believes(self, host: str, form: dict[str, str]) -> bool:
        if self.public_key is None:
            return form["client_assertion"] == ASSERTION
        try:
            audience = f"https://{host}/{TENANT}/oauth2/v2.0/token"
            algorithms = ["RS256", "PS256"]
            assertion = form["client_assertion"]
            claims = jwt.decode(assertion, self.public_key, algorithms, audience=audience)
        except jwt.PyJWTError:
            return False
        return bool(claims["iss"] == claims["sub"] == CLIENT)

    def _code(self, form: dict[str, str]) -> Answer:
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        proof = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if form["code"] != "code-1" or proof != self.challenge:
            return _no("invalid_grant", 501481, "The code verifier does not fit.")
        return self._person()

    def _person(self) -> Answer:
        claims = {"iss": "i", "aud": CLIENT, "sub": "s", "exp": 1 << 40, "iat": 0}
        claims |= {"preferred_username": "ann@bank.example", "nonce": self.nonce, "tid": TENANT}
        info = encoded({"uid": "ann", "utid": TENANT})
        more = {"refresh_token": "planted-refresh", "client_info": info}
        return 200, {**self._issue(), **more, "id_token": unsigned(claims)}

    def _issue(self) -> dict[str, Any]:
        claims = {"aud": RESOURCE, "appid": CLIENT, "n": len(self.issued), "exp": 1 << 33}
        self.issued.append(self.mint() if self.mint else unsigned(claims))
        scope = f"{self.resource}/.default"
        end = {"expires_in": self.seconds, "token_type": "Bearer", "scope": scope}
        return {"access_token": self.issued[-1], **end}

    def _of_a_job(self, path: str, form: dict[str, str], headers: Any) -> Answer:
        bearer = headers.get("Authorization") == f"Bearer {JOB_TOKEN}"
        if path == "/github" and bearer and form.get("audience") == "api://AzureADTokenExchange":
            return 200, {"value": ASSERTION}
        if path == "/devops" and bearer and form.get("serviceConnectionId") == "connection-1":
            return 200, {"oidcToken": ASSERTION}
        if path == "/msi" and headers.get("X-IDENTITY-HEADER") == "planted-header":
            if form.get("resource") != RESOURCE:
                return 400, {"statusCode": 400, "message": "wrong resource"}
            issued = self._issue()
            ends = str(int(4e9))
            return 200, {**issued, "expires_on": ends, "resource": RESOURCE}
        return 403, {"message": "no"}


def _no(error: str, code: int, said: str) -> Answer:
    described = f"AADSTS{code}: {said}\r\nTrace ID: 1\r\nCorrelation ID: 2"
    return 400, {"error": error, "error_description": described, "error_codes": [code]}


def _addresses(base: str) -> dict[str, Any]:
    return {
        "issuer": f"{base}/v2.0",
        "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
        "token_endpoint": f"{base}/oauth2/v2.0/token",
        "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
    }


def _device(form: dict[str, str], resource: str) -> dict[str, Any]:
    if form["client_id"] != CLIENT or resource + "/.default" not in form["scope"].split():
        return {"error": "invalid_scope", "error_description": "AADSTS70011: The scope is wrong."}
    told = {"user_code": "AB12", "verification_uri": "https://microsoft.com/devicelogin"}
    message = "To sign in, open https://microsoft.com/devicelogin and enter AB12."
    more = {"device_code": "device-1", "expires_in": 900, "interval": 0}
    return {**told, **more, "message": message}


class _Here(HTTPAdapter):
    """Leads every request to the loopback port, and says which host was meant."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self._port = port

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> Any:
        meant = urlsplit(request.url or "")
        request.headers["X-Meant"] = meant.netloc
        request.url = meant._replace(scheme="http", netloc=f"127.0.0.1:{self._port}").geturl()
        return super().send(request, *args, **kwargs)


def _handler(directory: Directory) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            form = {key: values[0] for key, values in parse_qs(parts.query).items()}
            if parts.path.endswith("/authorize"):
                self._send_on(form)
            else:
                self._reply(parts.path, form)

        def do_POST(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            found = {**parse_qs(parts.query), **parse_qs(body)}
            self._reply(parts.path, {key: values[0] for key, values in found.items()})

        def _send_on(self, form: dict[str, str]) -> None:
            directory.challenge, directory.nonce = form["code_challenge"], form["nonce"]
            back = {"code": "code-1", "state": form["state"]}
            self._write(200, {"to": form["redirect_uri"], "form": back})

        def _reply(self, path: str, form: dict[str, str]) -> None:
            host = self.headers.get("X-Meant", "")
            status, document = directory.answer(host, path, form, self.headers)
            self._write(status, document)

        def _write(self, status: int, document: dict[str, Any]) -> None:
            content = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return Handler


@contextmanager
def serve() -> Iterator[Directory]:
    """Run a directory while the block runs."""
    directory = Directory()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(directory))
    directory.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield directory
    finally:
        server.shutdown()
        server.server_close()


def browser(directory: Directory) -> Callable[[str], bool]:
    """Return a person at a browser, who follows where the directory sends her."""

    def open_page(address: str) -> bool:
        def follow() -> None:
            session = directory.session()
            page = session.get(address).json()
            # A browser would send the form by itself; older versions of MSAL took a query.
            method = "POST" if "response_mode=form_post" in address else "GET"
            part = "data" if method == "POST" else "params"
            session.request(method, page["to"], **{part: page["form"]})

        threading.Thread(target=follow, daemon=True).start()
        return True

    return open_page
