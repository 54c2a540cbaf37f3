"""Documents for machines, held against the schemas of those who defined their forms."""

import io
import json
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
SCHEMAS = SHARED / "validator-schemas"
WIRES = SHARED / "wire-feeds" / "schemas"
MODULES = Path(__file__).resolve().parents[1] / "node_modules"
ABSENT = "the schemas are not on this machine"

IMAGES = """<?xml version="1.0"?>
<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified"
    targetNamespace="http://www.google.com/schemas/sitemap-image/1.1">
  <xsd:element name="image"><xsd:complexType><xsd:sequence>
    <xsd:element name="loc" type="xsd:anyURI"/>
  </xsd:sequence></xsd:complexType></xsd:element>
</xsd:schema>"""
"""Google publishes none for its image extension: this is what its page says of it."""

SITEMAP = """<?xml version="1.0"?>
<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema">
  <xsd:import namespace="http://www.sitemaps.org/schemas/sitemap/0.9" schemaLocation="{folder}/{main}"/>
  <xsd:import namespace="http://www.google.com/schemas/sitemap-news/0.9" schemaLocation="{folder}/sitemap-news.xsd"/>
  <xsd:import namespace="http://www.google.com/schemas/sitemap-image/1.1" schemaLocation="{images}"/>
</xsd:schema>"""


def needs_schemas() -> None:
    """Skip the test where schemas or the libraries that read them are missing."""
    if not SCHEMAS.exists() or not WIRES.exists():
        pytest.skip(ABSENT)
    pytest.importorskip("jsonschema")
    pytest.importorskip("lxml")


def json_findings(content: bytes, schema: str) -> list[str]:
    """What a schema has against a JSON document; ``schema`` is ``jsonfeed`` or ``ninjs``."""
    document = json.loads(content)
    return [
        f"{list(error.absolute_path)}: {error.message[:200]}" for error in _json_validator(schema).iter_errors(document)
    ]


def sitemap_findings(content: bytes, folder: Path, main: str = "sitemap.xsd") -> list[str]:
    """What the sitemap schemas, news and images among them, have against a document."""
    etree: Any = pytest.importorskip("lxml.etree")
    images = folder / "sitemap-image.xsd"
    images.write_text(IMAGES)
    text = SITEMAP.format(folder=SCHEMAS / "sitemap", main=main, images=images)
    schema = etree.XMLSchema(etree.parse(io.BytesIO(text.encode())))
    schema.validate(etree.fromstring(content, etree.XMLParser(no_network=True, huge_tree=True)))
    return [f"{error.line}: {error.message}" for error in schema.error_log]


@cache
def _json_validator(schema: str) -> Any:
    jsonschema: Any = pytest.importorskip("jsonschema")
    referencing: Any = pytest.importorskip("referencing")
    found = {
        "jsonfeed": SCHEMAS / "jsonfeed" / "json-feed-schema.json",
        "ninjs": WIRES / "ninjs-schema_3.1.json",
    }
    named = {
        "https://json.schemastore.org/feed-1": SCHEMAS / "jsonfeed" / "json-feed-1-schema.json",
        "https://json.schemastore.org/feed-1.json": SCHEMAS / "jsonfeed" / "json-feed-1-schema.json",
        "https://geojson.org/schema/GeoJSON.json": WIRES / "GeoJSON-schema.json",
    }
    resources = [(uri, referencing.Resource.from_contents(json.loads(path.read_text()))) for uri, path in named.items()]
    contents = json.loads(found[schema].read_text())
    kind = jsonschema.validators.validator_for(contents)
    registry = referencing.Registry().with_resources(resources)
    return kind(contents, registry=registry, format_checker=kind.FORMAT_CHECKER)


ONLY_RECOMMENDED = re.compile(r'\(optional\)|Missing one of field "gtin"|^Required attribute "offers" is missing$')
"""What nobody must say, and what only a shop's own pages must: ours tell of products that others sell."""


def structured_data_findings(pages: dict[str, str]) -> list[dict[str, str]]:
    """What checkers of JSON-LD have against pages, each HTML under its name; skips where they are not installed."""
    node, words = shutil.which("node"), SCHEMAS / "schemaorg" / "schemaorg-all-https-30.0.jsonld"
    if node is None or not (MODULES / "@adobe" / "structured-data-validator").exists():
        pytest.skip("needs node and @adobe/structured-data-validator: run `npm install --ignore-scripts`")
    if not words.exists():
        pytest.skip(ABSENT)
    script = Path(__file__).with_name("structured_data.mjs")
    done = subprocess.run(
        [node, script, MODULES, words], input=json.dumps(pages), capture_output=True, text=True, check=True
    )
    found: list[dict[str, str]] = json.loads(done.stdout)
    return [issue for issue in found if not ONLY_RECOMMENDED.search(issue["message"])]
