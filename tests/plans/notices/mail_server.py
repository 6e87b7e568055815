"""A mail server for tests: it keeps what it took, and can be down, refuse, or see its client die."""

from typing import Any

from django.core.mail.backends.base import BaseEmailBackend

PATH = f"{__name__}.MailServer"


class Killed(BaseException):
    """The worker was killed here: nothing of it runs on."""


class Server:
    """What stands on the other side, for one test."""

    taken: list[Any] = []
    refuses: Exception | None = None
    dies_before: bool = False
    dies_after: bool = False


class MailServer(BaseEmailBackend):
    """The connection to it."""

    def send_messages(self, email_messages: list[Any]) -> int:
        """Take the letters, or behave as Server says."""
        for message in email_messages:
            if Server.dies_before:
                raise Killed
            if Server.refuses:
                raise Server.refuses
            Server.taken.append(message)
            if Server.dies_after:
                raise Killed
        return len(email_messages)
