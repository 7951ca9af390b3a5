"""BioTimeCloud's JSON, both ways: one module per chapter of the manual.

Members, their order and their JSON types are the manual's when a model is dumped (`model_dump_json()`); reading is
tolerant: unknown members are ignored, numbers are taken where text is expected. Times stay as they
are on the wire; `times` converts them, and nothing else in the house does.
"""
