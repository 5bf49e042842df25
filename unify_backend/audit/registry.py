"""Every rule of `audit`: one line each."""

from __future__ import annotations

from collections.abc import Mapping

from unify_backend.audit.rule import AuditRule
from unify_backend.audit.rules import (
    adhoc_engine,
    archived_import,
    built_collaborator,
    directory_scan,
    docker_ignore,
    export_list,
    import_registration,
    logging_facade,
    manifest_import,
    missing_import,
    notebook_in_package,
    own_package_import,
    reserved_name,
    shared_domain_type,
    subsystem_import,
    undefined_name,
    unreadable_module,
    unresolved_annotation,
)

RULES: Mapping[str, AuditRule] = {
    "adhoc-engine": adhoc_engine.RULE,
    "archived-import": archived_import.RULE,
    "built-collaborator": built_collaborator.RULE,
    "directory-scan": directory_scan.RULE,
    "docker-ignore": docker_ignore.RULE,
    "export-list": export_list.RULE,
    "import-registration": import_registration.RULE,
    "logging-facade": logging_facade.RULE,
    "manifest-import": manifest_import.RULE,
    "missing-import": missing_import.RULE,
    "notebook-in-package": notebook_in_package.RULE,
    "own-package-import": own_package_import.RULE,
    "reserved-name": reserved_name.RULE,
    "shared-domain-type": shared_domain_type.RULE,
    "subsystem-import": subsystem_import.RULE,
    "undefined-name": undefined_name.RULE,
    "unreadable-module": unreadable_module.RULE,
    "unresolved-annotation": unresolved_annotation.RULE,
}
