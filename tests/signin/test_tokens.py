"""Holding a token: asked for again before its end, and where it is kept."""

from __future__ import annotations

import asyncio
import stat
import sys
from pathlib import Path

import msal
import msal_extensions
import pytest

from seedkit.environments import TokenCache
from seedkit.errors import SignInError
from seedkit.signin import HeldToken, Token, forget, open_cache, read_claims
from tests.signin.directory import unsigned


class Way:
    """A way in that counts."""

    def __init__(self, seconds: float) -> None:
        self.now, self.seconds = 1000.0, seconds
        self.asked: list[bool] = []

    def __call__(self, *, fresh: bool) -> Token:
        self.asked.append(fresh)
        return Token(f"token-{len(self.asked)}", self.now + self.seconds)


def test_a_token_is_held_until_shortly_before_its_end() -> None:
    way = Way(3600)
    held = HeldToken(way, lambda: way.now)

    async def work() -> list[str]:
        found = [await held.token(), await held.token()]
        way.now += 3600 - 291
        found.append(await held.token())
        way.now += 2
        found.append(await held.token())
        return found

    assert asyncio.run(work()) == ["token-1", "token-1", "token-1", "token-2"]
    assert way.asked == [False, False]


def test_many_requests_at_once_ask_once() -> None:
    way = Way(3600)

    async def work() -> set[str]:
        held = HeldToken(way, lambda: way.now)
        return set(await asyncio.gather(*(held.token() for _ in range(20))))

    assert asyncio.run(work()) == {"token-1"}


def test_a_renewal_asks_for_a_fresh_one() -> None:
    way = Way(3600)

    async def work() -> list[str]:
        held = HeldToken(way, lambda: way.now)
        return [await held.token(), await held.renew(), await held.token()]

    assert asyncio.run(work()) == ["token-1", "token-2", "token-2"]
    assert way.asked == [False, True]


def test_tokens_are_not_kept_in_plain_text_unasked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(location: str) -> object:
        raise ImportError("no libsecret")

    monkeypatch.setattr(msal_extensions, "build_encrypted_persistence", nothing)
    with pytest.raises(SignInError, match="no place to keep tokens encrypted") as caught:
        open_cache(TokenCache.ENCRYPTED, tmp_path / "qa.bin", "qa")
    assert 'token_cache = "memory"' in str(caught.value.hint)
    assert list(tmp_path.iterdir()) == []


def test_tokens_are_handed_to_the_system_s_own_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = msal_extensions.FilePersistence(str(tmp_path / "elsewhere"))
    monkeypatch.setattr(msal_extensions, "build_encrypted_persistence", lambda _: kept)
    cache = open_cache(TokenCache.ENCRYPTED, tmp_path / "qa.bin", "qa")
    assert isinstance(cache, msal_extensions.PersistedTokenCache)
    assert cache._persistence is kept


def test_plain_text_is_for_the_owner_alone_and_goes_with_log_out(tmp_path: Path) -> None:
    file = tmp_path / "qa.bin"
    cache = open_cache(TokenCache.PLAIN_TEXT, file, "qa")
    event = {"client_id": "c", "scope": ["s"], "token_endpoint": "https://h.example/t/token"}
    cache.add({**event, "response": {"access_token": "planted", "expires_in": 3600}})
    assert "planted" in file.read_text(encoding="utf-8")
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    forget(file)
    assert list(tmp_path.iterdir()) == []


def test_memory_leaves_nothing(tmp_path: Path) -> None:
    assert type(open_cache(TokenCache.MEMORY, tmp_path / "qa.bin", "qa")) is msal.TokenCache
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("token", ["opaque", "a.b.c", "a.W10.c", "é.é.é"])
def test_a_token_that_only_the_service_reads_says_nothing(token: str) -> None:
    assert read_claims(token) == {}


def test_only_claims_that_are_no_secret_are_shown() -> None:
    token = unsigned({"upn": "ann@bank.example", "tid": "t", "exp": 7, "nonce": "n", "uti": "u"})
    assert read_claims(token) == {"upn": "ann@bank.example", "tid": "t", "exp": 7}
