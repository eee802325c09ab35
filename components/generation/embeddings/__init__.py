"""What the backbone sees: patch embeddings as pictures that can be asked how alike two patches are."""
