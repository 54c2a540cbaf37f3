"""The demo's static pages and menus."""

_IMPRINT = (
    "<p>The Brackwater Courier is an invented newspaper in an invented city. It exists to show what Newsroom does.</p>"
    "<h2>Publisher</h2><p>Estuary Press Co-operative, 4 Ropewalk, Brackwater</p>"
    "<h2>Responsible for content</h2><p>Bram Castellan, chief editor</p>"
)

_ABOUT = (
    "<p>The Courier has reported on the city and its estuary since the first lighthouse lamp was lit with gas. It "
    "belongs to its readers: four thousand of them hold a share each, and nobody holds two.</p>"
    "<h2>How we work</h2><p>We name our sources unless naming them would harm them. We say how we counted. When we are "
    "wrong, we say so on the story itself, with the date, and the correction stays there.</p>"
    "<h2>How we pay for it</h2><p>Members pay for most of it. Some articles carry product boxes; if you buy "
    "through one of them we may earn a commission. It never decides what we write, and the box says so each time.</p>"
)

_CONTACT = (
    '<p>Write to the newsroom at <a href="mailto:desk@courier.example">desk@courier.example</a>, or come by: '
    "somebody is at the front desk on Ropewalk every weekday from eight to six.</p>"
    "<h2>Corrections</h2><p>If we got something wrong, tell us the article and the sentence. An editor answers "
    "within a day.</p>"
    "<h2>Letters</h2><p>Up to 250 words, with your name and the part of the city you live in.</p>"
)

_PRIVACY = (
    "<p>Reading the Courier sets no cookie and calls nobody else's server. There is no account to make.</p>"
    "<h2>When you comment</h2><p>We keep your name, your e-mail address and your words. The address is never shown; "
    "it lets us answer you and lets you have your comments back or erased. We keep the network part of your address "
    "for a short time, to slow down those who flood us.</p>"
    "<p>Each comment has a private page where you can change it or take it back. We mail you about comments only if "
    "you ask for it and press the button behind a link that we mail to you first; every mail has a link that stops "
    "them.</p>"
    '<p><a href="/comments/yours/">See, save or erase everything written with your e-mail address</a>: we mail you the '
    "link. When you erase it, your name, address and words are gone, also from our own records; a ban on an address "
    "stays until it ends.</p>"
    "<h2>Videos and other embeds</h2><p>A video from elsewhere is a plain card until you click it. Only then does "
    "your browser talk to the provider.</p>"
)

PAGES = (
    {"title": "About us", "slug": "about", "body": _ABOUT},
    {"title": "Contact", "slug": "contact", "body": _CONTACT},
    {"title": "Privacy", "slug": "privacy", "body": _PRIVACY},
    {"title": "Imprint", "slug": "imprint", "body": _IMPRINT},
)

MENUS = (
    *(("main", "section", slug) for slug in ("city", "politics", "business", "climate", "science")),
    *(("main", "section", slug) for slug in ("culture", "sport", "home", "opinion")),
    *(("footer", "page", slug) for slug in ("about", "contact", "privacy", "imprint")),
)
"""Menu, kind of target, its address; in the order shown."""
