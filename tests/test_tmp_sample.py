from tests.test_comment_hostile import payloads, submit_each
def test_x(db, settings):
    settings.COMMENTS_RATE_ARTICLE = 10**6
    print("RESULT", submit_each(payloads()[7::60]))
