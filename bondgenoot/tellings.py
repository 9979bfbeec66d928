"""Whether a message without an open question tells of work: of something that chafes, or of a wrong of one's own.

The phrases stand in content/turns.yml under `telling`; the words for people in content/phrases.yml.
"""

from __future__ import annotations

from bondgenoot import asides, side_talk
from bondgenoot.clauses import clauses, sentences
from bondgenoot.questions import normalise
from bondgenoot.said_ahead import names_person
from bondgenoot.turn_words import begins_asking, spoken, whole_messages

# So many words about others at work tell something, without a word that says that it chafes.
FEWEST_ABOUT_OTHERS = 8
# Words that ask, but stand in any story too.
BESIDE_A_QUESTION = frozenset({"dan", "waar"})
WRONGED, CHAFES = "repair_trust", "share_dilemma"


def told(text: str, plainly: bool = False) -> str | None:
    """The intent of what a message tells: `repair_trust` for a wrong of one's own, `share_dilemma` for the rest.

    None when it tells nothing, or asks something that is no more than 'wat moet ik nou' after the story.

    Args:
        text: The message.
        plainly: Only when it says that something chafes; that it is about somebody at work is not enough.
    """
    all_parts = sentences(text)
    asked = [part for part in all_parts if _asks(part)]
    if all_parts[-1:] == asked[-1:] and not any(map(_asks_advice, asked[-1:])):
        return None
    parts = [part for part in all_parts if part not in asked]
    said = {asides.first("telling", normalise(part)) for part in parts} - {None}
    if said:
        return WRONGED if WRONGED in said else CHAFES
    about_a_concept = spoken()["concepts"] & {word for part in asked for word in _said(part)}
    if plainly or about_a_concept or side_talk.wish_in(text):
        return None
    return CHAFES if _about_others(parts) else None


def tells(text: str) -> bool:
    """Whether a message tells of work rather than announcing that it will."""
    return told(text) is not None


def _about_others(parts: list[str]) -> bool:
    """Whether sentences tell enough of somebody at work, those aside that ask or wish in the middle."""
    # 'Mijn chef wil meer verbinding met de ploeg' may well ask for an article.
    other = (spoken()["asking"] - BESIDE_A_QUESTION) | spoken()["learning"] | spoken()["concepts"]
    words = [word for part in parts if not other & set(_said(part)) for word in _said(part)]
    if len(parts) == 1 and set(words) & spoken()["wishing"]:
        return False
    told_by = set(words) & (spoken()["told_by"] | {"k"})
    return len(words) >= FEWEST_ABOUT_OTHERS and bool(told_by) and names_person(" ".join(words))


def _said(sentence: str) -> list[str]:
    return normalise(sentence).split()


def _asks(sentence: str) -> bool:
    """Whether a sentence asks something, with its mark, with its first words, or with those of a clause."""
    if sentence.rstrip().endswith("?") or begins_asking(normalise(sentence)):
        return True
    # 'We hebben het druk, wat levert dat op': people who type no mark.
    asking = spoken()["asking"] - BESIDE_A_QUESTION
    later = [clause for clause in clauses(sentence)[1:] if whole_messages().get(normalise(clause)) != "dont_know"]
    return any(begins_asking(normalise(clause)) or _said(clause)[0] in asking for clause in later)


def _asks_advice(sentence: str) -> bool:
    return asides.first("asking_advice", normalise(sentence)) is not None
