from datetime import UTC, datetime

from monitor.alerts.sample import sample_alert
from tests.unit.alerts.samples import rendered


def test_a_sample_says_that_it_is_a_test_and_shows_its_highlights() -> None:
    message = rendered(sample_alert("desk", datetime(2026, 3, 2, tzinfo=UTC)))
    assert message.subject == "[Test] Test: this channel of Media Monitor works — Media Monitor"
    assert "shows the *passage that matched* like this; this one is a test" in message.text
    assert "Sent to desk" in message.text


def test_a_sample_offers_no_command_about_what_is_not_stored() -> None:
    message = rendered(sample_alert("desk", datetime(2026, 3, 2, tzinfo=UTC)))
    forms = (message.text, message.html, message.markdown, str(message.blocks))
    assert not any("monitor mute" in form or "monitor explain" in form for form in forms)
