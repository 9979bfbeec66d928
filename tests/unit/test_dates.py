"""What people type in answer to "wanneer doe je dit?", and the day that it means."""

import time
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bondgenoot import dutch_calendar as nl
from bondgenoot.dates import DateAnswer, DateKind, understand

WEDNESDAY = date(2026, 12, 2)
FRIDAY = date(2026, 7, 10)
SUNDAY = date(2026, 12, 6)
OLD_YEARS_DAY = date(2026, 12, 31)  # a Thursday
BEFORE_LEAP_DAY = date(2028, 2, 28)  # a Monday
CLOCK_CHANGE = date(2027, 3, 28)  # Easter Sunday too

# One case a line: text | day as month-day, or year-month-day if it is not in the year of today.
DATES = {
    WEDNESDAY: """
        ik wil dat donderdag na het overleg met Els bespreken | 12-03
        zo tegen den twintigste | 12-20
        morge | 12-03
        morgenvroeg | 12-03
        Morgenavond! | 12-03
        morgen om 14u30 | 12-03
        overmorgen ochtend | 12-04
        overmorgenochtend | 12-04
        volgnde week dinsd | 12-08
        volgende week dinsdag | 12-08
        dinsdag volgende week | 12-08
        dinsdag van volgende week | 12-08
        ma volgende week | 12-07
        deze week vrijdag | 12-04
        over twee weken op vrijdag | 12-18
        dinsdag week 50 | 12-08
        3 dec | 12-03
        3 dec. | 12-03
        5dec | 12-05
        drie december | 12-03
        3/12 | 12-03
        1/12 | 2027-12-01
        op 3.12 | 12-03
        5-12 | 12-05
        03-12-2026 | 12-03
        12/12/26 | 12-12
        2026-12-03 | 12-03
        3 maart volgend jaar | 2027-03-03
        1 december | 2027-12-01
        2 december | 12-02
        dinsdag de 8e | 12-08
        dinsdag den 8sten | 12-08
        vrijdag 4 december | 12-04
        wo 9/12 | 12-09
        do 10 dec. | 12-10
        maandag 7 december 2026 om 9.30 uur | 12-07
        5 december 10 uur | 12-05
        eenentwintig december | 12-21
        de éénentwintigste | 12-21
        ten laatste vrijdag | 12-04
        uiterlijk 15 januari | 2027-01-15
        tegen vrijdag | 12-04
        niet voor vrijdag | 12-04
        vrijdag over 14 dagen | 12-18
        maandag over een week | 12-14
        morgen over acht dagen | 12-10
        vandaag over 14 dagen | 12-16
        binnen drie dagen | 12-05
        over een tiental dagen | 12-12
        over twee weken | 12-16
        over vijf werkdagen | 12-09
        over een maand | 2027-01-02
        over anderhalve maand | 2027-01-16
        over een half jaar | 2027-06-02
        over een jaar | 2027-12-02
        den elfde | 12-11
        de 26ste | 12-26
        den 8 | 12-08
        de 1e | 2027-01-01
        de 8e van volgende maand | 2027-01-08
        de eerste maandag van december | 12-07
        de laatste vrijdag van de maand | 12-25
        de eerste dinsdag van de maand | 2027-01-05
        laatste werkdag van de maand | 12-31
        maandag na het weekend | 12-07
        vrijdag voor kerst | 12-18
        de dag na Sinterklaas | 12-07
        tijdens ons overleg van donderdag | 12-03
        in ons wekelijks overleg van donderdag | 12-03
        deze namiddag | 12-02
        straks | 12-02
        vanavond | 12-02
        seffens | 12-02
        over een uurtje | 12-02
        over 3 uur | 12-02
        nu meteen | 12-02
        vandaag woensdag | 12-02
        woensdag | 12-09
        vrijdag | 12-04
        vr | 12-04
        donderdga | 12-03
        vrydag | 12-04
        maandagochtend | 12-07
        donderdagnamiddag om 3 uur | 12-03
        komende vrijdag | 12-04
        aanstaande maandag | 12-07
        a.s. maandag | 12-07
        volgende dinsdag | 12-08
        volgende werkdag | 12-03
        goede vrijdag | 2027-03-26
        hemelvaart | 2027-05-06
        niet morgen maar woensdag | 12-09
        niet morgen, maar wel vrijdag | 12-04
        morgen, nee, vrijdag | 12-04
        vandaag lukt niet, morgen wel | 12-03
        liever maandag niet, maar vrijdag wel | 12-04
        liefst donderdag, anders vrijdag | 12-03
        vandaag heb ik hem gezien, morgen spreek ik met hem | 12-03
        ik ga vandaag nog met haar praten | 12-02
        zoals vorige week besproken doe ik het vrijdag | 12-04
        hij zei gisteren dat ik het morgen moet doen | 12-03
        ik plan een gesprek in voor vrijdag | 12-04
        ik volg maandag een cursus | 12-07
        als het kan maandag | 12-07
        Ik zal dit op donderdag 10 december met mijn team opnemen. | 12-10
    """,
    FRIDAY: """
        vrijdag | 07-17
        vandaag vrijdag | 07-10
        deze vrijdag | 07-10
        volgende vrijdag | 07-17
        donderdag | 07-16
        de 10e | 07-10
        de 9e | 08-09
        10/7 | 07-10
        9/7 | 2027-07-09
        volgende werkdag | 07-13
    """,
    SUNDAY: """
        zondag | 12-13
        maandag | 12-07
        volgende maandag | 12-07
        volgende week dinsdag | 12-08
        morgen | 12-07
        zondag over een week | 12-20
    """,
    OLD_YEARS_DAY: """
        morgen | 2027-01-01
        overmorgen | 2027-01-02
        de 31e | 12-31
        de 30e | 2027-01-30
        31 december | 12-31
        30 december | 2027-12-30
        volgende week maandag | 2027-01-04
        over een maand | 2027-01-31
        over twee maanden | 2027-02-28
        dinsdag week 1 | 2027-01-05
        nieuwjaar | 2027-01-01
    """,
    BEFORE_LEAP_DAY: """
        morgen | 02-29
        overmorgen | 03-01
        29 februari | 02-29
        over een jaar | 2029-02-28
        dinsdag 29 februari | 02-29
        de laatste dag van de maand | 02-29
    """,
    CLOCK_CHANGE: """
        morgen | 03-29
        over een week | 04-04
        over 24 uur | 03-28
        paasmaandag | 03-29
    """,
}

