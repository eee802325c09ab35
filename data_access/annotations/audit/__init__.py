"""A quality audit of the annotations: all answers of many patches checked against their reference maps, once."""
