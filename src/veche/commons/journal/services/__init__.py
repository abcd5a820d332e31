"""Writes of the journal, the delivery of facts, and the registers that the house fills when it starts."""

from veche.commons.journal.services.delivering import deliver, purge_deliveries
from veche.commons.journal.services.forgetting import destroy_key, erase_values
from veche.commons.journal.services.laying import lay
from veche.commons.journal.services.listening import (
    addresses_of,
    cities,
    fact_type,
    know,
    known_kinds,
    listeners_of,
    open_fields_of,
    register_addresses,
    register_cities,
    register_open_fields,
    register_sentences,
    register_teller,
    register_words,
    subscribe,
    told,
    unsubscribe,
    word_of,
)
from veche.commons.journal.services.publishing import (
    add_cosignatures,
    merge_delay_s,
    verifier,
    witness_keys,
    witness_policy,
)
from veche.commons.journal.services.recording import record, record_many
from veche.commons.journal.services.releasing import release, release_parked
from veche.commons.journal.services.sequencing import sequence
from veche.commons.journal.services.witnessed import ask_witness, keep_witness_states, newest_checkpoint

__all__ = [
    "add_cosignatures",
    "addresses_of",
    "ask_witness",
    "cities",
    "deliver",
    "destroy_key",
    "erase_values",
    "fact_type",
    "keep_witness_states",
    "know",
    "known_kinds",
    "lay",
    "listeners_of",
    "merge_delay_s",
    "newest_checkpoint",
    "open_fields_of",
    "purge_deliveries",
    "record",
    "record_many",
    "register_addresses",
    "register_cities",
    "register_open_fields",
    "register_sentences",
    "register_teller",
    "register_words",
    "release",
    "release_parked",
    "sequence",
    "subscribe",
    "told",
    "unsubscribe",
    "verifier",
    "witness_keys",
    "witness_policy",
    "word_of",
]
