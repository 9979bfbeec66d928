"""The Dutch and Flemish words of the calendar, as one table for `bondgenoot.dates`.

These are words that people type, not texts that a person reads: they belong to the grammar and change
together with it, which is why they stand here and not in content/. All is lower case and without accents.
To teach a spelling, add it to _SAME_AS; to teach a feast, to FEASTS; to teach a phrase, extend its pattern.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from re import Match

from dateutil.easter import easter

WEEKDAYS = {
    "maandag": 0, "dinsdag": 1, "woensdag": 2, "donderdag": 3, "vrijdag": 4, "zaterdag": 5, "zondag": 6,
}  # fmt: skip
WEEKDAY_ABBREVIATIONS = dict(zip(("ma", "di", "wo", "do", "vr", "za", "zo"), WEEKDAYS, strict=True))

MONTHS = {
    "januari": 1, "februari": 2, "maart": 3, "april": 4, "mei": 5, "juni": 6, "juli": 7, "augustus": 8,
    "september": 9, "oktober": 10, "november": 11, "december": 12,
}  # fmt: skip
# Read as months only beside a number or "begin/half/eind", because "Jan" is also a colleague.
MONTH_ABBREVIATIONS = {
    "jan": 1, "feb": 2, "febr": 2, "mrt": 3, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9,
    "sept": 9, "okt": 10, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
ANY_MONTH = MONTHS | MONTH_ABBREVIATIONS

# Season: first month, months long.
SEASONS = {
    "voorjaar": (3, 3), "lente": (3, 3), "zomer": (6, 3), "najaar": (9, 3), "herfst": (9, 3),
    "winter": (12, 3),
}  # fmt: skip

_ONES = ("een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen")
_TEENS = (
    "tien",
    "elf",
    "twaalf",
    "dertien",
    "veertien",
    "vijftien",
    "zestien",
    "zeventien",
    "achttien",
    "negentien",
)
_TENS = ("twintig", "dertig", "veertig", "vijftig")


def _cardinals() -> dict[str, int]:
    words = {word: number for number, word in enumerate((*_ONES, *_TEENS), start=1)}
    for tens, word in enumerate(_TENS, start=2):
        words[word] = tens * 10
        words |= {f"{one}en{word}": tens * 10 + number for number, one in enumerate(_ONES, start=1)}
    return words


def _ordinals() -> dict[str, int]:
    regular = {word + ("de" if number < 20 and number != 8 else "ste"): number for word, number in CARDINALS.items()}
    return regular | {"eerste": 1, "derde": 3, "achtste": 8}


CARDINALS = _cardinals()
ORDINALS = _ordinals()

# Other spellings, dialect and typing errors -> the word that the patterns below know.
_SAME_AS = {
    "morgen": "morge morgn moregn mrgn mrgen mrogen morgend morreg merge murge morgenvroeg morgeochtend"
    " tomorrow tmrw tomorow tommorow",
    "overmorgen": "overmorge overmorgend",
    "vandaag": "today tonight vandag vndaag vanmorgen vanochtend vanmiddag vannamiddag vanavond vanaaf vanacht vannacht"
    " straks"
    " strakjes strax seffens sef subiet sebiet vanvoormiddag",
    "dinsdag": "tuesday dinsd dins dinsda dienstag",
    "woensdag": "wednesday woe woensd woesdag",
    "donderdag": "thursday dond donderd dondrdg",
    "vrijdag": "friday vrijd vrydag vrijda",
    "zaterdag": "saturday zaterd zatrdag zoaterdag",
    "zondag": "sunday zond zondg",
    "maandag": "monday mndag moandag mandag",
    "volgende": "next volgend volgnd vlgnde vlgde volgnede",
    "komende": "komend aanstaande aanstaand eerstkomende eerstvolgende naastkomende aankomende aankomend",
    "vorige": "vorig afgelopen voorbije verleden jongstleden jl laatstleden",
    "deze": "dees dezen dit huidige",
    "de": "den",
    "eind": "einde ende",
    "half": "midden medio halverwege halfweg",
    "week": "weeek weekje wk",
    "weken": "weekjes",
    "dag": "dagske",
    "dagen": "dage dagjes dgn",
    "weekend": "weekeinde wkend weekeind",
    "uiterlijk": "uiterlijke",
}
SPELLINGS = {word: known for known, words in _SAME_AS.items() for word in words.split()}
# A long word with one wrong letter is read as one of these, unless it is a word of its own.
FUZZY = (
    *WEEKDAYS,
    *(m for m in MONTHS if len(m) > 6),
    "overmorgen",
    "volgende",
    "vandaag",
    "weekend",
    "komende",
)
NOT_TYPOS = frozenset({"vandaan", "komedie", "weekends"})

# Feast -> first and last day as (month, day), or as days from Easter Sunday.
_FIXED = tuple[tuple[int, int], tuple[int, int]]
FEASTS: dict[str, _FIXED | tuple[int, int]] = {
    "sinterklaas": ((12, 5), (12, 6)),  # pakjesavond in the Netherlands, the 6th in Flanders
    "sinterklaasavond": ((12, 5), (12, 5)),
    "de sint": ((12, 5), (12, 6)),
    "pakjesavond": ((12, 5), (12, 5)),
    "kerst": ((12, 25), (12, 26)),
    "kerstmis": ((12, 25), (12, 26)),
    "kerstdag": ((12, 25), (12, 25)),
    "1e kerstdag": ((12, 25), (12, 25)),
    "2e kerstdag": ((12, 26), (12, 26)),
    "kerstavond": ((12, 24), (12, 24)),
    "oudjaar": ((12, 31), (12, 31)),
    "oudejaar": ((12, 31), (12, 31)),
    "oudejaarsavond": ((12, 31), (12, 31)),
    "nieuwjaar": ((1, 1), (1, 1)),
    "nieuwjaarsdag": ((1, 1), (1, 1)),
    "driekoningen": ((1, 6), (1, 6)),
    "valentijn": ((2, 14), (2, 14)),
    "valentijnsdag": ((2, 14), (2, 14)),
    "koningsdag": ((4, 27), (4, 27)),
    "dag van de arbeid": ((5, 1), (5, 1)),
    "bevrijdingsdag": ((5, 5), (5, 5)),
    "nationale feestdag": ((7, 21), (7, 21)),
    "halloween": ((10, 31), (10, 31)),
    "allerheiligen": ((11, 1), (11, 1)),
    "allerzielen": ((11, 2), (11, 2)),
    "wapenstilstand": ((11, 11), (11, 11)),
    "carnaval": (-49, -47),
    "aswoensdag": (-46, -46),
    "goede vrijdag": (-2, -2),
    "pasen": (0, 1),
    "paasmaandag": (1, 1),
    "2e paasdag": (1, 1),
    "paasweekend": (-2, 1),
    "hemelvaart": (39, 39),
    "hemelvaartsdag": (39, 39),
    "pinksteren": (49, 50),
    "pinkstermaandag": (50, 50),
    "2e pinksterdag": (50, 50),
}
SCHOOL_HOLIDAYS = {  # word -> the rule in dates.py; the regions differ, so these are always read back
    "kerstvakantie": "christmas", "kerstverlof": "christmas", "krokusvakantie": "crocus",
    "paasvakantie": "easter",
    "paasverlof": "easter", "zomervakantie": "summer", "grote vakantie": "summer", "herfstvakantie": "autumn",
    "herfstverlof": "autumn",
}  # fmt: skip
PUBLIC_HOLIDAYS = ("nieuwjaar", "2e paasdag", "hemelvaart", "2e pinksterdag", "kerst")  # in both countries


def _any(words: Iterable[str]) -> str:
    """One alternative of a pattern for the given words, longest first."""
    return "(?:" + "|".join(sorted(words, key=len, reverse=True)) + ")"


DAYPART = "(?:ochtend|morgen|voormiddag|middag|namiddag|avond|nacht|vroeg|noen)"
_W = _any(WEEKDAYS)
_MON = _any(ANY_MONTH) + r"\b\.?"
_FULL_MON = _any(MONTHS)
_YEAR = r"(?P<year>[12][0-9]{3}|'?[0-9]{2}(?![0-9/:.]|\s*(?:uur|u\b|h\b|%|[a-z])))"
_WD = rf"(?:(?P<weekday>{_W}),? (?:de )?)?"
_NEAR = "(?:vandaag|overmorgen|morgen)"
_UNIT = "(?P<unit>werkdag|dag|week|weke|maand|kwartaal|jaar|jare)(?:en|n|s)?"
_TAIL = (  # what may follow "de 20ste" so that it is a day and not "de 2e collega"
    r"(?=$|\s*[,;.!?)]|\s(?:van|of|ga|doe|wil|zal|kan|moet|om|in|na|tijdens|met|ik|we|wij|spreek|bespreek"
    r"|bel|heb"
    r"|bij|dan|en|is|lukt|zou|als|aan|plan|vraag|zeg|geef|neem|mail|probeer|ten|s|hem|haar|ongeveer|zeker"
    r"|past)\b)"
)
_PERIOD = (
    rf"(?:(?P<which>deze|volgende|komende|de|het)? ?(?P<span>week|weekend|maand|kwartaal|jaar)\b(?! [0-9])"
    rf"|week (?P<week>[0-9]{{1,2}})\b(?! (?:dag|we))|(?P<month>{_MON})(?:"
    rf" (?P<year>20[0-9]{{2}}))?(?![a-z0-9])"
    rf"|(?P<season>{_any(SEASONS)})\b(?: (?P<season_year>20[0-9]{{2}}))?|(?P<whole_year>20[0-9]{{2}})\b)"
)

WORD = re.compile("[a-z]+")
DAY_WITH_PART = re.compile(rf"(?P<day>{_W}|{_NEAR}){DAYPART}")
# Rewriting of the typed text, in this order (pattern, replacement), after spelling and before reading.
REWRITES = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"\b(?:goede|goeie) ?(?:morgen|middag|avond)\b", " "),
        (rf"\b({_W}|{_NEAR}) (?:in de |s )?{DAYPART}\b", r"\1"),
        (rf"\bdeze {DAYPART}\b", "vandaag"),
        (r"\b(?:in|van) de morgen\b", " "),
        (r"\b([0-9]{1,2})(?:e|sten?|den?| ste)\b", r"\1e"),
        (r"\bop (?:zijn|haar|mijn|z'n|m'n) (?:laatst|vroegst)\b", " "),
        # clock times
        (r"(?<!kwart )(?<![0-9] )\b(?:over|binnen) (?:[0-9]+|een|een half|half|anderhalf|een paar|enkele"
         r"|het|een klein)"
         r" (?:uur(?:tje)?s?|uren|minuten|min|kwartier(?:tje)?|minuutjes?)\b", "vandaag"),
        (r"\b[0-9]{1,2}:[0-9]{2}\b(?: ?(?:uur|u|h)\b)?|\b[0-9]{1,2}\.[0-9]{2} ?(?:uur|u|h)\b", " "),
        (r"\bom [0-9]{1,2}\.[0-9]{2}\b(?!\.)", " "),
        (r"\b(?:kwart|[0-9]{1,2}) (?:over|voor) (?:half )?[0-9]{1,2}\b(?! (?:we|dag|maand|werk)|[/-])", " "),
        (rf"\bhalf [0-9]{{1,2}}\b(?! {_MON})", " "),
        (r"\b(?:om |rond |tegen |na |voor |vanaf )?[0-9]{1,2} ?(?:uur|uren|u|h)(?: ?[0-9]{2})?\b", " "),
        (rf"\bom [0-9]{{1,2}}\b(?! {_MON}|[/.-][0-9])", " "),
        # order of words
        (r"\bde rest van de (week|maand)\b", r"deze \1"),
        (r"\b(?:niet|nie) (?:voor|eerder dan)\b|\bpas\b", " "),
        (r"(?<!begin )(?<!half )(?<!eind )\b(?:van|in) de week(?= (?:nog|ergens|eens)\b|$)", "deze week"),
    )
)  # fmt: skip
YEAR_PHRASES = re.compile(
    rf"\b(?P<when>volgende|deze) jaar,? (?:in |op )?(?P<after>(?:(?:begin|half|eind|[0-9]{{1,2}}e?) )?{_MON})"
    rf"|\b(?P<before>{_MON})(?: van)? (?P<when2>volgende|deze) jaar\b"
)
ABBREVIATED_WEEKDAY = re.compile(
    r"^(?:op )?(?P<whole>ma|di|wo|do|vr|za)\.?$"
    r"|(?<![a-z'])(?P<before>ma|di|wo|do|vr|za)\.?(?=,? (?:(?:van )?(?:volgende|deze|komende) week|de"
    r" [0-9]+e|over (?:een|[0-9])))"
    rf"|(?<![a-z'])(?P<dated>ma|di|wo|do|vr|za)\.?(?=,? [0-9]{{1,2}} ?(?:[/-] ?[0-9]|{_MON}))"
    r"|(?<=\bop )(?P<op>ma|di|wo|do|vr)\.?(?![a-z'])"
    r"|(?<=week )(?P<week>ma|di|wo|do|vr)\.?(?![a-z'])|(?<=(?:komende|olgende) )(?P<coming>ma|di|wo|do|vr"
    r"|za)\.?(?![a-z'])"
)

# Corrections and negations.
NOT_BUT = re.compile(r"\bnie?t?\b[^.;?!]{1,60}?\bmaar\b(?P<rest>.+)$")
CORRECTION = re.compile(
    r"\b(?:of nee|neen?|ik bedoel|sorry|oeps|correctie|of toch|toch (?:liever|beter)|of (?:liever|beter))\b"
)
OTHERWISE = re.compile(r"\b(?:en |of |zo niet )?anders\b")
_DAY_WORD = rf"(?:(?:op |tegen )?(?:(?:deze|volgende|komende) )?(?:{_W}|{_NEAR}|week|maand|weekend))"
NEGATED = re.compile(
    rf"\bniet (?:meer )?{_DAY_WORD}\b|\b{_DAY_WORD} (?:lukt|gaat|kan|past|wordt)(?: \w+)? (?:niet"
    rf"|moeilijk)(?: meer)?\b"
    rf"|\b{_DAY_WORD} niet(?=$|\s*[,.;!?]| maar| wel)"
)

# Before a day or a period: "na vrijdag", "voor kerst", "de maandag na Pasen", "de week van 7 december".
SIDE = re.compile(
    rf"(?<![a-z])(?:(?P<what>dag|week|{_W}) )?(?P<side>na|voor|van|tegen|voor eind|tegen eind)"
    r"(?: (?:de|het|deze|die|komende|van))*\s*$"
)
PAIR = re.compile(r"[ ,]*(?P<to>of|tot en met|tot|en|t/m|-)(?: (?:op|de|het|in|toch))* ?")
PLANNED_FOR = re.compile(r"\b(?:afspraak|gepland|inplannen|ingepland|agenda|voorzien|plan)\b")

# The reading rules of dates.py use these by name.
_IN = r"\b(?:over|binnen|in|binnen (?:dit|deze|nu) en|over nog)"
_NUMBER = r"(?:[0-9]{1,3}|een|anderhalve?)"
_AMOUNT = (
    rf"(?:(?:een )?(?:stuk of |tal )?(?P<low>{_NUMBER}) ?(?:of|a|tot|-) ?(?P<high>[0-9]{{1,3}})"
    rf"|(?P<few>(?:een )?(?:paar|aantal)|enkele|wat)|(?P<half>een half|half)"
    rf"|(?:een stuk of |een |de |zo'n |ongeveer |een goeie |een dikke )?(?P<count>{_NUMBER}))"
)
PATTERNS = {
    "iso": re.compile(r"(?<![0-9])(?P<year>[12][0-9]{3})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})(?![0-9])"),
    "full_numeric": re.compile(
        rf"\b{_WD}(?<![0-9./-])(?P<day>[0-9]{{1,2}}) ?(?P<sep>[/.-]) ?(?P<month>[0-9]{{1,2}}) ?(?P=sep) ?"
        r"(?P<year>[12][0-9]{3}|[0-9]{2})(?![0-9./-]*[0-9])"
    ),
    "short_numeric": re.compile(
        rf"\b{_WD}(?<![0-9./-])(?P<day>[0-9]{{1,2}}) ?(?P<sep>[/.-]) ?(?P<month>[0-9]{{1,2}})"
        r"(?![0-9]|[./:-][0-9]|\s?(?:%|uur|u\b|keer|maal|da?g|we?ek|maand|jaar|collega|mensen|personen"
        r"|punten|euro)| van (?:het|de|mijn|ons|onze|al|alle)\b)"
    ),
    "day_range": re.compile(
        rf"(?<![0-9/])(?P<low>[0-9]{{1,2}})e? ?(?:of|en|tot|tot en met|t/m|-)(?: de)?"
        rf" ?(?P<day>[0-9]{{1,2}})e?"
        rf"(?: van)? (?P<month>{_MON})(?![a-z])(?:,? {_YEAR})?"
    ),
    "named_month": re.compile(
        rf"(?<![0-9/])\b{_WD}(?P<day>[0-9]{{1,3}})e?(?: van)?[ -]?(?P<month>{_MON})(?![a-z'])(?:,?["
        rf" -]{_YEAR})?"
    ),
    "month_first": re.compile(rf"\b(?P<month>{_FULL_MON}) (?P<day>[0-9]{{1,2}})e?(?![0-9a-z]){_TAIL}"),
    "nth": re.compile(
        rf"\b(?P<nth>[1-5]e|laatste) (?P<what>{_W}|werkdag|dag|week) (?:van|in|uit) (?:de maand )?(?:van"
        rf" )?{_PERIOD}"
    ),
    "feast": re.compile(rf"\b(?P<feast>{_any((*FEASTS, *SCHOOL_HOLIDAYS))})(?![a-z])"),
    "day_plus": re.compile(
        rf"\b(?P<base>{_W}|{_NEAR}) (?:over|binnen) (?P<count>{_NUMBER}) {_UNIT}\b"
    ),
    "week_day": re.compile(
        rf"\b(?P<week>deze week|volgende week|komende week|(?:over|binnen) {_NUMBER} we(?:ek|ken)|week"
        rf" [0-9]{{1,2}}),?"
        rf" (?:(?:op|liefst|tegen|de|wel|en|is) )*(?P<weekday>{_W})\b(?! over)"
    ),
    "day_week": re.compile(
        rf"\b(?P<weekday>{_W}),? (?:(?:in|van) )?(?P<week>deze week|volgende week|komende week|week"
        rf" [0-9]{{1,2}})\b"
    ),
    "amount": re.compile(rf"{_IN} {_AMOUNT} {_UNIT}\b(?! geleden)"),
    "unit_or": re.compile(rf"{_IN} een {_UNIT} of (?P<high>[0-9]{{1,3}})\b"),
    "within_unit": re.compile(r"\bbinnen (?:de|het) (?P<unit>week|maand|jaar)\b"),
    "part": re.compile(
        rf"\b(?P<part>begin|half|eind)(?: van)? (?P<bare>{_PERIOD})"
    ),
    "ordinal": re.compile(
        rf"\b(?:(?P<weekday>{_W}),? )?(?P<how>(?:de |op |tegen |rond |voor |na |vanaf"
        rf" )*)(?P<day>[0-9]{{1,2}})(?P<e>e?)\b"
        rf"(?! ?[/.:-][0-9]){_TAIL}"
    ),
    "ordinal_month": re.compile(
        r"\b(?P<day>[0-9]{1,2})e?(?: van)? (?P<which>de|deze|volgende|komende) maand\b"
    ),
    "weekday": re.compile(rf"\b(?:(?P<near>{_NEAR}),? |(?P<which>deze|volgende|komende)"
        rf" )?(?P<weekday>{_W})\b"),
    "near": re.compile(rf"\b(?P<near>{_NEAR})\b"),
    "period": re.compile(rf"\b(?P<lead>in |vanaf |tegen |na |voor |van |tot |tijdens |rond )?(?P<det>de "
        rf"|het |deze |volgende |komende )?{_PERIOD}"),
    "days": re.compile(r"\b(?:de )?(?:komende|volgende|eerste) (?:paar |[0-9] )?dagen\b"),
    "next_working_day": re.compile(r"\b(?:volgende|komende|1e) (?:werk)dag\b"),
}  # fmt: skip

PAST = re.compile(
    rf"\b(?:eergisteren|gisteren|gister(?:avond|middag|ochtend)?|eergister|daarnet|daarstraks|zonet|zopas"
    rf"|zojuist|onlangs"
    rf"|vorige (?:week|maand|jaar|weekend|keer|{_W}|{_MON}|zomer|winter|herfst|lente|voorjaar|najaar)(?:"
    rf" {_W})?"
    rf"|{_W}(?: van)? vorige(?: week)?|\w+ (?:\w+ )?geleden)\b"
)
_REPEATED = (
    rf"(?:dag|week|maand|jaar|kwartaal|werkdag|weekend|keer|{_W}|{DAYPART}|overleg|vergadering"
    rf"|(?:dag|wek|maand)en)"
)
RECURRING = re.compile(
    rf"\b(?:elke?|iedere?|alle)(?: (?:[0-9]+e?|andere|1e|laatste|eerste))? {_REPEATED}\b"
    r"|\bom de (?:andere |[0-9]+ )?(?:dag|dagen|week|weken|maand|maanden)\b(?! (?:\w+ )?te\b)"
    r"|\b(?:[0-9]+|een|eens|paar|enkele|meermaals) ?(?:(?:keer|maal|keren|x) )?(?:per|in de|om de) (?:dag"
    r"|week|maand|jaar)\b"
    rf"|\b{_W}(?:en|s)\b|\b(?:ochtends|s (?:morgens|avonds|middags|ochtends))\b"
    rf"|\b(?:\w*(?:week|dag|maand|jaar|weke)lijks|veertiendaags) (?:op |vanaf |in )?(?:de )?{_W}\b"
)
RECURRING_WEAK = re.compile(
    r"\b\w*(?:weke|dage|maande|jaar)lijkse?\b|\bveertiendaags\b|\b(?:regelmatig|geregeld|telkens|af en"
    r" toe|iedere keer)\b"
    r"|\bper (?:dag|week|maand)\b"
)
_WHO = (
    "(?:ik|hij|zij|ze|we|wij|je|jij|u|jullie|het|de|t|mijn|m'n|onze|ons|zijn|haar|hun|iedereen|iemand|er"
    "|alles|dat|die"
    "|deze|men|alle|een|a?lle)"
)
_VERB = "(?:is|ben|zijn|heeft|heb|hebben|kan|kunnen|komt|past|lukt|gaat|staat|wordt|belt|vraagt|mag|wil|zit|zegt)"
CONDITIONAL = re.compile(
    rf"(?<!net )(?<!zelfde )(?<!zoveel )\bals {_WHO}\b|\bals (?:\w+ ){{1,3}}{_VERB}\b(?! (?:ik|we|wij|je)\b)"
    rf"|\bwanneer (?:{_WHO}\b|\w+ (?:\w+ )*{_VERB}\b)(?!.*\?)|\b(?:van )?zodra\b|\bindien\b|\bnadat\b"
    rf"|\btotdat\b|\bzo gauw\b"
    rf"|\bop het moment dat\b|\beens (?:hij|zij|ze|we|het|de|mijn|alles|ik|dat|die) .*{_VERB}\b"
    r"|\b(?:afhankelijk van|ligt er ?aan|hangt er ?van ?af|hangt af van|hangt van|ligt aan)\b"
    r"|\bna (?:(?:de|het|mijn|m'n|zijn|haar|ons|onze|hun|die|deze|dat|een) )?(?:\w+ )?\w*(?:vakantie"
    r"|verlof|vergadering|overleg"
    r"|project|gesprek|reorganisatie|drukte|meeting|deadline|verhuis|verhuizing|herstel|ziekte|evaluatie"
    r"|oplevering)\b"
    r"|\b(?:tijdens|bij|op|in) (?:(?:de|het|mijn|ons|onze|een|hun|zijn|haar) )?(?:volgende |komende |\w+"
    r" )?\w*(?:vergadering"
    r"|overleg|gesprek|meeting|evaluatie|teamdag|werkoverleg|standup|bila)\b|\bvolgende keer\b"
)
VAGUE_STRONG = re.compile(
    r"\bzo (?:snel|gauw|vlug|rap|spoedig|vroeg) (?:als )?(?:mogelijk|(?:\w+ )?kan|haalbaar)\b|\b(?:zsm"
    r"|z\.s\.m|asap)\b"
)
VAGUE = re.compile(
    r"\b(?:ooit|binnenkort|later|op termijn|op korte termijn|in de toekomst|vroeg of laat|weldra"
    r"|eerstdaags|spoedig|ergens"
    r"|(?:een )?(?:van )?deze[rn]? dagen|een van de dagen|op een (?:goeie |goede )?dag|nog wel eens|wel"
    r" eens|een keer(?:tje)?"
    r"|te gelegener tijd|bij gelegenheid)\b"
)
# Common words that mean a time only when they are (nearly) the whole answer.
SHORT_TODAY = re.compile(
    r"\b(?:nu|direct|meteen|onmiddellijk|dadelijk|zo dadelijk|zometeen|zodadelijk|vanaf nu|tegen de"
    r" (?:avond|middag))\b"
)
SHORT_RECURRING = re.compile(r"\b(?:altijd|steeds|vaak|voortaan|soms|door de week)\b")
SHORT_VAGUE = re.compile(r"\b(?:eens|snel|gauw|vlug|rap|misschien)\b")
NOT_A_DATE_BEFORE = re.compile(r"\b(?:werk|werkt|geef|geeft|score|scoor|cijfer|een|versie|ongeveer|verhouding)\s*$")
DATE_LEAD = re.compile(r"(?:^|\b(?:op|tegen|voor|vanaf|tot|rond|na|uiterlijk|laatste|de|ongeveer|zo|datum)\b:?)\s*$")


def canonical(text: str) -> str:
    """The text in lower case without accents, in the one spelling that PATTERNS know, without clock times."""
    plain = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    for old, new in (("\u2019", "'"), ("\u2018", "'"), ("\u2013", "-"), ("'t ", "het "), ("a.s.", "komende")):
        plain = plain.replace(old, new)
    plain = WORD.sub(lambda m: _spelled(m[0]), plain)
    plain = " ".join(plain.split())
    plain = ABBREVIATED_WEEKDAY.sub(_full_weekday, plain)
    for pattern, replacement in REWRITES:
        plain = pattern.sub(replacement, plain)
    return " ".join(plain.split())


def _full_weekday(m: Match[str]) -> str:
    short = next(group for group in m.groups() if group)
    return m[0].replace(short, WEEKDAY_ABBREVIATIONS[short], 1).rstrip(".")


@lru_cache(maxsize=4096)
def _spelled(word: str) -> str:
    """The word in the spelling of the table; number words as digits ("drie" 3, "derde" 3e)."""
    if word in SPELLINGS:
        return SPELLINGS[word]
    if word in ORDINALS:
        return f"{ORDINALS[word]}e"
    if word in CARDINALS and word != "een":
        return str(CARDINALS[word])
    if word.endswith("tal") and word[:-3] in CARDINALS:
        return str(CARDINALS[word[:-3]])
    if whole := DAY_WITH_PART.fullmatch(word):
        return whole["day"]
    if len(word) < 6 or word in NOT_TYPOS or word in FUZZY or word.endswith("dags"):
        return word
    return next((known for known in FUZZY if known[0] == word[0] and _one_edit_apart(word, known)), word)


def _one_edit_apart(a: str, b: str) -> bool:
    """Whether one letter replaced, added, dropped, or two neighbours swapped turn a into b."""
    if len(a) > len(b):
        a, b = b, a
    i = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(a))
    if len(a) < len(b):
        return len(b) - len(a) == 1 and a[i:] == b[i + 1 :]
    return a[i + 1 :] == b[i + 1 :] or (a[i : i + 2] == b[i : i + 2][::-1] and a[i + 2 :] == b[i + 2 :])


def monday(day: date) -> date:
    """The Monday of the week, Monday to Sunday, in which the day falls."""
    return day - timedelta(day.weekday())


def feast_days(name: str, year: int) -> tuple[date, ...]:
    """The days of a feast or school holiday (Flemish rules, near enough to read back elsewhere)."""
    if name in SCHOOL_HOLIDAYS:
        first, last = _school_holiday(SCHOOL_HOLIDAYS[name], year)
    else:
        low, high = FEASTS[name]
        if isinstance(low, int) and isinstance(high, int):
            first, last = easter(year) + timedelta(low), easter(year) + timedelta(high)
        elif isinstance(low, tuple) and isinstance(high, tuple):
            first, last = date(year, *low), date(year, *high)
    return tuple(first + timedelta(n) for n in range((last - first).days + 1))


def _school_holiday(rule: str, year: int) -> tuple[date, date]:
    sunday = easter(year)
    if rule == "summer":
        return date(year, 7, 1), date(year, 8, 31)
    if rule == "crocus":
        return sunday - timedelta(48), sunday - timedelta(42)
    if rule == "autumn":
        first = monday(date(year, 11, 1) + timedelta(date(year, 11, 1).weekday() == 6))
        return first, first + timedelta(6)
    if rule == "christmas":
        first = monday(date(year, 12, 27))  # a Christmas in the weekend starts it the Monday after
    elif sunday.month == 3:
        first = sunday + timedelta(1)
    else:
        first = monday(date(year, 4, 7)) if sunday <= date(year, 4, 15) else sunday - timedelta(13)
    return first, first + timedelta(13)
