"""The sentences of a verification, by code. A line is an entry of the log; lines are counted from 1."""

from collections.abc import Mapping
from types import MappingProxyType

from veche.kernel.words import N_

SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        # Who the log is
        "about.unreadable": N_(
            "The deployment does not say who its log is: /journal/about.json cannot be read."
        ),
        "about.key-changed": N_(
            "The key of the log is another one than on %(since)s: it was %(old)s, now %(new)s is shown."
            " Whoever holds the old key did not sign for this log."
        ),
        "about.origin-changed": N_("The log is called %(new)s now; on %(since)s it was %(old)s."),
        "about.witnesses-changed": N_(
            "The log names other witnesses than on %(since)s, or asks for fewer of them."
            " Gone: %(gone)s. New: %(added)s."
        ),
        # Its checkpoint
        "checkpoint.missing": N_("The log shows no checkpoint."),
        "checkpoint.unreadable": N_("The checkpoint of the log cannot be read: %(why)s."),
        "checkpoint.unsigned": N_("The checkpoint is not signed with the key of the log, %(key)s."),
        "checkpoint.foreign": N_("The checkpoint is of another log: %(found)s instead of %(expected)s."),
        "checkpoint.signed": N_("The checkpoint is signed by the log %(origin)s: %(size)s lines."),
        "witnesses.signed": N_("Witnesses who signed it: %(names)s."),
        "witness.missing": N_("The witness %(name)s has not signed this checkpoint."),
        "witness.false": N_("The signature of the witness %(name)s under the checkpoint is false."),
        "witnesses.few": N_("Witnesses that must sign: %(needed)s. Witnesses that did: %(found)s."),
        # How it grew
        "log.shrunk": N_(
            "On %(since)s the log had %(old)s lines, and it signed for them; now it shows %(new)s."
            " Lines that are gone: %(gone)s."
        ),
        "log.forked": N_(
            "On %(since)s the log signed for other %(size)s lines than now: there are two histories."
        ),
        "log.rewritten": N_(
            "The %(old)s lines that the log signed for on %(since)s are not the beginning of the %(new)s lines"
            " it shows now: something in them was changed, removed or put in between."
        ),
        "log.extends": N_(
            "The %(old)s lines seen on %(since)s are all there, unchanged; %(added)s were added since."
        ),
        "log.whole": N_("All %(count)s lines that were read come out at the root that the log signed."),
        "log.root-differs": N_("The lines of the log do not come out at the root that it signed."),
        "log.partly": N_("Only proofs were checked, not every line. Without --quick all lines are read."),
        "tile.missing": N_(
            "A file of the log is missing or cut off: %(path)s. With it %(what)s cannot be shown."
        ),
        "tile.altered": N_("A file of the log was altered: %(path)s."),
        # Its lines
        "entry.altered": N_("Line %(line)s is not the line that the log signed for."),
        "entry.malformed": N_("Line %(line)s is no canonical fact: %(why)s."),
        "entry.twice": N_("Line %(line)s repeats the fact %(fact)s of line %(first)s."),
        "entry.late": N_(
            "Line %(line)s says that it was recorded on %(at)s, but the log did not have it on %(seen)s,"
            " though it promises to have it within %(delay)s seconds: it was held back or backdated."
        ),
        "entry.future": N_("Line %(line)s says that it was recorded on %(at)s, which has not come yet."),
        "entry.order": N_(
            "Lines that stand after lines recorded much later: %(count)s, the first one is line %(line)s."
            " They waited long, or were written in later; without an earlier look at the log nobody can say."
        ),
        # Receipts
        "receipt.unreadable": N_("%(file)s: this is no receipt of a journal: %(why)s."),
        "receipt.altered": N_("%(file)s: the receipt contradicts itself: %(why)s."),
        "receipt.foreign-key": N_(
            "%(file)s: the receipt is signed with another key than that of the log:"
            " %(found)s instead of %(expected)s."
        ),
        "receipt.promised": N_(
            "%(file)s: the log %(origin)s signed on %(at)s that it has recorded %(kind)s of %(subject)s"
            " (receipt %(code)s)."
        ),
        "receipt.included": N_(
            "%(file)s: it is line %(line)s of the log, proven under a checkpoint of %(size)s lines."
        ),
        "receipt.opened": N_("%(file)s: these words were committed to: %(names)s."),
        "receipt.key-taken-on-trust": N_(
            "%(file)s: the key %(key)s was taken from the receipt itself. Compare it with the one you know."
        ),
        "receipt.there": N_("%(file)s: the line stands in the log now, as line %(line)s of %(size)s."),
        "receipt.waits": N_("%(file)s: the line is not in the log yet; it may wait until %(until)s."),
        "receipt.missing": N_(
            "%(file)s: promised on %(at)s by a signature, due in the log by %(until)s, and not there."
            " The receipt proves that it was acknowledged."
        ),
        "receipt.gone": N_(
            "%(file)s: it was line %(line)s of the log, proven by a signed checkpoint, and it is not there any more."
        ),
        # What readers are shown
        "row.differs": N_(
            "%(kind)s of %(subject)s (fact %(fact)s, line %(line)s): the list shows another %(field)s than the log:"
            " %(shown)s instead of %(logged)s."
        ),
        "row.missing": N_(
            "%(kind)s of %(subject)s (fact %(fact)s) is line %(line)s of the log, but the list of the journal lacks it."
        ),
        "row.unlogged": N_(
            "%(kind)s of %(subject)s (fact %(fact)s) stands in the list since %(at)s, but not in the log,"
            " though the log has had the time to take it."
        ),
        "row.misplaced": N_(
            "Fact %(fact)s (%(kind)s of %(subject)s): the list says line %(shown)s, in the log it is line %(line)s."
        ),
        "row.unsound": N_(
            "Fact %(fact)s (%(kind)s of %(subject)s): its %(field)s in the database is not that of the log."
        ),
        "row.unreadable": N_("Fact %(fact)s: its row in the list of the journal is none that can be read."),
        "row.unopened": N_(
            "Fact %(fact)s (%(kind)s of %(subject)s): what is shown as %(field)s is not what was committed to."
        ),
        "deep.unread": N_("What readers are shown could not be compared to the end: %(why)s."),
        "rows.broken": N_(
            "The list of the journal cannot be shown: the deployment fails over one of its pages."
        ),
        "rows.same": N_("The list of the journal shows every line of the log as it is: %(count)s."),
        "report.missing": N_(
            "Report %(number)s (%(subject)s) stands in the log, but it is not shown,"
            " and no line says that it was hidden."
        ),
        "report.broken": N_(
            "Report %(number)s (%(subject)s) stands in the log, but the deployment fails to show it."
        ),
        "reports.broken": N_("The list of reports of %(city)s cannot be shown."),
        "report.differs": N_(
            "Report %(number)s (%(subject)s): %(field)s is shown as %(shown)s; by the log it is %(logged)s."
        ),
        "report.altered": N_(
            "Report %(number)s (%(subject)s): %(field)s is not what was committed to when it was recorded."
        ),
        "report.unopened": N_(
            "Report %(number)s (%(subject)s): nobody can compare %(field)s, and no line says that it was erased."
        ),
        "report.step-missing": N_(
            "Report %(number)s (%(subject)s): step %(position)s of the log is not shown."
        ),
        "report.step-unlogged": N_(
            "Report %(number)s (%(subject)s): the step %(position)s is shown, but does not stand in the log."
        ),
        "report.unlogged": N_(
            "Report %(number)s of %(city)s is shown, but the log does not know it;"
            " of imports it knows %(imported)s rows."
        ),
        "reports.same": N_("Every report is shown as the log tells it: %(count)s."),
    }
)
