import socket
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from threading import Thread

import pytest

from monitor.delivery.smtp import MailServer, MailSession, tls_context
from monitor.errors import AccessDenied, ChannelDown, DeliveryError, PermanentDeliveryError
from tests.support.outbox import MESSAGE
from tests.support.smtp_server import Drop, SmtpServer
from tests.unit.delivery.channels import (
    PRESS,
    claim,
    dripping,
    fault_of,
    mail_url,
    send_mail,
    sender,
)


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        yield server


def reply_to_rcpt(reply: str, server: SmtpServer) -> None:
    server.on_rcpt = lambda _: reply


def reply_to_data(reply: str, server: SmtpServer) -> None:
    server.on_data = lambda _: reply


def reply_to_mail(reply: str, server: SmtpServer) -> None:
    server.on_mail = lambda _: reply


RCPT, DATA, MAIL = reply_to_rcpt, reply_to_data, reply_to_mail


@pytest.mark.parametrize(
    ("step", "reply", "kind"),
    [
        pytest.param(RCPT, "550 5.1.1 no such user", PermanentDeliveryError, id="rcpt 550"),
        pytest.param(RCPT, "551 not local", PermanentDeliveryError, id="rcpt 551"),
        pytest.param(RCPT, "553 bad name", PermanentDeliveryError, id="rcpt 553"),
        pytest.param(RCPT, "450 busy", DeliveryError, id="rcpt 450"),
        pytest.param(RCPT, "452 too many", DeliveryError, id="rcpt 452"),
        pytest.param(RCPT, "421 going down", ChannelDown, id="rcpt 421"),
        pytest.param(RCPT, "530 login first", AccessDenied, id="rcpt 530"),
        pytest.param(DATA, "554 5.7.1 spam", PermanentDeliveryError, id="data 554"),
        pytest.param(DATA, "552 too big", PermanentDeliveryError, id="data 552"),
        pytest.param(DATA, "451 4.3.0 later", DeliveryError, id="data 451"),
        pytest.param(DATA, "421 going down", ChannelDown, id="data 421"),
        pytest.param(MAIL, "550 sender unknown", ChannelDown, id="mail 550"),
        pytest.param(MAIL, "451 later", DeliveryError, id="mail 451"),
    ],
)
def test_a_refusal_is_about_the_message_or_the_channel(
    server: SmtpServer,
    step: Callable[[str, SmtpServer], None],
    reply: str,
    kind: type[DeliveryError],
) -> None:
    step(reply, server)
    fault = fault_of(sender(mail_url(server)), PRESS)
    assert type(fault) is kind
    assert str(fault) == f"mail server answered {reply}"
    assert (fault.code, fault.uncertain) == (int(reply[:3]), False)
    assert server.messages == []


def test_a_connection_lost_after_the_data_leaves_it_uncertain(server: SmtpServer) -> None:
    server.on_data = lambda _: Drop.LOST
    fault = fault_of(sender(mail_url(server)), PRESS)
    assert type(fault) is DeliveryError
    assert fault.uncertain
    assert "did not confirm the message" in str(fault)


def test_a_repeat_after_a_swallowed_reply_has_the_same_identity(server: SmtpServer) -> None:
    server.on_data = lambda _: Drop.STORED
    assert fault_of(sender(mail_url(server)), PRESS).uncertain
    server.on_data = lambda _: "250 OK"
    send_mail(server, attempt=2)
    first, second = (received.message for received in server.messages)
    assert first["Message-ID"] == second["Message-ID"]
    assert (first["X-Monitor-Attempt"], second["X-Monitor-Attempt"]) == ("1", "2")


@pytest.mark.parametrize(
    ("script", "kind", "words"),
    [
        pytest.param([], ChannelDown, "no session", id="no greeting"),
        pytest.param([b"421 too busy"], ChannelDown, "refuses us (421)", id="greeting 421"),
        pytest.param([b"554 no"], ChannelDown, "refuses us (554)", id="greeting 554"),
        pytest.param([b"220 hi"], ChannelDown, "no session", id="drop at EHLO"),
        pytest.param(
            [b"220 hi", b"250 mx", b"250 ok"], DeliveryError, "dropped", id="drop at RCPT"
        ),
        pytest.param(
            [b"220 hi", b"250 mx", b"250 ok", b"250 ok"],
            DeliveryError,
            "dropped",
            id="drop at DATA",
        ),
        pytest.param(
            [b"220 hi", b"250 mx", b"250 ok", b"250 ok", b"451 later"],
            DeliveryError,
            "answered 451",
            id="DATA refused",
        ),
    ],
)
def test_a_server_that_goes_away_early_has_not_taken_the_message(
    script: list[bytes], kind: type[DeliveryError], words: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=_play, args=(listener, script))
        thread.start()
        port = listener.getsockname()[1]
        fault = fault_of(sender(f"mailto://127.0.0.1:{port}?from=m@x.example&to={PRESS}"), PRESS)
        thread.join()
    assert type(fault) is kind
    assert words in str(fault)
    assert not fault.uncertain


