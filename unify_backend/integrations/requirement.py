"""The pip requirement that installs this tool elsewhere as it is installed here."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from unify_backend.model.errors import ConfigurationError

NAME = "unify-backend"


def known_requirement(version: str, direct_url: str | None) -> str | None:
    """The requirement of an installation: the release of that version; or, by the record that pip
    leaves of another origin (`direct_url.json`, PEP 610), a commit or an archive. None for a folder
    or file of this machine, which nobody else has, and for an address with a password."""
    if direct_url is None:
        return f"{NAME}=={version}"
    try:
        record = json.loads(direct_url)
        url, commit = record["url"], record.get("vcs_info", {}).get("commit_id")
        kind, folder = record.get("vcs_info", {}).get("vcs", ""), record.get("subdirectory")
        address = urlsplit(url)
    except (ValueError, KeyError, AttributeError, TypeError):
        return None
    if address.scheme == "file" or address.password is not None:
        return None
    end = f"#subdirectory={folder}" if folder else ""
    if commit and kind:
        return f"{NAME} @ {kind}+{url}@{commit}{end}"
    return f"{NAME} @ {url}{end}" if "archive_info" in record else None


def checked_requirement(requirement: str) -> str:
    """The requirement, checked. Raises ConfigurationError where it is empty or holds characters
    that a pipeline would interpret."""
    if (
        not requirement.strip()
        or not requirement.isprintable()
        or "${{" in requirement
        or requirement.startswith("-")
    ):
        raise ConfigurationError(
            f"--requirement {requirement!r} is nothing that pip installs",
            "a name with a version, an address or a path is meant",
            f"Give one, like --requirement {NAME}==1.2.",
        )
    return requirement
