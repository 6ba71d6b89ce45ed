"""One decision step without the database: what a warning cycle would say of stock and sales that a folder holds.

The judge of warnings writes such a folder for every week that it simulates; see docs/how-to/judge-the-warnings.md.
"""
