"""A YAML file's scalars by place, what stands beside each, and what the file is for."""

from __future__ import annotations

from collections.abc import Iterator

from unify_backend.languages.data.tree import Kind, Node, Part, Role
from unify_backend.languages.data.yaml_parser import parse_yaml
from unify_backend.languages.scripts.command_line import Word, split_commands
from unify_backend.languages.scripts.programs import find
from unify_backend.languages.yaml.settings import kind_of
from unify_backend.model.spans import Span

_LEADS = {"args": ("command", "entrypoint", "entry"), "command": ("entrypoint",)}


class YamlFile:
    """A file's scalars. Raises FormError where the text is no YAML."""

    def __init__(self, path: str, text: str) -> None:
        document = parse_yaml(text)
        self.text = text
        self.scalars = document.parts
        self._part_at = document.part_at
        self.kind = kind_of(path, {key for root in document.roots for key in root.mapping})
        shells = [
            self.read(scalar.node)
            for scalar in self.scalars
            if scalar.path[-3:] == ("defaults", "run", "shell") and scalar.role is Role.VALUE
        ]
        self._default_shell = shells[0] if shells else ""

    def read(self, node: Node | None) -> str:
        """A scalar as it is written, without quotes; "" for anything else."""
        if node is None or node.kind is not Kind.SCALAR:
            return ""
        return self.text[node.content.start : node.content.end]

    def at(self, hit: Span) -> Part | None:
        """The scalar that holds `hit`."""
        part = self._part_at(hit)
        return part if part and part.node.written.holds(hit) else None

    def sibling(self, scalar: Part, key: str) -> Node | None:
        """The scalar under another key of the mapping that `scalar` is a value in."""
        other = scalar.parent.get(key) if scalar.parent else None
        return other if other and other.kind is Kind.SCALAR else None

    def beside(self, scalar: Part, key: str) -> str:
        """The value of another key of the mapping that `scalar` is a value in, or ""."""
        return self.read(self.sibling(scalar, key))

    def shell(self, scalar: Part) -> str:
        """The shell that the file names for a `run:` block."""
        return (self.beside(scalar, "shell") or self._default_shell).split(" ")[0]

    def words(self, scalar: Part) -> Iterator[list[Word]]:
        """The command that contains a list item: the item alone, or with those in front of it."""
        holder, key = scalar.holder, scalar.path[-2]
        own = self._words(scalar.parent)
        leads = [self._words(holder.get(lead)) for lead in _LEADS.get(key, ()) if holder]
        if key in {"args", "arguments"} or "addopts" in key:
            own, leads = [Word("", 0), *own], [lead + own for lead in leads if lead]
            yield from leads
            if not any(find(lead[0].text) for lead in leads):
                yield own
            return
        yield own
        yield from (lead + own for lead in leads if lead)

    def _words(self, node: Node | None) -> list[Word]:
        if node is not None and node.kind is Kind.SEQUENCE:
            return [
                Word(self.read(item), item.content.start, item.style in {"'", '"'})
                for item in node.elements
                if item.kind is Kind.SCALAR
            ]
        return [Word(word.text, 0) for word in next(split_commands(self.read(node)), [])]
