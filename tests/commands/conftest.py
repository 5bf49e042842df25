"""Real temporary repositories, as the tests of `repository/` have them."""

from tests.repository.conftest import _own_git_settings, commit, git, plain, root

__all__ = ["_own_git_settings", "commit", "git", "plain", "root"]
