from datetime import datetime

import sqlalchemy as sa

from monitor.store.tables import STORY_ARTICLE


def outlets(connection, story: int, until: datetime | None = None) -> int:
    q = sa.select(sa.func.count()).where(STORY_ARTICLE.c.story == story)
    if until is not None:
        q = q.where(STORY_ARTICLE.c.seen <= until)
    return connection.scalars(q).one()
