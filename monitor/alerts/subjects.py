def alert_subject(story):
    return f"[{story.lead.hits[0].rule.title}] {story.lead.article.title}"


def follow_up_subject(first):
    return "Re: " + first


def digest_subject(kind, stories, articles, until, tz):
    return f"[{kind}] {stories} stories, {articles} articles"