# text | day to propose | first | last
SPANS = {
    WEDNESDAY: """
        eind deze maand | 12-31 | 12-22 | 12-31
        half januari | 2027-01-15 | 2027-01-10 | 2027-01-20
        begin volgende maand | 2027-01-04 | 2027-01-01 | 2027-01-10
        midden volgende week | 12-09 | 12-08 | 12-10
        eind volgende week | 12-11 | 12-10 | 12-13
        begin van de week | 12-07 | 12-07 | 12-08
        begin maart | 2027-03-01 | 2027-03-01 | 2027-03-10
        eind van het jaar | 12-31 | 12-02 | 12-31
        volgend jaar maart | 2027-03-01 | 2027-03-01 | 2027-03-31
        in mei | 2027-05-03 | 2027-05-01 | 2027-05-31
        na het weekend | 12-07 | 12-07 | 12-13
        voor het weekend | 12-04 | 12-02 | 12-04
        voor het einde van de week | 12-04 | 12-02 | 12-06
        vóór vrijdag | 12-03 | 12-02 | 12-03
        na vrijdag | 12-07 | 12-05 | 12-11
        voor kerst | 12-24 | 12-02 | 12-24
        met Sinterklaas | 12-05 | 12-05 | 12-06
        met kerst | 12-25 | 12-25 | 12-26
        na Pasen | 2027-03-30 | 2027-03-30 | 2027-04-05
        na de kerstvakantie | 2027-01-04 | 2027-01-04 | 2027-01-10
        de week na kerst | 12-28 | 12-28 | 2027-01-03
        in de week van 14 december | 12-14 | 12-14 | 12-20
        dees week | 12-04 | 12-02 | 12-06
        van de week nog | 12-04 | 12-02 | 12-06
        ergens volgende week | 12-07 | 12-07 | 12-13
        week 50 | 12-07 | 12-07 | 12-13
        dit weekend | 12-05 | 12-05 | 12-06
        volgend weekend | 12-12 | 12-12 | 12-13
        volgend jaar | 2027-01-04 | 2027-01-01 | 2027-12-31
        in het voorjaar | 2027-03-01 | 2027-03-01 | 2027-05-31
        over een week of twee | 12-16 | 12-09 | 12-16
        over 2 à 3 weken | 12-23 | 12-16 | 12-23
        over een paar dagen | 12-05 | 12-04 | 12-06
        binnen de week | 12-09 | 12-02 | 12-09
        volgende vrijdag | 12-11 | 12-04 | 12-11
        maandag of dinsdag | 12-07 | 12-07 | 12-08
        tussen maandag en woensdag | 12-09 | 12-07 | 12-09
        van vrijdag tot maandag | 12-07 | 12-04 | 12-07
        tussen 7 en 9 december | 12-09 | 12-07 | 12-09
        3 of 4 december | 12-03 | 12-03 | 12-04
        donderdag 4 december | 12-04 | 12-03 | 12-04
        morgen vrijdag | 12-03 | 12-03 | 12-04
    """,
    FRIDAY: """
        voor het einde van de week | 07-10 | 07-10 | 07-12
        na de zomer | 09-01 | 09-01 | 09-07
        na de zomervakantie | 09-01 | 09-01 | 09-07
    """,
    SUNDAY: """
        dit weekend | 12-06 | 12-06 | 12-06
        na het weekend | 12-07 | 12-07 | 12-13
        voor het einde van de week | 12-06 | 12-06 | 12-06
        met Sinterklaas | 12-06 | 12-06 | 12-06
        volgende week | 12-07 | 12-07 | 12-13
    """,
    OLD_YEARS_DAY: """
        eind deze maand | 12-31 | 12-31 | 12-31
        volgende maand | 2027-01-04 | 2027-01-01 | 2027-01-31
        begin januari | 2027-01-04 | 2027-01-01 | 2027-01-10
        begin december | 2027-12-01 | 2027-12-01 | 2027-12-10
        na de kerstvakantie | 2027-01-04 | 2027-01-04 | 2027-01-10
    """,
    BEFORE_LEAP_DAY: """
        eind februari | 02-29 | 02-28 | 02-29
        eind van de maand | 02-29 | 02-28 | 02-29
    """,
    CLOCK_CHANGE: """
        na Pasen | 03-30 | 03-30 | 04-05
    """,
}

