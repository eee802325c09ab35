"""A selection taken along: as files, and as code. Whatever leaves here carries licence and credit."""
