import pytest

from monitor.analysis.shingles import similar

STORY = (
    "The ministers of both countries signed the agreement on Tuesday evening after talks "
    "that lasted for more than twelve hours behind closed doors."
)
OTHER = (
    "Heavy rain flooded several streets of the old town before dawn, and the fire brigade had "
    "to rescue a family of four from the roof of their house."
)
CHINESE = "国务院总理周二晚间在首都与来访的邻国外长举行会谈双方就边境贸易与能源合作签署了一系列文件并同意尽快恢复直航"
JAPANESE = "気象庁によると台風の接近に伴い南部の各地では土曜日の朝から激しい雨が降り河川の氾濫に厳重な警戒が必要である"


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        pytest.param(STORY, STORY, True, id="equal"),
        pytest.param(STORY, STORY.upper(), True, id="capitals"),
        pytest.param(STORY, f"{OTHER} {STORY}", True, id="contained"),
        pytest.param(STORY, OTHER, False, id="other"),
        pytest.param("Short text.", STORY, None, id="too short to tell"),
        pytest.param("", "", None, id="empty"),
        pytest.param(CHINESE, CHINESE + JAPANESE, True, id="script without blanks"),
        pytest.param(CHINESE, JAPANESE, False, id="other script without blanks"),
    ],
)
def test_texts_are_similar_if_one_holds_much_of_the_other(
    one: str, other: str, *, verdict: bool | None
) -> None:
    assert similar(one, other) is verdict
    assert similar(other, one) is verdict
