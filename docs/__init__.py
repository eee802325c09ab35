"""Pages for users, by task, and the script that takes their pictures."""
