"""Lisps, assemblers and other languages whose comments begin with a semicolon."""

from unify_backend.languages.definition import FileNames, Language, words

LANGUAGE = Language(
    name="lisp",
    files=FileNames(suffixes=words("el lisp lsp clj cljs cljc edn scm ss rkt fnl asm ahk nsi iss")),
    fences=words("lisp elisp emacs-lisp clojure clj scheme racket"),
    references="lisp.references:LispReferences",
)
