"""Routes of the outbox and of the mailbox."""

from django.urls import path

from campaign.views import mail

urlpatterns = [
    path("mail", mail.outbox, name="mail"),
    path("mail/<uuid:pk>", mail.letter, name="letter"),
    path("mail/<uuid:pk>/html", mail.letter_html, name="letter-html"),
    path("mail/<uuid:pk>/again", mail.again, name="letter-again"),
    path("mail/<uuid:pk>/give-up", mail.give_up, name="letter-give-up"),
    path("mailbox", mail.mailbox, name="mailbox"),
    path("mailbox/<uuid:pk>", mail.mailbox_letter, name="mailbox-letter"),
    path("mailbox/<uuid:pk>/html", mail.mailbox_html, name="mailbox-html"),
    path("mailbox/<uuid:pk>/parts/<int:number>", mail.mailbox_part, name="mailbox-part"),
]
