"""Routes of the ground's own pages: units and people, settings, mail, files, help."""

from django.urls import URLPattern, URLResolver, include, path

from campaign import help as help_pages
from campaign import pulse
from campaign.views import jobs, me, people, settings, units

urlpatterns: list[URLPattern | URLResolver] = [
    path("session", pulse.session, name="session"),
    path("me", me.me, name="me"),
    path("me/data", me.data, name="my-data"),
    path("me/password", me.password, name="password"),
    path("me/sessions", me.device_list, name="sessions"),
    path("me/sessions/end-others", me.device_end_others, name="sessions-end-others"),
    path("me/sessions/<uuid:pk>/end", me.device_end, name="session-end"),
    path("me/tokens", me.token_list, name="tokens"),
    path("me/tokens/<uuid:pk>/revoke", me.token_revoke, name="token-revoke"),
    path("invite/<str:secret>", me.invitation, name="invitation"),
    path("", include("campaign.mail_urls")),
    path("units", units.unit_list, name="units"),
    path("units/new", units.unit_new, name="unit-new"),
    path("units/options", units.unit_options, name="unit-options"),
    path("units/<uuid:pk>", units.unit_detail, name="unit"),
    path("units/<uuid:pk>/edit", units.unit_edit, name="unit-edit"),
    path("units/<uuid:pk>/people/new", people.person_new, name="person-new"),
    path("people/<uuid:pk>", people.person, name="person"),
    path("people/<uuid:pk>/edit", people.person_edit, name="person-edit"),
    path("people/<uuid:pk>/posts/new", people.appoint, name="post-new"),
    path("people/<uuid:pk>/data", people.data, name="person-data"),
    path("people/<uuid:pk>/forget", people.forget, name="person-forget"),
    path("people/<uuid:pk>/disable", people.disable, name="person-disable"),
    path("people/<uuid:pk>/enable", people.enable, name="person-enable"),
    path("posts/<uuid:pk>/invite", people.invite, name="post-invite"),
    path("posts/<uuid:pk>/handover", people.hand_over, name="post-handover"),
    path("posts/<uuid:pk>/end", people.post_end, name="post-end"),
    path("settings", settings.words, name="settings"),
    path("settings/pin", settings.pin, name="settings-pin"),
    path("settings/calendar", settings.calendar, name="calendar"),
    path("settings/calendar/<uuid:pk>", settings.event, name="event"),
    path("settings/calendar/<uuid:pk>/remove", settings.event_remove, name="event-remove"),
    path("settings/programs", settings.layers, name="layers"),
    path("settings/programs/<str:code>", settings.program, name="program-edit"),
    path("settings/projects/<str:code>", settings.project, name="project-edit"),
    path("settings/campaigns", settings.campaigns, name="campaigns"),
    path("settings/campaigns/new", settings.campaign_new, name="campaign-new"),
    path("settings/campaigns/<slug:code>/switch", settings.campaign_switch, name="campaign-switch"),
    path("jobs/<uuid:pk>", jobs.job, name="job"),
    path("log", settings.log_page, name="log"),
    path("help", help_pages.index, name="help"),
    path("help/kit", help_pages.kit, name="kit"),
    path("help/<slug:slug>", help_pages.topic, name="help-topic"),
]
