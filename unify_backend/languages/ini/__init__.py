"""INI files and settings in their manner."""

from unify_backend.languages.definition import Comparison, FileNames, Language, words
from unify_backend.model.references import Area

LANGUAGE = Language(
    name="ini",
    files=FileNames(
        names=words(
            ".coveragerc .pylintrc pylintrc .flake8 .editorconfig .isort.cfg"
            " .bumpversion.cfg .gitmodules .pypirc .gitconfig .npmrc pip.conf .importlinter"
            " .pep8 uwsgi.conf logging.conf mypy.conf .style.yapf .pydocstyle entry_points.txt"
        ),
        suffixes=words("ini cfg properties"),
    ),
    fences=words("ini cfg conf properties"),
    area=Area.CONFIG,
    comparison=Comparison.INI,
    references="ini.references:IniReferences",
    is_valid="data.values:valid_ini",
    merge_units="data.merge:ini_units",
    relative_paths="ini.relative_paths:ini_climbs",
    insert="ini.insert:insert_ini",
)