WITHOUT_DAY = {
    DateKind.PAST: """
        gisteren; eergisteren; vorige week; 3 december 2020; 03-12-2020; afgelopen maandag; vrijdag jl.;
        maandag vorige week; twee weken geleden; deze week maandag; in 2020; juni 2020
    """,
    DateKind.IMPOSSIBLE: """
        31 februari; 32 december; 45/12; 31/11; 29 februari; 0 december; de 32ste; 100 december; 5e
        maandag van februari; 31-04-2027; week 60
    """,
    DateKind.VAGUE: """
        ooit; binnenkort; zo snel mogelijk; zsm; zo vlug als ik kan; een dezer dagen; eerstdaags; later;
        op termijn; wel eens
    """,
    DateKind.CONDITIONAL: """
        als ik tijd heb; als hij terug is; zodra het project klaar is; als Els terug is; wanneer mijn baas
        weer op kantoor is; nadat ik met mijn baas heb gesproken; eens hij terug is; na het overleg; na
        mijn vakantie; op de volgende teamvergadering; niet morgen maar zodra hij terug is; hangt ervan af
    """,
    DateKind.RECURRING: """
        om de week; om de twee weken; elke maandag; tweewekelijks; iedere ochtend; 's maandags; twee keer
        per week; alle dagen; wekelijks op maandag; elke eerste maandag van de maand; elke morgen
    """,
    DateKind.NONE: """
        ; geen idee; om 3 uur; 14u30; 3 uur; half drie; kwart over 3; om 14.30; met 2 collega's; een 7; ik
        geef het een 7/10; 1/2 van het team; ik werk 4/5; 24/7; versie 2.1; 2-3 keer; de tweede collega;
        voor de tweede keer; de eerste die ik spreek is Els; ik ben de eerste; Mei-Lin spreken; ik praat
        met Jan; ik ben vrij; zo; ma is ziek; goede morgen; goeiemorgen; waar kom je vandaan; niet morgen;
        ik heb nu geen tijd; als leidinggevende wil ik beter luisteren; hij is altijd zo direct tegen mij;
        ik maak me zorgen; we mogen fouten maken
    """,
}


def rows(table: dict[date, str]) -> list[tuple[date, list[str]]]:
    return [
        (today, [cell.strip() for cell in line.split("|")])
        for today, lines in table.items()
        for line in lines.strip().splitlines()
    ]


def day_of(cell: str, today: date) -> date:
    return date.fromisoformat(cell if len(cell) > 5 else f"{today.year}-{cell}")


@pytest.mark.parametrize(("today", "row"), rows(DATES), ids=lambda x: x[0] if isinstance(x, list) else str(x))
def test_names_one_day(today: date, row: list[str]) -> None:
    text, day = row
    assert understand(text, today) == DateAnswer(DateKind.DATE, day_of(day, today))


