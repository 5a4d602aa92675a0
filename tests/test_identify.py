"""Language identification: enough to tell Arabic and English from the rest."""

from __future__ import annotations

import pytest

from kg.identify import identify, scripts
from kg.language import languages


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("استقبل الرئيس الروسي نظيره السوري في موسكو", "ar"),
        ("زار بوتين دمشق", "ar"),
        ("اِستَقبَلَ الرَّئيسُ نَظيرَهُ", "ar"),
        ("رئیس جمهور ایران با همتای خود در مسکو دیدار کرد و این سفر را مهم دانست", "fa"),
        ("صدر نے ماسکو میں اپنے ہم منصب سے ملاقات کی اور یہ دورہ اہم ہے", "ur"),
        ("The president received his counterpart in Moscow.", "en"),
        ("Putin visits Damascus", "en"),
        ("Le président a reçu son homologue dans la capitale", "fr"),
        ("Der Präsident hat die Verhandlungen mit dem Minister nicht beendet", "de"),
        ("Президент принял коллегу в Москве, это был первый визит", "ru"),
        ("ประธานาธิบดีต้อนรับผู้นำซีเรีย", "th"),
        ("俄罗斯总统在莫斯科会见叙利亚总统", "zh"),
        ("ロシアのプーチンはシリアのシャラアをむかえた", "ja"),
        ("استقبل بوتين نظيره في موسكو ضمن إطار European Union", "ar"),
    ],
)
def test_language_follows_script_and_function_words(text: str, lang: str) -> None:
    assert identify(text) == lang


@pytest.mark.parametrize("text", ["", "   \n", "2024 — 15:30", "🙂🙂"])
def test_a_text_without_letters_has_no_language(text: str) -> None:
    assert identify(text) == ""


def test_every_supported_language_can_be_recognized() -> None:
    assert set(languages()) <= {lang for languages in scripts().values() for lang in languages}
