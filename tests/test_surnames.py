"""Whom a family name alone means: leaders, by the day of the article; nobody where it is a common word."""

from __future__ import annotations

import pytest

from kg.extraction.surnames import leader
from kg.model import Document
from kg.pipeline import load_extractor
from kg.seeds import world


@pytest.mark.parametrize(
    ("refs", "day", "plain", "meant"),
    [
        (["joe-biden"], "", True, "joe-biden"),
        (["ahmed-al-sharaa", "farouk-al-sharaa"], "2025-10-15", False, "ahmed-al-sharaa"),
        (["ahmed-al-sharaa", "farouk-al-sharaa"], "2011-10-15", False, None),
        (["michel-aoun", "joseph-aoun"], "2018-01-01", True, "michel-aoun"),
        (["michel-aoun", "joseph-aoun"], "2025-06-01", True, "joseph-aoun"),
        (["michel-aoun", "joseph-aoun"], "", True, None),
        (["antonio-guterres"], "2020-01-01", False, "antonio-guterres"),
        (["antonio-guterres"], "2020-01-01", True, None),
        (["nabil-abu-rudeineh"], "2020-01-01", False, None),
    ],
)
def test_a_family_name_alone_means_who_leads(refs: list[str], day: str, plain: bool, meant: str | None) -> None:
    assert leader(refs, world(), day, plain=plain) == meant


@pytest.mark.parametrize(
    ("text", "day", "ref"),
    [
        ("قال بايدن إن روسيا ستهاجم أوكرانيا.", "2022-02-18", "joe-biden"),  # no ب + أيدن
        ("استقبل كاميرون الرئيس الصيني في لندن.", "2015-10-20", "david-cameron"),
        ("زار كيشيدا واشنطن.", "2023-01-13", "fumio-kishida"),
        ("بحث عون الوضع مع ماكرون.", "2018-05-01", "michel-aoun"),
    ],
)
def test_a_name_is_not_split_into_what_no_verb_allows(text: str, day: str, ref: str) -> None:
    found = load_extractor(model=False).extract(Document("x", text, "ar", "", day))
    assert ref in {entity.ref for entity in found.entities}
