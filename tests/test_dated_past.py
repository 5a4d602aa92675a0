"""What is told in the past tense has happened: a day without a year is then the last one, not the next."""

from __future__ import annotations

import pytest

from kg.model import Document
from kg.pipeline import load_extractor


@pytest.mark.parametrize(
    ("text", "modality", "date"),
    [
        ("Kabul was attacked by the Taliban on August 15.", "asserted", "2023-08-15"),
        ("The Taliban attacked Kabul on August 15.", "asserted", "2023-08-15"),
        ("Putin has visited Tehran on August 15.", "asserted", "2023-08-15"),
        ("Israel did not attack Iran on June 1.", "asserted", "2023-06-01"),
        ("Putin will visit Tehran on August 15.", "planned", "2024-08-15"),
        ("Putin visits Tehran on August 15.", "planned", "2024-08-15"),
        ("Putin is to visit Tehran on August 15.", "planned", "2024-08-15"),
        ("Putin said he would visit Tehran on August 15.", "planned", "2024-08-15"),
    ],
)
def test_the_tense_says_which_year_is_meant(text: str, modality: str, date: str) -> None:
    found = load_extractor(model=False).extract(Document("x", text, "en", "", "2024-05-05")).claims
    assert {(claim.modality, claim.date) for claim in found} == {(modality, date)}
