"""TerraMind: what it needs, the worker process in which it runs, jobs, results and how well they fit.

Only `engine/`, `demo_model/` and `worker.py` load torch, and only the worker's process loads them: the app runs,
without Generate, where torch is not installed.
"""
