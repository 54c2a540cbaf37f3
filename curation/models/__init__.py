"""What curation keeps: editors' choices, what the engine knows, and what readers were shown."""

from curation.models.campaign import Campaign
from curation.models.counts import MostRead, ReadCount, RelatedCount
from curation.models.engine import Exposure, Fingerprint, Frequency, Phase, Posting, Suggestion, Tally, Uncounted
from curation.models.exclusions import Exclusion, KeptApart, KeptApartMember
from curation.models.lists import CuratedList, ListRecord, Pick

__all__ = [
    "Campaign",
    "CuratedList",
    "Exclusion",
    "Exposure",
    "Fingerprint",
    "Frequency",
    "KeptApart",
    "KeptApartMember",
    "ListRecord",
    "MostRead",
    "Phase",
    "Pick",
    "Posting",
    "ReadCount",
    "RelatedCount",
    "Suggestion",
    "Tally",
    "Uncounted",
]
