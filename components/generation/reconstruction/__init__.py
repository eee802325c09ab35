"""What a tokenizer keeps of each modality: real, tokens, reconstruction, difference."""
