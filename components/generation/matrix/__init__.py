"""The any-to-any view: what each modality of a sample tells of each other one, as a matrix of pictures."""
