"""What people read when a fact is told, or when a rule refuses."""

from collections.abc import Mapping
from types import MappingProxyType

from veche.kernel.words import N_

SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "reports.ReportFiled": N_("Report %(number)s was filed."),
        "reports.ReportJoined": N_("Another resident joined report %(number)s; they are %(supporters)s now."),
        "reports.ReportLeft": N_("A resident left report %(number)s; %(supporters)s still follow it."),
        "reports.ReportHidden": N_("A moderator hid report %(number)s. Reason: %(reason)s."),
        "reports.ReportShown": N_("A moderator showed report %(number)s again. Reason: %(reason)s."),
        "reports.ReportsImported": N_("%(rows)s reports were taken over from “%(source)s”."),
        "reports.unknown-category": N_("Choose what the report is about."),
        "reports.answer-missing": N_(
            "Please answer this question: the office needs it to find the place or the cause."
        ),
        "reports.answer-not-a-number": N_("Write a number here, for example 3 or 2.5."),
        "reports.answer-not-a-date": N_("Write a date here, for example 2026-03-14."),
        "reports.answer-not-a-choice": N_("Choose one of the answers offered."),
        "reports.answer-too-long": N_("Keep this answer under %(most)s characters."),
        "reports.level-too-low": N_("Confirm your e-mail first: the office must be able to answer you."),
        "reports.not-found": N_(
            "There is no report with this number here. Check the digits; nothing was changed."
        ),
        "reports.not-yours": N_("Only the author of the report can do this."),
        "reports.not-your-office": N_("This report is with another office."),
        "reports.own-report": N_("It is your own report: you follow it already."),
        "reports.closed": N_(
            "This report is closed, so nobody can join it. If the problem is back, file a new one."
        ),
        "reports.duplicate-of-itself": N_("A report cannot be a duplicate of itself."),
        "reports.office-unknown": N_("There is no such office in this city."),
        "reports.no-point": N_(
            "Show the place: put the pin on the map, choose the district from the list, or take the place from a photo."
        ),
        "reports.draft-gone": N_("This form was sent or put away already. Nothing was sent twice."),
        "reports.email-needed": N_("Write your e-mail: we send a link there that confirms the report."),
        "reports.email-wrong": N_("This does not look like an e-mail address. Check it, please."),
        "reports.erased": N_("The author asked to be forgotten: there are no words left to show."),
        "reports.order-missing": N_("Name the order of the court: which court, its number, its date."),
        "reports.order-too-long": N_("Please shorten it to %(limit)s characters."),
        "reports.hide-reason": N_("Choose the reason: everybody will see it in place of the report."),
        "reports.not-family": N_(
            "Hand it over only to your parent, sister or child office; otherwise say “not ours”."
        ),
        "reports.date-wrong": N_("Write the day as year-month-day, for example 2026-03-14."),
        "reports.nothing-ticked": N_("Tick at least one report first."),
        "reports.officer-missing": N_("Choose the officer who gets them."),
        "reports.act-missing": N_("Choose what to do with the ticked reports."),
        "reports.role-unknown": N_("Choose one of the roles."),
        "reports.post-missing": N_("Write the name of the post: the public sees it instead of a name."),
        "reports.too-many-photos": N_("Add at most %(most)s photographs."),
        "reports.mapping-unknown": N_("The mapping has a key nobody knows: %(key)s."),
        "reports.mapping-missing": N_("The mapping lacks %(key)s."),
        "reports.mapping-wrong": N_("The mapping cannot be read: %(key)s."),
        "reports.file-unreadable": N_("The file %(file)s cannot be read."),
        "reports.file-encoding": N_("The file is in none of these encodings: %(encodings)s."),
        "reports.file-empty": N_("The file is empty."),
        "reports.file-column": N_("The file has no column %(column)s."),
        "reports.row-fields": N_("The row has %(found)s fields, the header has %(wanted)s."),
        "reports.row-blank": N_("This field must not be blank."),
        "reports.row-date": N_("This is no date in the formats of the mapping: %(value)s."),
        "reports.row-future": N_("It was filed in the future."),
        "reports.row-closed-early": N_("It was closed before it was filed."),
        "reports.row-point": N_("The latitude and longitude name no point."),
        "reports.row-category": N_("The mapping has no category for “%(value)s”."),
        "reports.row-too-long": N_("This is longer than %(limit)s characters."),
        "reports.row-unreadable": N_("The row cannot be read: its quotes do not match."),
        "reports.row-no-office": N_(
            "It was answered, and no office for it is known: name it in the mapping."
        ),
        "reports.row-status": N_("The mapping has no status for “%(value)s”."),
        "reports.too-many": N_("Choose at most %(most)s reports at once."),
    }
)
