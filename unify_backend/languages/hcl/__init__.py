"""HCL: Terraform, Packer, Nomad and other tools of that syntax."""

from unify_backend.languages.definition import FileNames, Language, words
from unify_backend.model.references import Area

LANGUAGE = Language(
    name="hcl",
    files=FileNames(suffixes=words("tf tfvars hcl nomad tofu")),
    fences=words("hcl terraform tf nomad tofu"),
    area=Area.CONFIG,
    references="hcl.references:HclReferences",
)
