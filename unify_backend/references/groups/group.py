"""Joins links into groups, and settles one action for each group."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from unify_backend.model.evidence import Reason
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Action, Group, Reference
from unify_backend.references.decision import is_decided, is_doubtful
from unify_backend.references.groups.compose import COMPOSE
from unify_backend.references.groups.image_paths import IMAGE_PATH
from unify_backend.references.groups.imported_names import IMPORTED_NAME
from unify_backend.references.groups.links import Kind, Link, Read, ReferenceTexts
from unify_backend.references.groups.loggers import LOGGER
from unify_backend.references.groups.modules import MODULE
from unify_backend.references.groups.processes import PROCESS
from unify_backend.references.groups.run_files import RUN_FILE
from unify_backend.references.groups.spellings import SPELLING
from unify_backend.references.groups.tasks import TASK
from unify_backend.references.groups.titles import TITLE
from unify_backend.references.groups.variables import VARIABLE

KINDS: tuple[Kind, ...] = (
    PROCESS,
    TITLE,
    MODULE,
    RUN_FILE,
    COMPOSE,
    LOGGER,
    TASK,
    VARIABLE,
    IMAGE_PATH,
    IMPORTED_NAME,
    SPELLING,
)


@dataclass(frozen=True, slots=True)
class Edge:
    """A link with the kind that found it."""

    link: Link
    kind: Kind

    @property
    def ends(self) -> tuple[int, int]:
        """The two references."""
        return self.link.place, self.link.other


class LinkSet:
    """Links that belong together, in order."""

    def __init__(self, ties: Iterable[Edge]) -> None:
        self.all = tuple(ties)
        self.fits = all(tie.link.fits for tie in self.all)
        self._near: dict[int, dict[int, Kind]] = defaultdict(dict)
        for tie in self.all:
            first, second = tie.ends
            self._near[first].setdefault(second, tie.kind)
            self._near[second].setdefault(first, tie.kind)

    @property
    def members(self) -> tuple[int, ...]:
        """All references that the links hold."""
        return tuple(self._near)

    def proposals(self) -> dict[int, str]:
        """The replacement of each place; places whose links disagree or give none are left out."""
        wanted: dict[int, set[str | None]] = defaultdict(set)
        for tie in self.all:
            wanted[tie.link.place].add(tie.link.proposal)
        return {n: next(iter(ways)) or "" for n, ways in wanted.items() if len(ways) == 1}

    def broken(self) -> dict[int, None]:
        """The ends of links that would no longer fit, in order."""
        return dict.fromkeys(n for tie in self.all if not tie.link.fits for n in tie.ends)

    def partner(self, n: int, candidates: dict[int, None]) -> int:
        """The candidate that `n` is linked to, else the first that is not `n` itself."""
        linked = [m for m in self._near[n] if m in candidates]
        return linked[0] if linked else next((m for m in candidates if m != n), n)

    def why(self, n: int, partner: int) -> str:
        """The reason why the two are coupled."""
        return self._near[n].get(partner, self.all[0].kind).why


def components(ties: Iterable[Edge]) -> Iterator[LinkSet]:
    """The links in groups of those that share a reference."""
    links = tuple(ties)
    lead: dict[int, int] = {}

    def find(n: int) -> int:
        while lead.setdefault(n, n) != n:
            lead[n] = n = lead[lead[n]]
        return n

    for tie in links:
        lead[find(tie.link.place)] = find(tie.link.other)
    parts: dict[int, list[Edge]] = defaultdict(list)
    for tie in links:
        parts[find(tie.link.place)].append(tie)
    yield from map(LinkSet, parts.values())


_UNLIKE = "they would no longer match"
_FATE = {
    Action.REWRITE: "that one would be rewritten",
    Action.REVIEW: "that one is for review",
    Action.KEEP: "that one stays",
}


def couple(
    references: Sequence[Reference],
    read: Read,
    moves: Sequence[PackageMove] = (),
    kinds: Sequence[Kind] = KINDS,
) -> tuple[tuple[Reference, ...], tuple[Group, ...]]:
    """The references in their order, the coupled ones with their group and one action a group.

    `read` gives a file's text, or None. Rules: all rewritten and still in step, all stay rewritten;
    all kept, all stay kept; one that cannot follow, all are for review, and the reason names it.
    What the judge left open only because it did not see the use takes the action of its partners.
    What a person decided is not changed; where it goes another way it is in no group.
    """
    sites = ReferenceTexts(references, read, moves)
    edges = {
        (link.place, link.other): Edge(link, kind)
        for kind in kinds
        for link in kind.find(sites)
        if link.place != link.other
    }
    ties = sorted(edges.values(), key=lambda tie: [_order(references, n) for n in tie.ends])
    table = _Table(references)
    for component in components(tie for tie in ties if not tie.link.follows):
        table.settle(component)
    followers: dict[int, list[Edge]] = defaultdict(list)
    for tie in ties:
        if tie.link.follows:
            followers[tie.link.place].append(tie)
    for n, leads in followers.items():
        table.follow(n, LinkSet(leads))
    return table.result()


class _Table:
    """The references while they are settled."""

    def __init__(self, references: Sequence[Reference]) -> None:
        self._now = [
            replace(reference, group="") if reference.group else reference
            for reference in references
        ]
        self._reasons: dict[str, str] = {}

    def result(self) -> tuple[tuple[Reference, ...], tuple[Group, ...]]:
        """The references with their groups, groups by name."""
        groups = tuple(Group(name, why) for name, why in sorted(self._reasons.items()))
        return tuple(self._now), groups

    def settle(self, ties: LinkSet) -> None:
        """One component of hard links: one action for all of its members."""
        members = dict.fromkeys(sorted(ties.members, key=lambda n: _order(self._now, n)))
        proposals = ties.proposals()
        sure = {self._now[n].action for n in members if not is_doubtful(self._now[n])}
        open_ = [n for n in members if is_doubtful(self._now[n])]
        if sure == {Action.REWRITE} and ties.fits and all(proposals.get(n) for n in open_):
            for n in open_:
                self._set(n, Action.REWRITE, ties, members, "rewritten in step", proposals[n])
        elif sure == {Action.KEEP}:
            for n in open_:
                self._set(n, Action.KEEP, ties, members, _FATE[Action.KEEP])
        elif Action.REWRITE in sure:
            self._ask(members, ties)
        self._group(self._together(members), ties)

    def follow(self, n: int, ties: LinkSet) -> None:
        """Settles one reference of a document: it takes the action of the reference that it
        describes."""
        own = self._now[n]
        leads = dict.fromkeys(tie.link.other for tie in ties.all)
        actions = {self._now[m].action for m in leads}
        proposal = ties.proposals().get(n)
        if is_doubtful(own):
            if actions == {Action.REWRITE} and proposal and ties.fits:
                self._set(n, Action.REWRITE, ties, leads, "rewritten in step", proposal)
            elif actions == {Action.KEEP}:
                self._set(n, Action.KEEP, ties, leads, _FATE[Action.KEEP])
        elif own.action is Action.REWRITE and actions != {Action.REWRITE}:
            stuck = [m for m in leads if self._now[m].action is not Action.REWRITE]
            fate = _FATE[self._now[stuck[0]].action]
            self._set(n, Action.REVIEW, ties, dict.fromkeys(stuck), fate)
        elif own.action is Action.REWRITE and not ties.fits:
            self._set(n, Action.REVIEW, ties, leads, _UNLIKE)
        alike = [m for m in leads if self._now[m].action is self._now[n].action]
        if alike and (name := self._now[alike[0]].group):
            self._now[n] = replace(self._now[n], group=name)
        elif alike:
            self._group([n, *(m for m in alike if not self._now[m].group)], ties)

    def _ask(self, members: Iterable[int], ties: LinkSet) -> None:
        """Marks all that can change for review: the reason names the reference that cannot follow,
        or would."""
        before = {n: self._now[n] for n in members}
        lost = {n for n in before if is_doubtful(before[n])}  # no replacement would fit
        moves = {n: None for n in before if before[n].action is Action.REWRITE}
        stuck = {n: None for n in before if n not in moves}
        for n in before:
            match before[n].action:
                case Action.REVIEW if n in lost:
                    self._set(n, Action.REVIEW, ties, moves, "no one spelling would fit")
                case Action.REVIEW:
                    continue
                case Action.KEEP:
                    self._set(n, Action.REVIEW, ties, moves, _FATE[Action.REWRITE])
                case Action.REWRITE if stuck:
                    partner = ties.partner(n, stuck)
                    fate = _FATE[before[partner].action]
                    self._set(n, Action.REVIEW, ties, {partner: None}, fate)
                case Action.REWRITE:
                    self._set(n, Action.REVIEW, ties, ties.broken(), _UNLIKE)

    def _set(
        self,
        n: int,
        action: Action,
        ties: LinkSet,
        partners: dict[int, None],
        fate: str,
        proposal: str | None = None,
    ) -> None:
        own = self._now[n]
        if is_decided(own):
            return
        partner = ties.partner(n, partners)
        replacement = None if action is Action.KEEP else own.replacement
        detail = f"{_place(self._now[partner])}, {ties.why(n, partner)}: {fate}"
        self._now[n] = replace(
            own,
            action=action,
            replacement=proposal or replacement,
            rule=Reason.GROUPED,
            detail=detail,
        )

    def _together(self, members: Iterable[int]) -> list[int]:
        """Those of one action: the rest was decided otherwise, or stays whatever becomes of it."""
        for action in (Action.REVIEW, Action.REWRITE, Action.KEEP):
            alike = [n for n in members if self._now[n].action is action]
            if len(alike) > 1:
                return alike
        return []

    def _group(self, members: Sequence[int], ties: LinkSet) -> None:
        """Gives the members their group, called after the first that depends on another."""
        among = set(members)
        inside = [tie for tie in ties.all if among.intersection(tie.ends)]
        if len(among) < 2:
            return
        kind = inside[0].kind.name
        head = self._now[next((t.link.place for t in inside if t.link.place in among), members[0])]
        name = f"{kind} of {_place(head)}"
        if name in self._reasons:
            name = f"{kind} of {_place(head, column=True)}"
        self._reasons[name] = "; ".join(dict.fromkeys(tie.kind.why for tie in inside))
        for n in members:
            self._now[n] = replace(self._now[n], group=name)


def _place(reference: Reference, column: bool = False) -> str:
    at = f":{reference.start.column}" if column else ""
    return f"{reference.path}:{reference.start.line}{at} '{reference.text}'"


def _order(references: Sequence[Reference], n: int) -> tuple[str, int, int, int]:
    reference = references[n]
    return reference.path, reference.span.start, reference.span.end, n
