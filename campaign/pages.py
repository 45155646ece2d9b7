"""Routes of the ground's own pages: units and people, settings, mail, files, help."""

from django.urls import URLPattern, URLResolver, path

from campaign import help as help_pages
from campaign import pulse
from campaign.views import me

urlpatterns: list[URLPattern | URLResolver] = [
    path("session", pulse.session, name="session"),
    path("me", me.me, name="me"),
    path("me/password", me.password, name="password"),
    path("me/sessions", me.device_list, name="sessions"),
    path("me/sessions/end-others", me.device_end_others, name="sessions-end-others"),
    path("me/sessions/<uuid:pk>/end", me.device_end, name="session-end"),
    path("me/tokens", me.token_list, name="tokens"),
    path("me/tokens/<uuid:pk>/revoke", me.token_revoke, name="token-revoke"),
    path("invite/<str:secret>", me.invitation, name="invitation"),
    path("help", help_pages.index, name="help"),
    path("help/kit", help_pages.kit, name="kit"),
    path("help/<slug:slug>", help_pages.topic, name="help-topic"),
]