def _play(listener: socket.socket, script: list[bytes]) -> None:
    """Says one line for the connection and each line of the client, then goes away."""
    connection, _ = listener.accept()
    with connection, connection.makefile("rb") as lines:
        for line in script:
            connection.sendall(line + b"\r\n")
            lines.readline()


@pytest.mark.parametrize("reply", ["421 too many", "451 later", "550 no more for you"])
def test_what_a_used_connection_refuses_is_asked_again_on_a_new_one(
    server: SmtpServer, reply: str
) -> None:
    mails, before = sender(mail_url(server)), server.connections
    mails.send(claim(PRESS), MESSAGE)
    answers = [reply, "250 OK"]
    server.on_mail = lambda _: answers.pop(0)
    mails.send(claim(PRESS), MESSAGE)
    assert (len(server.messages), server.connections - before) == (2, 2)


@pytest.mark.parametrize(
    ("step", "reply", "kind"),
    [
        pytest.param(RCPT, "550 5.1.1 no such user", PermanentDeliveryError, id="rcpt"),
        pytest.param(DATA, "554 5.7.1 spam", PermanentDeliveryError, id="data"),
        pytest.param(DATA, Drop.LOST, DeliveryError, id="drop"),
    ],
)
def test_the_mail_after_a_fault_goes_its_own_way(
    server: SmtpServer,
    step: Callable[[str, SmtpServer], None],
    reply: str,
    kind: type[DeliveryError],
) -> None:
    mails = sender(mail_url(server))
    mails.send(claim(PRESS), MESSAGE)
    step(reply, server)
    assert type(fault_of(mails, PRESS)) is kind
    step("250 OK", server)
    mails.send(claim(PRESS), MESSAGE)
    assert len(server.messages) == 2


def test_a_server_that_went_away_between_two_mails_is_called_again() -> None:
    with SmtpServer() as server:
        port = server.port
        mails = sender(mail_url(server))
        mails.send(claim(PRESS), MESSAGE)
    assert type(fault_of(mails, PRESS)) is ChannelDown
    with SmtpServer(port=port) as server:
        mails.send(claim(PRESS), MESSAGE)
        assert len(server.messages) == 1
        mails.rest("desk")


def test_nobody_listening_means_that_the_channel_is_down() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    fault = fault_of(sender(f"mailto://127.0.0.1:{port}?from=m@x.example&to={PRESS}"), PRESS)
    assert type(fault) is ChannelDown
    told = f"no session with mail server 127.0.0.1:{port} (connection refused)"
    assert str(fault) == told


def test_a_server_without_starttls_is_told_with_the_way_out(server: SmtpServer) -> None:
    url = mail_url(server, query="&mode=starttls").replace("mailto:", "mailtos:")
    fault = fault_of(sender(url), PRESS)
    assert type(fault) is ChannelDown
    assert str(fault).endswith('refuses STARTTLS; write tls = "none" or "ssl" if that is meant')
    assert server.messages == []


def test_a_server_that_greets_drop_by_drop_is_given_up() -> None:
    with dripping(b"220 ") as port, pytest.raises(ChannelDown, match=r"not done after 0\.3 sec"):
        MailSession(impatient(port)).hand_over(EmailMessage(), "m@x.example", PRESS)


def test_a_confirmation_that_comes_drop_by_drop_leaves_the_message_uncertain() -> None:
    # All replies at once: the client takes them one by one, and waits for the last.
    replies = b"220 hi\r\n250 mx\r\n250 ok\r\n250 ok\r\n354 go\r\n250 "
    with (
        dripping(replies) as port,
        pytest.raises(DeliveryError, match=r"confirm .*not done") as caught,
    ):
        MailSession(impatient(port)).hand_over(EmailMessage(), "m@x.example", PRESS)
    assert caught.value.uncertain


def impatient(port: int) -> MailServer:
    return MailServer(
        host="127.0.0.1",
        port=port,
        security="insecure",
        context=tls_context(verify=True),
        patience=0.3,
    )


def test_a_silent_server_is_given_up_after_the_timeout() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        server = MailServer(
            host="127.0.0.1",
            port=port,
            security="insecure",
            context=tls_context(verify=True),
            timeout=0.05,
        )
        with pytest.raises(ChannelDown, match="timed out"):
            MailSession(server).hand_over(EmailMessage(), "m@x.example", PRESS)
