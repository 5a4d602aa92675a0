"""The same facts come out of an Arabic sentence and of its English translation."""

from __future__ import annotations

import pytest

from benchmarks.parallel import Fact, agreeing, facts
from kg.model import Document

PAIRS = [
    ("زار الرئيس الروسي فلاديمير بوتين دمشق.", "Russian President Vladimir Putin visited Damascus."),
    ("طالبت تركيا العراق بتسليم عبد الله أوجلان.", "Turkey asked Iraq to hand over Abdullah Ocalan."),
    ("فرض الاتحاد الأوروبي عقوبات على بيلاروس.", "The European Union imposed sanctions on Belarus."),
    ("اتهمت أوكرانيا روسيا بقصف خاركيف.", "Ukraine accused Russia of shelling Kharkiv."),
    ("سحبت فرنسا قواتها من مالي.", "France withdrew its troops from Mali."),
    ("وقعت السعودية والصين اتفاقية عسكرية.", "Saudi Arabia and China signed a military agreement."),
    ("أدانت مصر الهجوم على السفارة الأردنية.", "Egypt condemned the attack on the Jordanian embassy."),
    ("التقى جون كيري سيرغي لافروف في فيينا.", "John Kerry met Sergei Lavrov in Vienna."),
    ("هددت كوريا الشمالية اليابان.", "North Korea threatened Japan."),
    ("قدمت ألمانيا مساعدات عسكرية لأوكرانيا.", "Germany provided military aid to Ukraine."),
    ("قطعت السعودية علاقاتها الدبلوماسية مع إيران.", "Saudi Arabia severed diplomatic relations with Iran."),
    ("لن تزور المستشارة الألمانية أنقرة.", "The German chancellor will not visit Ankara."),
    ("قصفت إسرائيل مواقع حزب الله في لبنان.", "Israel bombed Hezbollah positions in Lebanon."),
]
UNREAD = [
    ("رفضت إيران طلب الأمم المتحدة.", "Iran rejected the request of the United Nations."),
    ("اعترفت روسيا باستقلال أبخازيا.", "Russia recognized the independence of Abkhazia."),
    ("أعلنت قطر دعمها للحكومة اللبنانية.", "Qatar announced its support for the Lebanese government."),
]  # one side finds nothing, or another party: they count in the whole
LEAST = 0.75


def read(text: str, lang: str) -> list[Fact]:
    return list(facts(Document("pair", text, lang, date="2025-10-15")))


@pytest.mark.parametrize(("arabic", "english"), PAIRS, ids=[english for _, english in PAIRS])
def test_a_sentence_and_its_translation_state_a_fact_in_common(arabic: str, english: str) -> None:
    assert list(agreeing(read(arabic, "ar"), read(english, "en"))) != []


def test_most_facts_are_the_same_in_both_languages() -> None:
    read_pairs = [(read(arabic, "ar"), read(english, "en")) for arabic, english in PAIRS + UNREAD]
    same = sum(len(list(agreeing(*pair))) for pair in read_pairs)
    assert 2 * same / sum(len(one) + len(other) for one, other in read_pairs) >= LEAST
