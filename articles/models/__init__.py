"""Articles and what they are made of."""

from articles.models.article import Article, ArticleQuerySet, BodyImage, Kind, Status
from articles.models.byline import Byline, BylineRole
from articles.models.correction import Correction, CorrectionKind
from articles.models.desk import DeskMembership, DeskRole
from articles.models.invited_place import InvitedPlace
from articles.models.link_answer import LinkAnswer, Trouble
from articles.models.preview import PreviewAnswer, PreviewLink, Verdict
from articles.models.redirect import Redirect
from articles.models.revision import Revision
from articles.models.scheduled_change import ScheduledChange
from articles.models.search_index import SearchEntry, SearchWord
from articles.models.section import Section
from articles.models.series import Series, SeriesEntry
from articles.models.source import Source
from articles.models.tag import Tag, TaggedArticle, TagsApart, TagSynonym, tag_key
from articles.models.together import EditSession, WorkingCopy
from articles.models.waiver import Waiver
from articles.models.workflow import EditorialNote, Handover

__all__ = [
    "Article",
    "ArticleQuerySet",
    "BodyImage",
    "Byline",
    "BylineRole",
    "Correction",
    "CorrectionKind",
    "DeskMembership",
    "DeskRole",
    "EditSession",
    "EditorialNote",
    "Handover",
    "InvitedPlace",
    "Kind",
    "LinkAnswer",
    "PreviewAnswer",
    "PreviewLink",
    "Redirect",
    "Revision",
    "ScheduledChange",
    "SearchEntry",
    "SearchWord",
    "Section",
    "Series",
    "SeriesEntry",
    "Source",
    "Status",
    "Tag",
    "TagSynonym",
    "TaggedArticle",
    "TagsApart",
    "Trouble",
    "Verdict",
    "Waiver",
    "WorkingCopy",
    "tag_key",
]
