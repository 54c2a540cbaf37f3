"""Declaring what a page shows, so that it is made anew when any of that changes."""

from collections.abc import Iterable

from articles.models import Article, Byline
from articles.page_parts import lend_bylines
from images.models import Image
from pagecache.reading import depends_on


def show_articles(articles: Iterable[Article]) -> None:
    """The page shows these as cards, with section, lead picture and the word that they were corrected."""
    for article in articles:
        depends_on(f"article:{article.pk}", f"section:{article.section_id}", until=article.mark_changes_at)
        show_picture(article.lead_picture)


def show_signed(articles: Iterable[Article]) -> None:
    """The same of cards that name their authors, whose bylines are read for all at once: one query."""
    cards = list(articles)
    lend_bylines(cards)
    show_articles(cards)
    show_bylines(byline for card in cards for byline in card.bylines.all())


def show_bylines(bylines: Iterable[Byline]) -> None:
    """The page prints these names."""
    depends_on(*(f"author:{byline.author_id}" for byline in bylines))


def show_picture(picture: Image | None) -> None:
    """The page shows this picture, if there is one."""
    if picture is not None:
        depends_on(f"image:{picture.pk}", until=picture.usable_until)


def show_story(story: Article) -> None:
    """The page shows the whole story, which ``for_page()`` gave: its words, topics, source, pictures and names."""
    depends_on(*story.body_keys, until=story.expire_at)
    depends_on(*(f"tag:{tag.pk}" for tag in story.tag_list))
    if story.source_id:
        depends_on(f"source:{story.source_id}")
    show_articles([story])
    show_picture(story.social_picture)
    show_bylines(story.bylines.all())
