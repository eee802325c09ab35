"""SQL that visitors write, asked in a process of its own that can read three tables and nothing else."""
