"""Keys to the API: per person, with a scope and an end, kept only as hashes."""

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from campaign import clock, log
from campaign.access import actor_for
from campaign.models import ApiToken, Campaign, User


def new_secret() -> str:
    return "ccg_" + secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@dataclass(frozen=True)
class Issued:
    """A new token; its secret is known only now."""

    token: ApiToken
    secret: str


def issue(
    user: User,
    campaign: Campaign,
    *,
    name: str,
    scope: str,
    good_for: dt.timedelta,
    now: dt.datetime,
    log_now: dt.datetime,
) -> Issued:
    """`now` is the wall clock, by which a token ends; `log_now` the campaign's."""
    secret = new_secret()
    with transaction.atomic():
        token = ApiToken.objects.create(
            campaign=campaign,
            user=user,
            name=name,
            digest=digest_of(secret),
            scope=scope,
            created_at=now,
            expires_at=now + good_for,
        )
        facts = {"name": name, "scope": scope, "expires": str(token.expires_at.date())}
        log.write(campaign, "token_issued", by=user, now=log_now, data=facts)
    return Issued(token=token, secret=secret)


def revoke(token: ApiToken, *, by: User, now: dt.datetime, log_now: dt.datetime) -> None:
    with transaction.atomic():
        ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now)
        log.write(token.campaign, "token_revoked", by=by, now=log_now, data={"name": token.name})


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer ccg_…`. The token fixes the campaign; a read-only token loses the rights to change."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        present = clock.now()
        token = ApiToken.objects.filter(digest=digest_of(secret.strip())).select_related("user", "campaign").first()
        if token is None or token.revoked_at is not None or token.expires_at <= present or not token.user.is_active:
            raise AuthenticationFailed("令牌无效、已过期或已收回。请在“我的 - 令牌”里新建一个。")
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=present)
        actor = actor_for(
            token.user,
            token.campaign,
            today=clock.today(token.campaign),
            is_read_only=token.scope == ApiToken.Scope.READ,
        )
        django_request = request._request  # noqa: SLF001 - the views below read the plain request
        django_request.actor = actor
        django_request.campaign = token.campaign
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "campaign.tokens.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
