"""Comments on a document's request."""

import pytest

from people import Story, actor, order
from workflow.comments import MAX_LENGTH, comment_added, new_comment
from workflow.errors import TextEmpty, TextTooLong


def remark(story, user, text="why so many?"):
    comment = new_comment(story.document, actor(user), text)
    options = story.workflow.options if story.document.pending_run else None
    return comment, comment_added(story.document, options, actor(user), comment)


def test_a_comment_belongs_to_the_latest_run_and_is_told_to_those_involved():
    story = Story(order(5000))
    story.send()

    comment, event = remark(story, "BOB")

    assert (comment.run_no, comment.user, comment.text) == (1, "BOB", "why so many?")
    assert (event.tell, event.text) == (("ANN",), "why so many?")
    assert remark(story, "ANN")[1].tell == ("BOB",)


def test_a_comment_before_the_first_request_is_told_to_nobody(story):
    comment, event = remark(story, "BOB")

    assert (comment.run_no, event.tell) == (0, ())


def test_as_in_business_central_comments_may_be_told_to_nobody():
    story = Story(notices="rejection_only")
    story.send()

    assert remark(story, "BOB")[1].tell == ()


@pytest.mark.parametrize("text", ["", " \n\t"])
def test_a_comment_needs_some_text(story, text):
    with pytest.raises(TextEmpty):
        remark(story, "BOB", text)


def test_a_comment_has_a_length_that_can_be_read(story):
    assert remark(story, "BOB", "x" * MAX_LENGTH)
    with pytest.raises(TextTooLong, match="at most 2000 characters; this one has 2001"):
        remark(story, "BOB", "x" * (MAX_LENGTH + 1))
