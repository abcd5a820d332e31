"""What the journal says to people."""

from collections.abc import Mapping
from types import MappingProxyType

from veche.kernel.words import N_

SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "journal.unknown-city": N_(
            "There is no such city here. Look at the list of cities on the first page."
        ),
        "journal.FactAltered": N_(
            "A line was not what had been acknowledged when it should have entered the log."
            " Whoever has its receipt can prove it."
        ),
        "journal.ValuesErased": N_("Private values were erased for good: %(reason)s."),
        "journal.Restored": N_("The house was restored from a backup made when the log had %(size)s lines."),
        "journal.DeliveriesReleased": N_(
            "Facts that had not reached everybody were sent on their way again: %(count)s."
        ),
    }
)
