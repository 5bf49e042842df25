"""Ruby and other languages whose comments begin with a hash: Perl, R, Julia, Elixir."""

from unify_backend.languages.definition import FileNames, Language, words

LANGUAGE = Language(
    name="ruby",
    files=FileNames(
        names=words("gemfile rakefile vagrantfile fastfile podfile brewfile .rprofile"),
        suffixes=words("rb erb rake gemspec pl pm r jl ex exs nim cr tcl awk gd raku"),
        first_lines=(r"#!.*\b(?:ruby|perl|Rscript|julia|awk|tclsh|elixir)\b",),
    ),
    fences=words("ruby rb perl r julia jl elixir nim crystal tcl"),
    references="ruby.references:RubyReferences",
)
