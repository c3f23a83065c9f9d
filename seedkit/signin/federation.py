"""Assertions of workload identity federation: what a CI job can show in place of a secret.

Sources: GitHub, «OpenID Connect reference»; Azure DevOps REST API, «Oidctoken - Create»; Microsoft
Entra Workload ID for Kubernetes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import requests

from seedkit.errors import SignInError
from seedkit.signin.refusals import told_apart

AUDIENCE = "api://AzureADTokenExchange"
GITHUB_URL, GITHUB_TOKEN = "ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"
DEVOPS_URL, DEVOPS_TOKEN = "SYSTEM_OIDCREQUESTURI", "SYSTEM_ACCESSTOKEN"
DEVOPS_CONNECTION = "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"
DEVOPS_VERSION = "7.1"
TOKEN_FILE = "AZURE_FEDERATED_TOKEN_FILE"
Assertion = Callable[[], str]


def find_assertion(name: str, variables: Mapping[str, str], session: requests.Session) -> Assertion:
    """Return what makes assertions here; SignInError when this is no job that can.

    It is called for every new token, because an assertion lives for minutes only.
    """
    if variables.get(GITHUB_URL) and variables.get(GITHUB_TOKEN):
        return lambda: _github(name, variables, session)
    if variables.get(DEVOPS_URL):
        return lambda: _devops(name, variables, session)
    if variables.get(TOKEN_FILE):
        return lambda: _from_file(Path(variables[TOKEN_FILE]))
    raise SignInError(
        "No workload identity can be had here.",
        "In GitHub Actions give the job `permissions: id-token: write`; in Azure DevOps map\n"
        f"{DEVOPS_TOKEN} and use a service connection. Elsewhere sign in as yourself:\n"
        "seedkit environments list",
    )


def _github(name: str, variables: Mapping[str, str], session: requests.Session) -> str:
    with told_apart(name):
        answer = session.get(
            variables[GITHUB_URL],
            params={"audience": AUDIENCE},
            headers={"Authorization": f"Bearer {variables[GITHUB_TOKEN]}"},
        )
        return _member(answer, "value", "GitHub Actions")


def _devops(name: str, variables: Mapping[str, str], session: requests.Session) -> str:
    missing = [key for key in (DEVOPS_TOKEN, DEVOPS_CONNECTION) if not variables.get(key)]
    if missing:
        raise SignInError(
            f"The step lacks the variable {' and '.join(missing)}.",
            f"Map it in the step's `env:`, as in {DEVOPS_TOKEN}: $(System.AccessToken)",
        )
    with told_apart(name):
        answer = session.post(
            variables[DEVOPS_URL],
            params={
                "api-version": DEVOPS_VERSION,
                "serviceConnectionId": variables[DEVOPS_CONNECTION],
            },
            headers={
                "Authorization": f"Bearer {variables[DEVOPS_TOKEN]}",
                "Content-Type": "application/json",
                "X-TFS-FedAuthRedirect": "Suppress",
            },
        )
        return _member(answer, "oidcToken", "Azure DevOps")


def _member(answer: requests.Response, key: str, who: str) -> str:
    try:
        found = answer.json()[key] if answer.ok else None
    except (ValueError, KeyError, TypeError):
        found = None
    if not isinstance(found, str):
        raise SignInError(
            f"{who} gave no identity token (status {answer.status_code}).",
            "Check the permissions of the job, then run it again.",
        )
    return found


def _from_file(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SignInError(
            f"The file that {TOKEN_FILE} names can't be read ({error.strerror}).",
            "Check the workload identity of the pod, then run it again.",
        ) from None
