"""Protocol Buffers, Thrift, FlatBuffers and Cap'n Proto."""

from unify_backend.languages.definition import FileNames, Language, words

LANGUAGE = Language(
    name="protobuf",
    files=FileNames(suffixes=words("proto thrift fbs capnp avdl")),
    fences=words("proto protobuf proto3 thrift"),
    references="protobuf.references:ProtobufReferences",
)
