"""Pictures on static pages: shown to readers as long as the page is."""

from articles import body
from pages.models import StaticPage


def on_static_pages(image_ids: set[int]) -> set[int]:
    """Those of the pictures that a published static page shows.

    There are a handful of such pages, and this is asked only when a picture appears or goes.
    """
    texts = StaticPage.objects.filter(published=True).values_list("pk", "body")
    return {image_id for page in body.render_many(dict(texts)).values() for image_id in page.image_ids} & image_ids
