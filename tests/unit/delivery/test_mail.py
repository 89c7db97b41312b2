import ssl
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.plain import tidy
from monitor.delivery.mail import compose
from monitor.errors import AccessDenied, ChannelDown
from monitor.model.alert import Alert, Digest
from tests.support.mails import faults_of
from tests.support.outbox import MESSAGE
from tests.support.smtp_server import SmtpServer
from tests.unit.alerts.samples import ALERT, FOLLOW_UP, STORY, alert, digest, rendered
from tests.unit.delivery.channels import (
    PASSWORD,
    PRESS,
    claim,
    fault_of,
    mail_url,
    send_mail,
    sender,
)


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        yield server


def text_of(mail: EmailMessage) -> str:
    """The text part; lines end on the wire as RFC 5322 wants, not as Python does."""
    text = mail.get_body(("plain",))
    assert text is not None
    return str(text.get_content()).replace("\r\n", "\n")


def test_a_mail_carries_our_headers_once_and_both_parts(server: SmtpServer) -> None:
    receipt = send_mail(server)
    (received,) = server.messages
    assert (received.sender, received.to) == ("monitor@news.example", (PRESS,))
    mail = received.message
    headers = {name: mail.get_all(name) for name in set(mail) - {"Content-Type", "X-Peer"}}
    assert headers == {
        "Subject": [MESSAGE.subject],
        "From": ["Media Monitor <monitor@news.example>"],
        "To": [PRESS],
        "Date": ["Mon, 02 Mar 2026 08:06:00 +0000"],
        "Message-ID": ["<7-desk-press%40desk.example@news.example>"],
        "In-Reply-To": ["<story-42@news.example>"],
        "References": ["<story-42@news.example>"],
        "List-Id": ["<port-strikes.news.example>"],
        "Auto-Submitted": ["auto-generated"],
        "X-Auto-Response-Suppress": ["All"],
        "X-Monitor-Alert": ["7"],
        "X-Monitor-Attempt": ["1"],
        "MIME-Version": ["1.0"],
    }
    assert receipt == mail["Message-ID"]
    assert mail.get_content_type() == "multipart/alternative"
    text, html = mail.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert (
        text["Content-Transfer-Encoding"]
        == html["Content-Transfer-Encoding"]
        == "quoted-printable"
    )
    assert text.get_content().split() == MESSAGE.text.split()
    assert html.get_content().split() == MESSAGE.html.split()


@pytest.mark.parametrize("thread", ["", "story-42"])
def test_a_mail_is_golden(server: SmtpServer, thread: str) -> None:
    send_mail(server, message=replace(MESSAGE, thread=thread))
    (received,) = server.messages
    assert faults_of(received.content) == []
    root = "<story-42@news.example>" if thread else None
    assert received.message["References"] == received.message["In-Reply-To"] == root


HOSTILE = '"><a href="https://evil.example/">\r\nBcc: all@x.org <!channel> @everyone'


@pytest.mark.parametrize(
    "told",
    [
        pytest.param(ALERT, id="alert"),
        pytest.param(FOLLOW_UP, id="follow-up"),
        pytest.param(digest(STORY), id="digest"),
        pytest.param(alert(title=HOSTILE, source=HOSTILE, text=HOSTILE), id="hostile"),
    ],
)
def test_every_kind_of_message_makes_a_golden_mail(told: Alert | Digest) -> None:
    address = Address(addr_spec=PRESS)
    mail = compose(claim(PRESS), rendered(told), sender=address, to=address, extra={})
    assert faults_of(mail.as_bytes()) == []


def test_a_mail_that_loses_a_link_is_not_golden(server: SmtpServer) -> None:
    send_mail(server, message=replace(MESSAGE, text="Docks"))
    assert faults_of(server.messages[0].content) == [
        "https://news.example/a?id=1&from=feed is not in the text",
        "https://other.example/docks is not in the text",
    ]


def test_mails_on_a_story_are_one_thread(server: SmtpServer) -> None:
    """Mail programs want the same root and, but for a ``Re:``, the same subject."""
    desk = sender(mail_url(server))
    for number in range(90, 130):  # wherever the subject is folded
        subject = f"[Port (EU) strikes] {'Harbour Strike Spreads as Talks Collapse and'[: number - 80]} — Zürich"
        for text in (subject, f"Re: {subject}"):
            desk.send(claim(PRESS), replace(MESSAGE, subject=text))
    mails = [received.message for received in server.messages]
    assert {mail["References"] for mail in mails} == {"<story-42@news.example>"}
    for first, later in zip(mails[::2], mails[1::2], strict=True):
        assert later["Subject"] == f"Re: {first['Subject']}"


def test_a_repeat_differs_only_in_the_number_of_the_attempt(server: SmtpServer) -> None:
    send_mail(server)
    send_mail(server, attempt=2)
    first, second = (received.content.decode() for received in server.messages)
    assert "X-Monitor-Attempt: 2" in second
    assert second == first.replace("X-Monitor-Attempt: 1", "X-Monitor-Attempt: 2")


def test_lines_of_a_mail_are_short_and_single_dots_survive(server: SmtpServer) -> None:
    message = replace(MESSAGE, text=".\n..\nlong " + "word " * 400 + "\n.end\n")
    send_mail(server, message=message)
    (received,) = server.messages
    assert max(map(len, received.content.splitlines())) <= 998
    assert text_of(received.message) == message.text


def test_headers_of_the_url_are_added_but_never_double_ours(server: SmtpServer) -> None:
    url = mail_url(
        server, query="&reply=desk@desk.example&%2BX-Team=news&%2BMessage-ID=%3Cx%40y%3E"
    )
    sender(url).send(claim(PRESS), MESSAGE)
    mail = server.messages[0].message
    assert (mail["X-Team"], mail["Reply-To"]) == ("news", "desk@desk.example")
    assert mail.get_all("Message-ID") == ["<7-desk-press%40desk.example@news.example>"]


