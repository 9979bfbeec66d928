"""The model behind the Dutch intent classifier: three views that fail on different messages, averaged (docs/nlu.md).

1. logistic regression on word and character n-grams, 2. logistic regression on sentence vectors, 3. the nearest
training examples by sentence vector. Without the sentence encoder the model works on n-grams alone, and the log says
so.
Beside it stand two judges of one question each: is this a signal of distress, and is this about the conversation
instead of the work? A judge has a regression on n-grams of its own, and hears what the views on n-grams and on the
nearest examples give to the intents that mean yes. The three together draw a sharper line than any of them, and than
with the view on vectors (docs/nlu.md). The safety net weighs the first judge, turn-taking at an open question the
second.
A third judge says which own answer a question asks for, if any (components/reply_judge.py).
"""

from __future__ import annotations

import logging
import re
import unicodedata
import warnings
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, make_union

from bondgenoot.intents import ABOUT_CONVERSATION, ABOUT_WORK, ANSWER, SAFETY
from bondgenoot.own_answers import Guess
from components.encoder_client import EncoderError, Worker
from components.nearest import NearestExamples
from components.reply_judge import ReplyJudge

logger = logging.getLogger(__name__)

# Chosen on the development set of tests/nlu (docs/nlu.md). Few iterations are enough, and a mild regularisation.
NGRAM_STRENGTH, NGRAM_ITERATIONS = 10.0, 25
# From so many examples on, words and characters in fewer than so many of them do not count.
MANY_EXAMPLES, RARE = 10_000, (3, 8)
VECTOR_SCALE, VECTOR_STRENGTH, VECTOR_ITERATIONS = 10.0, 1.0, 120
# Of a judge; and what keeps the odds of a view finite.
JUDGE_ITERATIONS, FAINT = 200, 0.01
# A judge hears the first two views: n-grams and nearest examples.
HEARD = 2
# Intents with many examples for the sake of the judges: each of them weighs less where an intent is chosen.
MANY, WEIGHT_OF_MANY = SAFETY | {ANSWER}, 0.3
# An intent with at most so many examples, such as a trainer's story, is meant by its examples word for word, so surely:
# beside thousands of other sentences their few would say too little.
FEW_EXAMPLES, WORD_FOR_WORD = 60, 0.9
# Asked in the words of a question with an own answer, which says the same with examples: no sign of having none.
ANSWERED_AS_OWN = frozenset({"ask_help"})
NGRAM_WEIGHT, VECTOR_WEIGHT, NEAREST_WEIGHT = 1.5, 1.0, 0.7


