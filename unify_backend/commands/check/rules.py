"""The rules of `check` with the texts that explain them."""

from unify_backend.model.diagnostics import Rule

NAMED = Rule(
    "legacy-reference",
    "The legacy package is named where it was not before.",
    "The package has a new name, and the old one is on its way out: what names it now would break "
    "when it is gone.\n\n"
    "Write the canonical name instead; `unify-backend rewrite PATH` does it. Where the word is "
    "something else, say so: by a decision (`unify-backend review PATH`), or on the line itself: "
    "`# unify-backend: keep — why`.",
)
MEANT = Rule(
    "hidden-legacy-use",
    "The legacy package is used without being named.",
    "A variable, a relative import or a path put together from pieces leads into the legacy "
    "package. No search for its name finds such a place, and it breaks like any other when the "
    "package is gone.\n\nGo to the canonical package instead.",
)
GROWN = Rule(
    "legacy-file",
    "A file was added to the legacy package.",
    "There is a canonical package now, so the legacy folder holds nothing but what is on its way "
    "there: code that is added here would have to be moved too, or would be lost.\n\n"
    "Put the file into the canonical folder.",
)
UNREAD = Rule(
    "unread-file",
    "A file cannot be understood, so that nobody knows what it names.",
    "The file cannot be read, is not valid in its encoding, or does not parse. Its names are "
    "listed, but not with certainty.\n\nRepair it; or, if it is meant so, let it into the baseline "
    "(`unify-backend check --update-baseline --allow-growth`).",
)
STALE = Rule(
    "stale-entry",
    "The baseline lists a place that is gone.",
    "Whoever brings that place back would not be noticed.\n\n"
    "`unify-backend check --prune` takes such entries out, and never adds one.",
)
ONE_COPY = Rule(
    "one-sided-change",
    "A change touches one of two copies that are both in use, and not the other.",
    "While a package is there twice, a fix of one copy is missing in the other, and is easily "
    "forgotten there. What is the same after renaming, in another place or in another layout is "
    "the same change; a file that only one copy has is not asked about.\n\n"
    "Make the change in both copies. Where it belongs to one alone, say why: by a line "
    "`One-copy: WHY` in the commit's message, or for files that may always differ by an entry of "
    "`copies` in the configuration.",
)
RULES = tuple(sorted((NAMED, MEANT, GROWN, UNREAD, STALE), key=lambda rule: rule.id))
