"""The roles of a newsroom, and what each may do.

Groups carry these names. A migration gives them their permissions once; an
administrator may change a group afterwards, and nothing here undoes that.
"""

from typing import Any

CONTRIBUTOR = "Contributor"
EDITOR = "Editor"
CHIEF_EDITOR = "Chief editor"
MODERATOR = "Moderator"
ADMINISTRATOR = "Administrator"


def _all(model: str) -> set[str]:
    app, name = model.split(".")
    return {f"{app}.{verb}_{name}" for verb in ("view", "add", "change", "delete")}


_READING = {
    "articles.view_article",
    "articles.view_section",
    "articles.view_tag",
    "articles.view_source",
    "people.view_author",
    "images.view_image",
    "products.view_product",
    "products.view_merchant",
}

_WRITING = (
    _READING
    | {"articles.add_article", "articles.change_article", "articles.delete_article"}
    | {"images.add_image", "images.change_image"}
    | _all("curation.pick")
)

_EDITING = (
    _WRITING
    | {"articles.publish_article", "articles.edit_others_article", "images.delete_image"}
    | {"articles.add_tag", "articles.change_tag"}
    | {"people.add_author", "people.change_author"}
    | {"articles.add_correction", "articles.change_correction", "articles.view_correction"}
    | {"articles.merge_tag"}
    | _all("articles.series")
    | _all("articles.redirect")
    | _all("curation.exclusion")
    | _all("curation.keptapart")
    | _all("curation.campaign")
    | {"curation.curate_front"}
    | _all("products.placement")
    | _all("products.product")
    | _all("products.offer")
    | {"comments.view_comment"}
    | {"syndication.view_wireitem", "syndication.change_wireitem", "syndication.view_feed"}
)

_MODERATING = {"articles.view_article", "comments.view_comment", "comments.moderate_comment", "comments.add_comment"}

_SETTING_RULES = {"comments.set_rules_comment"}

_LEADING = (
    _EDITING
    | _MODERATING
    | _SETTING_RULES
    | _all("articles.section")
    | _all("articles.source")
    | _all("articles.tag")
    | _all("people.author")
    | _all("products.merchant")
    | _all("pages.staticpage")
    | _all("pages.menuitem")
    | _all("articles.deskmembership")
    | {"articles.kill_article", "articles.edit_every_desk"}
    | {"articles.delete_correction", "outbox.view_auditentry"}
    | {"wastebin.delete_binned"}
    | _all("syndication.newsletter")
    | {"syndication.send_newsletter"}
    | _all("syndication.feed")
    | _all("syndication.wirerule")
)

_ADMINISTERING = _LEADING | _all("people.user") | _all("auth.group") | _all("people.invitation")

ROLES: dict[str, frozenset[str]] = {
    CONTRIBUTOR: frozenset(_WRITING),
    EDITOR: frozenset(_EDITING),
    CHIEF_EDITOR: frozenset(_LEADING),
    MODERATOR: frozenset(_MODERATING | _SETTING_RULES),
    ADMINISTRATOR: frozenset(_ADMINISTERING),
}


def ensure_groups(group_model: Any, permission_model: Any, only: frozenset[str] | None = None) -> None:
    """Make the groups and give each its permissions; ``only`` limits it to permissions that are new.

    Takes the models as arguments so that a migration can pass its historical ones.
    """
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in permission_model.objects.select_related("content_type")
    }
    for name, wanted in ROLES.items():
        group, _made = group_model.objects.get_or_create(name=name)
        chosen = wanted if only is None else wanted & only
        group.permissions.add(*(known[code] for code in sorted(chosen) if code in known))
