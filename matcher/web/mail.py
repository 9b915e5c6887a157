"""Letters: through the server that the settings name, or, without one, onto the console."""

import smtplib
import ssl
import sys
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid

from matcher.config import MailSettings

SECONDS = 20.0


class NotSent(Exception):
    """It was not taken; `again` says whether another try may help.  What it says is for people
    and holds nothing of the letter."""

    def __init__(self, why: str, *, again: bool = True) -> None:
        super().__init__(why)
        self.again = again


@dataclass(frozen=True, slots=True)
class Letter:
    """Plain text to one address."""

    to: str
    subject: str
    text: str


def send(settings: MailSettings, letter: Letter) -> None:
    """:raises NotSent: the server did not take it."""
    if not settings.host:
        print(f"—— 未设邮件服务器,信件写在这里 ——\n收件人:{letter.to}\n主题:{letter.subject}\n"
              f"\n{letter.text}\n——", file=sys.stderr, flush=True)  # fmt: skip
        return
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = settings.sender, letter.to, letter.subject
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=settings.sender.rpartition("@")[2] or "localhost")
    message.set_content(letter.text)
    try:
        _through(settings, message)
    except smtplib.SMTPRecipientsRefused as error:
        raise NotSent("邮件服务器不收这个地址的信。", again=False) from error
    except (smtplib.SMTPException, OSError) as error:
        raise NotSent(f"邮件服务器没有收下({type(error).__name__})。") from error


def _through(settings: MailSettings, message: EmailMessage) -> None:
    context = ssl.create_default_context()
    place = (settings.host, settings.port)
    if settings.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(*place, timeout=SECONDS, context=context)
    else:
        server = smtplib.SMTP(*place, timeout=SECONDS)
    with server:
        if settings.security == "starttls":
            server.starttls(context=context)
        if settings.user:
            server.login(settings.user, settings.password)
        server.send_message(message)
