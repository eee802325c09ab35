"""How well a result fits the truth: a table of errors, a confusion matrix, generated places on a map."""
