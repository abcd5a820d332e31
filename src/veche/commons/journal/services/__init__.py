"""Writes of the journal, the delivery of facts, and the registers that the house fills when it starts."""

from veche.commons.journal.services.delivering import deliver, purge_deliveries, release_parked
from veche.commons.journal.services.laying import lay
from veche.commons.journal.services.listening import (
    addresses_of,
    cities,
    fact_type,
    know,
    known_kinds,
    listeners_of,
    register_addresses,
    register_cities,
    register_sentences,
    register_teller,
    register_words,
    subscribe,
    told,
    unsubscribe,
    word_of,
)
from veche.commons.journal.services.recording import record, record_many

__all__ = [
    "addresses_of",
    "cities",
    "deliver",
    "fact_type",
    "know",
    "known_kinds",
    "lay",
    "listeners_of",
    "purge_deliveries",
    "record",
    "record_many",
    "register_addresses",
    "register_cities",
    "register_sentences",
    "register_teller",
    "register_words",
    "release_parked",
    "subscribe",
    "told",
    "unsubscribe",
    "word_of",
]
