"""A generation as it happens: started, followed and cancelled from the browser."""
