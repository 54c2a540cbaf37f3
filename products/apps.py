"""Products, what they cost, and where they stand."""

from django.apps import AppConfig


class ProductsConfig(AppConfig):
    """The room of *Products You May Like*."""

    name = "products"

    def ready(self) -> None:
        """Hang the room into articles."""
        from articles.body import link_rules  # noqa: PLC0415
        from articles.registries import (  # noqa: PLC0415
            article_changed,
            article_panels,
            publish_checks,
            publish_outcomes,
            revision_parts,
            tag_followers,
            where_used,
        )
        from images.publicity import public_uses  # noqa: PLC0415
        from products import checks, clicks, matching  # noqa: F401, PLC0415 - handlers and jobs register themselves
        from products.affiliate_links import link_rule  # noqa: PLC0415
        from products.before_publishing import boxes_to_come, names_what_is_sold  # noqa: PLC0415
        from products.deliveries import feeds  # noqa: PLC0415, F401
        from products.models import pictures_in_boxes  # noqa: PLC0415
        from products.panel import PlacementInline  # noqa: PLC0415
        from products.registered import (  # noqa: PLC0415
            PlacementsFollow,
            PlacementsPart,
            placed_where,
            sensitive_has_no_boxes,
            sensitive_has_paid_links,
        )

        article_panels.append(PlacementInline)
        article_changed.append(matching.article_changed)
        revision_parts["placements"] = PlacementsPart()
        publish_checks += [sensitive_has_no_boxes, sensitive_has_paid_links, names_what_is_sold]
        publish_outcomes.append(boxes_to_come)
        where_used.append(placed_where)
        tag_followers.append(PlacementsFollow())
        link_rules.append(link_rule)
        public_uses.append(pictures_in_boxes)