@pytest.mark.parametrize(("today", "row"), rows(SPANS), ids=lambda x: x[0] if isinstance(x, list) else str(x))
def test_proposes_a_day_of_a_span(today: date, row: list[str]) -> None:
    text, *days = row
    assert understand(text, today) == DateAnswer(DateKind.SPAN, *(day_of(day, today) for day in days))


@pytest.mark.parametrize(
    ("kind", "text"),
    [(kind, " ".join(t.split())) for kind, texts in WITHOUT_DAY.items() for t in texts.split(";")],
)
def test_names_no_day(kind: DateKind, text: str) -> None:
    assert understand(text, WEDNESDAY) == DateAnswer(kind)


def test_kind_equals_its_plain_string() -> None:
    assert understand("morgen", WEDNESDAY).kind == "date"
    expected = {"date", "span", "past", "impossible", "vague", "conditional", "recurring", "none"}
    assert {kind.value for kind in DateKind} == expected


def test_the_tables_hold_at_least_150_cases() -> None:
    assert len(rows(DATES)) + len(rows(SPANS)) + sum(t.count(";") + 1 for t in WITHOUT_DAY.values()) >= 150


OTHER_WORDS = """
    vandaag morgen overmorgen volgende deze komende vorige week maand jaar kwartaal weekend over binnen in een
    anderhalve half begin eind voor na van tot en of tussen de het op tegen niet maar nee anders elke om 3 12
    31 99 8e 29ste 31/2 3/12 3-12-2026 2026-12-03 24/7 999 jaar weken dagen maanden werkdagen twee derde
    laatste eerste als ooit uur 14u30 , . ? paar enkele 2027 0
"""
TABLES = (nl.WEEKDAYS, nl.ANY_MONTH, nl.SEASONS, nl.FEASTS, nl.SCHOOL_HOLIDAYS, nl.SPELLINGS)
WORDS = [*(word for table in TABLES for word in table), *nl.WEEKDAY_ABBREVIATIONS, *OTHER_WORDS.split()]
DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
SENTENCES = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)


def check_promises(text: str, today: date) -> None:
    answer = understand(text, today)
    assert answer == understand(text, today)
    assert (answer.day is not None) == (answer.kind in (DateKind.DATE, DateKind.SPAN))
    assert (answer.first is not None) == (answer.last is not None) == (answer.kind is DateKind.SPAN)
    if answer.day:
        assert answer.day >= today
    if answer.day and answer.first and answer.last:
        assert today <= answer.first <= answer.day <= answer.last


@given(st.text(), DAYS)
def test_any_text_is_understood_or_not_but_never_raises(text: str, today: date) -> None:
    check_promises(text, today)


@given(SENTENCES, DAYS)
def test_any_mix_of_calendar_words_keeps_the_promises(text: str, today: date) -> None:
    check_promises(text, today)


@given(SENTENCES, st.dates())
def test_the_edges_of_the_calendar_do_not_raise(text: str, today: date) -> None:
    understand(text, today)


@given(DAYS, st.integers(0, 700))
def test_reads_back_every_written_date(today: date, ahead: int) -> None:
    day = today + timedelta(ahead)
    month = list(nl.MONTHS)[day.month - 1]
    spellings = (
        day.isoformat(),
        f"{day:%d/%m/%Y}",
        f"{day:%d-%m-%Y}",
        f"op {day.day} {month} {day.year}",
        f"{list(nl.WEEKDAYS)[day.weekday()]} {day.day} {month} {day.year}",
    )
    for text in spellings:
        assert understand(text, today) == DateAnswer(DateKind.DATE, day), text


@given(DAYS, st.sampled_from(sorted(nl.WEEKDAYS)))
def test_a_weekday_is_the_coming_one(today: date, weekday: str) -> None:
    day = understand(weekday, today).day
    assert day is not None
    assert day.weekday() == nl.WEEKDAYS[weekday]
    assert 1 <= (day - today).days <= 7


@given(DAYS, st.sampled_from(sorted(nl.WEEKDAYS)))
def test_next_week_runs_from_monday_to_sunday(today: date, weekday: str) -> None:
    monday = today + timedelta(7 - today.weekday())
    assert understand(f"volgende week {weekday}", today).day == monday + timedelta(nl.WEEKDAYS[weekday])


@pytest.mark.parametrize("piece", ["niet maar ", "nee ", "als ", "a", "1/", "wanneer x ", "maandag ", "de 8e ", "na "])
def test_long_text_is_read_quickly(piece: str) -> None:
    start = time.perf_counter()
    understand(piece * 5000, WEDNESDAY)
    assert time.perf_counter() - start < 2
