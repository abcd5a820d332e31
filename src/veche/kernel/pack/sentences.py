"""What is said about a mistake in a pack; every sentence names the file and the place in it."""

from collections.abc import Mapping
from types import MappingProxyType

from veche.kernel.words import N_

SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "pack.no-folder": N_("There is no city pack at %(file)s: a pack is a folder with a city.toml."),
        "pack.missing-file": N_("The pack has no %(file)s."),
        "pack.not-toml": N_("%(file)s is not valid TOML: %(why)s"),
        "pack.not-geojson": N_("%(file)s is not a GeoJSON collection of polygons: %(why)s"),
        "pack.unknown-key": N_("%(file)s, %(place)s: the key “%(key)s” is not known here."),
        "pack.missing-key": N_("%(file)s, %(place)s: “%(key)s” is missing."),
        "pack.wrong-kind": N_("%(file)s, %(place)s: “%(key)s” must be %(wanted)s."),
        "pack.not-allowed": N_(
            "%(file)s, %(place)s: “%(key)s” is “%(value)s”, but it must be one of these: %(allowed)s."
        ),
        "pack.bad-code": N_(
            "%(file)s, %(place)s: “%(value)s” cannot be a code. Use small Latin letters, digits and hyphens, "
            "at most %(most)s characters."
        ),
        "pack.duplicate-code": N_("%(file)s, %(place)s: the code “%(value)s” is used twice."),
        "pack.duplicate-line": N_("%(file)s, %(place)s: the same line stands here twice."),
        "pack.unknown-reference": N_(
            "%(file)s, %(place)s: “%(key)s” names “%(value)s”, which the pack does not have."
        ),
        "pack.missing-language": N_("%(file)s, %(place)s: “%(key)s” lacks the language “%(value)s”."),
        "pack.unknown-language": N_(
            "%(file)s, %(place)s: “%(key)s” has the language “%(value)s”, which the city does not speak."
        ),
        "pack.bad-time-zone": N_(
            "%(file)s, %(place)s: “%(value)s” is not a time zone. Write it like Asia/Yekaterinburg."
        ),
        "pack.bad-country": N_("%(file)s, %(place)s: no holidays are known for “%(value)s”."),
        "pack.bad-point": N_(
            "%(file)s, %(place)s: latitude must lie between -90 and 90, longitude between -180 and 180."
        ),
        "pack.bad-hours": N_(
            '%(file)s, %(place)s: “%(value)s” are not hours. Write them like mon-thu = "09:00-18:00".'
        ),
        "pack.bad-email": N_("%(file)s, %(place)s: “%(value)s” is not an e-mail address."),
        "pack.dates-reversed": N_("%(file)s, %(place)s: valid_until must be later than valid_from."),
        "pack.day-both": N_("%(file)s, %(place)s: %(value)s cannot be a day off and a worked day at once."),
        "pack.circle": N_("%(file)s, %(place)s: the parents of “%(value)s” lead back to itself."),
        "pack.no-root": N_(
            "%(file)s, %(place)s: exactly one place must have no parent, but %(count)s have none."
        ),
        "pack.no-group": N_("%(file)s, %(place)s: the top category “%(value)s” is missing."),
        "pack.empty-group": N_("%(file)s, %(place)s: the top category “%(value)s” has no subcategory."),
        "pack.no-answer-term": N_(
            "%(file)s, %(place)s: the subcategory “%(value)s” has no term for the answer, so nobody would owe one."
        ),
        "pack.no-choices": N_(
            "%(file)s, %(place)s: a question of the kind “choice” needs at least two choices."
        ),
        "pack.stray-choices": N_(
            "%(file)s, %(place)s: only a question of the kind “choice” may have choices."
        ),
        "pack.no-days": N_("%(file)s, %(place)s: a term must be between 1 and %(most)s days long."),
        "pack.tiles": N_("%(file)s, %(place)s: a map needs either “url” or “file”, one of the two."),
        "pack.twelve-months": N_(
            "%(file)s, %(place)s: “%(key)s” must hold twelve numbers, from January to December."
        ),
        "pack.unknown-slot": N_(
            "%(file)s, %(place)s: the text has the slot “%(value)s”, for which there is no material."
        ),
        "pack.bad-witness-url": N_(
            "%(file)s, %(place)s: “%(value)s” is not the address of a witness. Write it like https://paper.example.org/witness."
        ),
        "pack.bad-witness-key": N_(
            "%(file)s, %(place)s: “%(value)s” is not the key of a witness. Copy the whole line that "
            "`veche witness init` printed there."
        ),
        "pack.witness-twice": N_("%(file)s, %(place)s: the witness “%(value)s” stands here twice."),
        "pack.too-many-needed": N_(
            "%(file)s, %(place)s: %(value)s signatures are needed, but there are only %(count)s witnesses."
        ),
        "pack.unreadable": N_("%(file)s could not be read: %(why)s"),
    }
)
