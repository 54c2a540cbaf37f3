vcl 4.1;

# Varnish 6.0 or later in front of Newsroom, with nothing but what Debian's package brings.
#
#     EDGE=varnish EDGE_URL=http://127.0.0.1:6081/ EDGE_TOKEN=…     in Newsroom's environment
#     EDGE_TOKEN=… varnishd -a :6081 -f newsroom.vcl -p default_grace=0s -s malloc,512m
#
# Newsroom says how long a page may be kept (s-maxage), and by which keys it goes (Surrogate-Key). It purges
# by key: PURGE with the keys in xkey-purge and EDGE_TOKEN in X-Purge-Token. Each purge is a ban, which the ban
# lurker works off; where the xkey module is installed, see docs/operators/growing.md.

import std;

include "backend.vcl";
include "purgers.vcl";

sub vcl_recv {
    if (req.method == "PURGE") {
        if (client.ip !~ purgers || std.getenv("EDGE_TOKEN") == "" || req.http.X-Purge-Token != std.getenv("EDGE_TOKEN")) {
            return (synth(403, "Not for you"));
        }
        if (req.http.xkey-purge !~ "^[-A-Za-z0-9:_.%]+( [-A-Za-z0-9:_.%]+)*$") {
            return (synth(400, "No keys"));
        }
        ban("obj.http.x-newsroom-keys ~ (^|\s)(" + regsuball(regsuball(req.http.xkey-purge, "\.", "[.]"), " ", "|") + ")(\s|$)");
        return (synth(200, "Purged"));
    }

    # What a client writes into these names, nobody of ours has said.
    unset req.http.X-Forwarded-Host;
    unset req.http.Forwarded;
    unset req.http.X-Purge-Token;
    unset req.http.xkey-purge;

    # The desk and its part of the API, watchers, and whatever sends something.
    if (req.url ~ "^/(admin|health|metrics|preview|api/v1/desk)(/|\?|$)" || (req.method != "GET" && req.method != "HEAD")) {
        return (pass);
    }
    # Readers have no cookie, and no page looks at one.
    unset req.http.Cookie;
    unset req.http.Authorization;
    return (hash);
}

sub vcl_backend_response {
    # Newsroom alone says what may be shown when it is past its time: stale-while-revalidate, off unless set.
    if (beresp.http.Cache-Control !~ "stale-while-revalidate") {
        set beresp.grace = 0s;
    }
    set beresp.keep = 0s;
    # Pages that say how long, and files whose names hold their content. Pictures have no keys: nobody could take one back.
    if (beresp.http.Set-Cookie || (beresp.http.Cache-Control !~ "s-maxage=[1-9]" && bereq.url !~ "^/static/")) {
        set beresp.uncacheable = true;
        set beresp.ttl = 1s;
        return (deliver);
    }
    set beresp.http.x-newsroom-keys = beresp.http.Surrogate-Key;
    return (deliver);
}

sub vcl_deliver {
    set resp.http.X-Cache = "miss";
    if (obj.hits > 0) {
        set resp.http.X-Cache = "hit";
    }
    # How long we keep it is no business of caches further out, which nobody tells of changes.
    if (resp.http.x-newsroom-keys) {
        set resp.http.Cache-Control = "public, max-age=0, must-revalidate";
        unset resp.http.Age;
    }
    unset resp.http.x-newsroom-keys;
    unset resp.http.Surrogate-Key;
    unset resp.http.Via;
    unset resp.http.X-Varnish;
}
