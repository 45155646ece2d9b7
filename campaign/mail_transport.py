"""How a mail leaves the house: by SMTP, or, without a mail server, into a folder that the page 信箱 shows.

A transport says how sure it is. `NotTaken`: the mail certainly did not leave, trying again is safe. `Refused`: the
server will never take it. `Uncertain`: it may have arrived, because the line broke after the text was handed over.
"""

import contextlib
import datetime as dt
import re
import smtplib
import ssl
import time
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime, formataddr, parseaddr
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from django.conf import settings

from campaign import attachments
from campaign.models import OutgoingMail


class NotTaken(Exception):  # noqa: N818 - an answer, not an error of the program
    """`is_line_down`: not this mail's fault, the server itself could not be talked to."""

    def __init__(self, reason: str, *, is_line_down: bool = False) -> None:
        super().__init__(reason)
        self.is_line_down = is_line_down


class Refused(Exception):  # noqa: N818
    pass


class Uncertain(Exception):  # noqa: N818
    pass


class Transport(Protocol):
    """`send` returns when the mail was taken; otherwise raises one of the three answers above."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def send(self, mail: OutgoingMail, message: bytes) -> None: ...


def default_transport() -> Transport:
    return SmtpTransport() if settings.SMTP_HOST else MailboxTransport(settings.MAILBOX_DIR)


def compose(mail: OutgoingMail, *, now: dt.datetime) -> bytes:
    """The mail as it goes over the wire. The Message-ID is the row's own, so a second copy can be recognised."""
    message = EmailMessage(policy=WIRE)
    message["From"] = settings.MAIL_FROM
    message["To"] = formataddr((mail.to_name, mail.to_address))
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
    for part in mail.parts.select_related("attachment"):
        maintype, _, subtype = part.attachment.content_type.partition("/")
        with attachments.read(part.attachment.file) as file:
            message.add_attachment(
                file.read(), maintype=maintype, subtype=subtype or "octet-stream", filename=part.name
            )
    return message.as_bytes()


class MailboxTransport:
    """Each mail is a file of its campaign's folder, named for its Message-ID: written twice it is still one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is held open."""

    def send(self, mail: OutgoingMail, message: bytes) -> None:
        folder = self.folder / str(mail.campaign_id)
        unfinished = folder / f"{mail.pk}.part"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            unfinished.write_bytes(message)
            unfinished.replace(folder / f"{mail.pk}.eml")
        except OSError as error:
            raise NotTaken(f"信箱文件夹写不进去：{error.strerror}", is_line_down=True) from error


class SmtpTransport:
    """One connection for many mails; opened when first needed, opened again after the server hung up.

    A mail's whole dialogue ends within its lease, however slow the server: else another worker would take it over
    while this one still talks.
    """

    def __init__(self) -> None:
        self.line: smtplib.SMTP | None = None
        self.sender = parseaddr(settings.MAIL_FROM)[1]
        self.deadline = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.line is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self.line.quit()
        self.hang_up()

    def send(self, mail: OutgoingMail, message: bytes) -> None:
        self.deadline = time.monotonic() + 0.9 * settings.MAIL_LEASE_SECONDS
        line = self.connected()
        try:
            self.offer(line, mail)
            self.set_timeout(line)
        except (smtplib.SMTPException, OSError) as error:
            self.hang_up()
            raise NotTaken(f"邮件服务器中断了对话：{_words(error)}", is_line_down=True) from error
        self.hand_over(line, message)

    def connected(self) -> smtplib.SMTP:
        if self.line is not None:
            return self.line
        try:
            self.line = _open_line()
        except smtplib.SMTPAuthenticationError as error:
            raise NotTaken(
                "邮件服务器不接受用户名或口令，请核对 SMTP_USER、SMTP_PASSWORD。", is_line_down=True
            ) from error
        except (smtplib.SMTPException, OSError) as error:
            reason = f"连不上邮件服务器 {settings.SMTP_HOST}:{settings.SMTP_PORT}（{_words(error)}）"
            raise NotTaken(reason, is_line_down=True) from error
        return self.line

    def offer(self, line: smtplib.SMTP, mail: OutgoingMail) -> None:
        """MAIL, RCPT and DATA: up to here nothing has left."""
        steps = [
            lambda: line.mail(self.sender),
            lambda: line.rcpt(mail.to_address),
            lambda: line.docmd("DATA"),
        ]
        for step in steps:
            self.set_timeout(line)
            code, answer = step()
            if code == 421:
                self.hang_up()
            if code >= 400:
                self.give_up(code, answer)

    def hand_over(self, line: smtplib.SMTP, message: bytes) -> None:
        """The text and its closing dot. Without an answer nobody knows whether it was taken."""
        try:
            line.send(_dotted(message))
            code, answer = line.getreply()
        except (smtplib.SMTPException, OSError) as error:
            self.hang_up()
            raise Uncertain("邮件正文已交出，邮件服务器没有答复就断开了，可能已送到，也可能没有。") from error
        if code >= 400:
            self.give_up(code, answer)

    def set_timeout(self, line: smtplib.SMTP) -> None:
        """Each answer may take SMTP_TIMEOUT, all together not longer than the lease."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if line.sock is not None:
            line.sock.settimeout(min(left, settings.SMTP_TIMEOUT))

    def give_up(self, code: int, answer: bytes) -> None:
        """Leave the connection fit for the next mail, then say what the server said."""
        if self.line is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self.line.rset()
        words = f"{code} {answer.decode('utf-8', 'replace')}"
        if code >= 500:
            raise Refused(f"邮件服务器拒收：{words}")
        raise NotTaken(f"邮件服务器要求稍后再试：{words}")

    def hang_up(self) -> None:
        if self.line is not None:
            self.line.close()
        self.line = None


def _open_line() -> smtplib.SMTP:
    host, port = settings.SMTP_HOST, settings.SMTP_PORT
    timeout = min(settings.SMTP_TIMEOUT, settings.MAIL_LEASE_SECONDS / 4)
    if settings.SMTP_SECURITY == "tls":
        line: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=timeout, context=ssl.create_default_context())
    else:
        line = smtplib.SMTP(host, port, timeout=timeout)
    line.ehlo_or_helo_if_needed()
    if settings.SMTP_SECURITY == "starttls":
        line.starttls(context=ssl.create_default_context())
        line.ehlo()
    if settings.SMTP_USER:
        line.login(settings.SMTP_USER, settings.SMTP_PASSWORD)
    return line


def _dotted(message: bytes) -> bytes:
    """RFC 5321 4.5.2: a line that begins with a dot gets another; the text ends with a dot alone."""
    body = re.sub(rb"(?m)^\.", b"..", re.sub(rb"\r\n|\r|\n", b"\r\n", message))
    return (body if body.endswith(b"\r\n") else body + b"\r\n") + b".\r\n"


def _words(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return f"{settings.SMTP_TIMEOUT} 秒内没有答复"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {error.smtp_error!r}"
    return str(error) or type(error).__name__