def plain(text: str) -> str:
    """Lower case without accents; a module function, so that the vectorizer can be stored."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def words_of(text: str) -> str:
    """The words of a text as they are compared: lower case, without accents and marks."""
    return " ".join(re.findall(r"\w+", plain(text)))


def ngram_vectorizer(examples: int) -> FeatureUnion:
    """TF-IDF of words (1-2) and of characters within words (3-4), each of unit length.

    What stands in few of many examples is left out: it slows the fit and adds nothing (docs/nlu.md).
    """
    words, characters = (max(1, round(most * min(1.0, examples / MANY_EXAMPLES))) for most in RARE)
    common: dict[str, Any] = {"preprocessor": plain, "sublinear_tf": True, "dtype": np.float32}
    return make_union(
        TfidfVectorizer(token_pattern=r"\b\w+\b", ngram_range=(1, 2), min_df=words, **common),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 4), min_df=characters, **common),
    )


class Judge:
    """Says yes or no to one question about a text: the mean of the log-odds of up to three opinions."""

    def __init__(
        self, classes: Sequence[str], yes: Collection[str], no: Collection[str], labels: np.ndarray, ngrams: Any
    ) -> None:
        """Fit.

        Args:
            classes: The names of the intents.
            yes: Intents that mean yes.
            no: Intents that mean no; others say nothing about the question.
            labels: The intent of each example as an index in `classes`, shape (n,).
            ngrams: A row of n-grams an example, shape (n, n-grams).
        """
        self.yes = np.array([name in yes for name in classes])
        self.no = np.array([name in no for name in classes])
        telling = np.flatnonzero((self.yes | self.no)[labels])
        answers = self.yes[labels][telling]
        # Where the examples hold only one answer, there is nothing to judge.
        self.fitted = (
            _regression(ngrams[telling], answers, NGRAM_STRENGTH, JUDGE_ITERATIONS)
            if 0 < answers.sum() < len(answers)
            else None
        )

    def probability(self, ngrams: Any, views: Sequence[np.ndarray]) -> float:
        """Of yes, for one text: its n-grams, shape (1, n-grams), and the probabilities of the classes by each view."""
        if self.fitted is None:
            return 0.0
        opinions = [float(self.fitted.decision_function(ngrams)[0])]
        opinions += [float(np.log((view[self.yes].sum() + FAINT) / (view[self.no].sum() + FAINT))) for view in views]
        return float(1.0 / (1.0 + np.exp(-np.mean(opinions))))


@dataclass(frozen=True)
class Understanding:
    """Probability of each class, shape (classes,); of being a signal of distress; of being about the conversation.

    And the likeliest own answer, None where nobody judged that.
    """

    probabilities: np.ndarray
    distress: float
    aside: float
    own: Guess | None = None


class IntentModel:
    """Fitted on texts and intent names (sub-intents as names of their own); see the module's docstring."""

    def __init__(
        self,
        texts: Sequence[str],
        names: Sequence[str],
        encode: Callable[[Sequence[str]], np.ndarray] | None,
        own_answers: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """Fit.

        Args:
            texts: The training sentences.
            names: The intent of each.
            encode: Gives the sentence vectors of texts, shape (len, 384); None works on n-grams alone.
            own_answers: Examples of the questions with an answer of their own, by the answer's name.

        Raises:
            EncoderError: when `encode` cannot run here.
        """
        self.classes = sorted(set(names))
        labels = np.array([self.classes.index(name) for name in names])
        few = np.bincount(labels) <= FEW_EXAMPLES
        self.word_for_word = {words_of(text): label for text, label in zip(texts, labels.tolist()) if few[label]}
        self.ngrams = ngram_vectorizer(len(texts))
        features = self.ngrams.fit_transform(texts)
        self.by_vector: LogisticRegression | None = None
        self.nearest: NearestExamples | None = None
        self.own_answers: ReplyJudge | None = None
        # The longest fit has a core and a matrix to itself (fitting tidies its matrix in place); its products let go of
        # Python's lock.
        with warnings.catch_warnings(), ThreadPoolExecutor(1) as beside:
            # Stopping early is meant: more iterations change nothing on the development set.
            warnings.simplefilter("ignore", ConvergenceWarning)
            weights = np.where(np.isin(names, list(MANY)), WEIGHT_OF_MANY, 1.0)
            by_ngram = beside.submit(_regression, features.copy(), labels, NGRAM_STRENGTH, NGRAM_ITERATIONS, weights)
            if encode is not None:
                asking = [text for group in (own_answers or {}).values() for text in group]
                vectors, of_asking = np.split(encode([*texts, *asking]), [len(texts)])
                scaled = vectors * VECTOR_SCALE
                self.by_vector = _regression(scaled, labels, VECTOR_STRENGTH, VECTOR_ITERATIONS, weights)
                self.nearest = NearestExamples(vectors, labels, len(self.classes))
                if own_answers:
                    asked = [name for name, group in own_answers.items() for _ in group]
                    none = vectors[_asks_for_none(texts, names, asking)]
                    self.own_answers = ReplyJudge(of_asking, asked, none)
            self.distress = Judge(self.classes, SAFETY, set(self.classes) - SAFETY, labels, features)
            self.aside = Judge(self.classes, ABOUT_CONVERSATION, ABOUT_WORK, labels, features)
            self.by_ngram = by_ngram.result()

    def understand(self, text: str, vector: np.ndarray | None) -> Understanding:
        """What a text may be; `vector` is its sentence vector, None to go by its n-grams alone."""
        ngrams = self.ngrams.transform([text])
        views, weights = [self.by_ngram.predict_proba(ngrams)[0]], [NGRAM_WEIGHT]
        if vector is not None and self.by_vector is not None and self.nearest is not None:
            views += [self.nearest.predict(vector), self.by_vector.predict_proba(vector[None] * VECTOR_SCALE)[0]]
            weights += [NEAREST_WEIGHT, VECTOR_WEIGHT]
        distress, aside = (judge.probability(ngrams, views[:HEARD]) for judge in (self.distress, self.aside))
        probabilities = np.average(views, axis=0, weights=weights)
        if (label := self.word_for_word.get(words_of(text))) is not None:
            probabilities *= 1.0 - WORD_FOR_WORD
            probabilities[label] += WORD_FOR_WORD
        own = self.own_answers.guess(vector) if vector is not None and self.own_answers is not None else None
        return Understanding(probabilities, distress, aside, own)


def _asks_for_none(texts: Sequence[str], names: Sequence[str], asking: Sequence[str]) -> np.ndarray:
    """Which sentences ask for no own answer: those that are no example of one, nor of an intent that is answered so."""
    known = set(map(words_of, asking))
    return np.array([words_of(text) not in known for text in texts]) & ~np.isin(names, list(ANSWERED_AS_OWN))


def _regression(
    features: Any, labels: np.ndarray, strength: float, iterations: int, weights: np.ndarray | None = None
) -> LogisticRegression:
    return LogisticRegression(C=strength, max_iter=iterations).fit(features, labels, sample_weight=weights)


def vector_of(encoder: Worker, text: str) -> np.ndarray | None:
    """The sentence vector of a message, or None with a line in the log when the encoder gives none."""
    try:
        return encoder.encode(text)
    except EncoderError as error:
        logger.warning(f"A message was understood without its sentence vector, because {error}.")
        return None
