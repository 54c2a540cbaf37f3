"""Static pages and menus, edited in the admin."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles import body
from articles.models import Section
from articles.models.section import RESERVED_SLUGS
from images import publicity
from pagecache.addresses import address
from pagecache.keyed import Keyed, KeyedQuerySet
from pagecache.writing import writing


class StaticPage(Keyed):
    """About, Contact, Privacy, Imprint: a page that is not a story."""

    title = models.CharField(_("title"), max_length=120)
    slug = models.SlugField(_("address"), max_length=60, unique=True)
    body = models.TextField(_("text"))
    published = models.BooleanField(_("published"), default=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = KeyedQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        verbose_name = _("page")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page's address."""
        return address("pages:first_level", self.slug)

    def clean(self) -> None:
        """Refuse addresses that sections or the site itself need."""
        if self.slug in RESERVED_SLUGS or Section.objects.filter(slug=self.slug).exists():
            raise ValidationError({"slug": _("“%(slug)s” is taken by a section or by the site.") % {"slug": self.slug}})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store clean text only, whichever way it comes, and bring out its pictures.

        Raises ``BodyRefused`` for a text that cannot be taken.
        """
        self.body = body.clean(self.body)
        with writing():
            super().save(*args, **kwargs)
            if self.published:
                publicity.show(body.render(self.body).image_ids)

    def page_keys(self) -> set[str]:
        """The page itself, and every page whose menus name it."""
        return {f"page:{self.pk}", "menus"}


class Menu(models.TextChoices):
    """Where a link stands."""

    MAIN = "main", _("main menu")
    FOOTER = "footer", _("footer")


class MenuItem(Keyed):
    """One link in a menu: to a section, to a page, or to any address."""

    menu = models.CharField(_("menu"), max_length=10, choices=Menu.choices, default=Menu.MAIN)
    label = models.CharField(
        _("label"), max_length=60, blank=True, help_text=_("Empty: the name of the section or page.")
    )
    section = models.ForeignKey(Section, models.CASCADE, null=True, blank=True, verbose_name=_("section"))
    page = models.ForeignKey(StaticPage, models.CASCADE, null=True, blank=True, verbose_name=_("page"))
    url = models.URLField(_("other address"), blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = KeyedQuerySet.as_manager()

    class Meta:
        ordering = ["menu", "position", "id"]
        verbose_name = _("menu item")

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """What the link says."""
        return self.label or str(self.section or self.page or self.url)

    @property
    def href(self) -> str:
        """Where the link leads."""
        target = self.section or self.page
        return target.get_absolute_url() if target else self.url

    def clean(self) -> None:
        """Exactly one target; a bare address needs a label."""
        targets = [target for target in (self.section, self.page, self.url) if target]
        if len(targets) != 1:
            raise ValidationError(_("Choose one: a section, a page, or another address."))
        if self.url and not self.label:
            raise ValidationError({"label": _("A link to another address needs a label.")})

    def page_keys(self) -> set[str]:
        """Every page, since every page carries the menus."""
        return {"menus"}
