"""What search keeps besides the index of the database itself (see ``articles.search``)."""

from django.db import models

from articles.folding import MAX_WORD


class SearchEntry(models.Model):
    """One findable article.

    ``place`` grows with the time of publication, so that an index in its order
    gives the newest first. PostgreSQL keeps the words in further columns of
    this table, SQLite in the FTS5 table ``articles_searchindex``, whose rowid is
    ``place``; a trigger on this table forgets the words with the row. A
    migration that rebuilds this table must make the trigger again.
    """

    article = models.OneToOneField("articles.Article", models.CASCADE, primary_key=True, related_name="+")
    place = models.BigIntegerField(unique=True)

    def __str__(self) -> str:
        return f"{self.article_id} at {self.place}"


class SearchWord(models.Model):
    """A word that some article holds or held: looked up by its beginning, as a spelling by first or last letters."""

    word = models.CharField(max_length=MAX_WORD, primary_key=True)
    head = models.CharField(max_length=1)
    tail = models.CharField(max_length=3)
    length = models.PositiveSmallIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["head", "length"], name="search_word_by_head"),
            models.Index(fields=["tail", "length"], name="search_word_by_tail"),
        ]

    def __str__(self) -> str:
        return self.word
