"""Lua and other languages whose comments begin with two hyphens: Haskell, Elm, Ada."""

from unify_backend.languages.definition import FileNames, Language, words

LANGUAGE = Language(
    name="lua",
    files=FileNames(suffixes=words("lua hs lhs elm adb ads vhd vhdl luau applescript")),
    fences=words("lua haskell hs elm ada"),
    references="lua.references:LuaReferences",
)
