"""C and the languages whose comments and strings are written like its: Rust, Go, Java, Kotlin."""

from unify_backend.languages.definition import FileNames, Language, words

LANGUAGE = Language(
    name="c",
    files=FileNames(
        suffixes=words(
            "c h cc cpp cxx c++ hh hpp hxx ipp tpp inl cu cuh m mm ino rs go java kt kts scala sc"
            " cs swift zig d vala glsl wgsl hlsl metal"
        )
    ),
    fences=words(
        "c h cpp c++ cxx cuda objc objective-c rust rs go golang java kotlin scala csharp c#"
        " swift zig"
    ),
    references="c.references:CReferences",
)