HEADERS = [
    *(b"Subject", b"From", b"To", b"Date", b"Message-ID", b"In-Reply-To", b"References"),
    *(
        b"List-Id",
        b"Auto-Submitted",
        b"X-Auto-Response-Suppress",
        b"X-Monitor-Alert",
        b"X-Monitor-Attempt",
    ),
    *(b"MIME-Version", b"Content-Type"),
]


@given(
    title=st.text(max_size=80)
    | st.sampled_from(
        [
            "x\r\nBcc: all@x.org\r\n\r\nbody",
            "=?utf-8?q?x=0D=0ABcc=3A_all=40x.org?=",
            "=??Q?=0D=0A0?= =?=?Q?=80?=",
            "=?utf-8?b?DQpCY2M6IGFsbEB4Lm9yZw==?=",
            "\u2028Bcc: all@x.org",
            "<a@x.org>, b@x.org",
            "word" * 300,
            "=?utf-8?q?a?= — é",
        ]
    )
)
def test_no_headline_adds_a_header(title: str) -> None:
    mail = compose(
        claim(PRESS),
        replace(MESSAGE, subject=title),
        sender=Address(addr_spec="monitor@news.example"),
        to=Address(addr_spec=PRESS),
        extra={},
    )
    head, _, body = mail.as_bytes().partition(b"\r\n\r\n")
    names = [line.split(b":")[0] for line in head.split(b"\r\n") if line[:1] not in b" \t"]
    assert names == HEADERS
    assert body.startswith(b"--=_")
    assert max(map(len, head.split(b"\r\n"))) <= 78
    assert message_from_bytes(head, policy=default)["Subject"] == tidy(title).strip()


def test_other_scripts_arrive_whole(server: SmtpServer) -> None:
    message = replace(MESSAGE, subject="[Häfen] Забастовка 港 — Zürich", text="Забастовка 港\n")
    send_mail(server, message=message)
    mail = server.messages[0].message
    assert mail["Subject"] == message.subject
    assert text_of(mail) == message.text


def test_every_recipient_is_a_delivery_of_its_own(server: SmtpServer) -> None:
    addresses = ("a@desk.example", "b@desk.example")
    mails = sender(mail_url(server), *addresses)
    assert mails.targets("desk") == addresses
    for target in mails.targets("desk"):
        mails.send(claim(target), MESSAGE)
    assert [received.to for received in server.messages] == [(one,) for one in addresses]
    assert [received.message["To"] for received in server.messages] == list(addresses)


def test_recipients_of_the_url_are_the_targets_if_the_channel_names_none() -> None:
    url = "mailto://m.example?from=m@m.example&to=a@x.example,b@x.example"
    assert sender(url).targets("desk") == ("a@x.example", "b@x.example")


def test_a_wrong_password_stops_the_channel_and_is_not_shown() -> None:
    with SmtpServer(login=("monitor", "another")) as server:
        fault = fault_of(sender(mail_url(server, login=f"monitor:{PASSWORD}")), PRESS)
    assert type(fault) is AccessDenied
    assert fault.code == 535
    assert "check user and password" in str(fault)
    assert PASSWORD not in repr(fault)


def test_the_right_password_opens_the_channel() -> None:
    with SmtpServer(login=("monitor", PASSWORD)) as server:
        mails = sender(mail_url(server, login=f"monitor:{PASSWORD}"))
        mails.send(claim(PRESS), MESSAGE)
        mails.rest("desk")
        assert len(server.messages) == 1


@pytest.fixture(scope="module")
def certificate() -> ssl.SSLContext:
    """A server's side of TLS; nobody vouches for it."""
    folder = files("aiosmtpd.tests.certs")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(str(folder / "server.crt"), str(folder / "server.key"))
    return context


@pytest.mark.parametrize(
    ("mode", "implicit"), [pytest.param("starttls", False), pytest.param("ssl", True)]
)
def test_mail_travels_encrypted(certificate: ssl.SSLContext, mode: str, *, implicit: bool) -> None:
    with SmtpServer(tls=certificate, implicit=implicit) as server:
        url = mail_url(server, query=f"&mode={mode}&verify=no").replace("mailto:", "mailtos:")
        mails = sender(url)
        mails.send(claim(PRESS), MESSAGE)
        mails.rest("desk")
        assert len(server.messages) == 1


@pytest.mark.parametrize(
    ("mode", "implicit"), [pytest.param("starttls", False), pytest.param("ssl", True)]
)
def test_a_certificate_nobody_vouches_for_stops_the_channel(
    certificate: ssl.SSLContext, mode: str, *, implicit: bool
) -> None:
    with SmtpServer(tls=certificate, implicit=implicit) as server:
        url = mail_url(server, query=f"&mode={mode}").replace("mailto:", "mailtos:")
        fault = fault_of(sender(url), PRESS)
        assert server.messages == []
    assert type(fault) is ChannelDown
    assert "CERTIFICATE_VERIFY_FAILED" in str(fault)


def test_mails_in_a_row_share_a_connection_and_a_tls_context(
    server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[ssl.SSLContext] = []

    def counted() -> ssl.SSLContext:
        made.append(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
        return made[-1]

    monkeypatch.setattr("ssl.create_default_context", counted)
    mails, before = sender(mail_url(server)), server.connections
    for _ in range(2):
        for _ in range(20):
            mails.send(claim(PRESS), MESSAGE)
        mails.rest("desk")
    assert len(server.messages) == 40
    assert (len(made), server.connections - before) == (1, 2)
