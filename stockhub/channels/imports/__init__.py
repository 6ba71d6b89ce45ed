"""Imports of files, callable by every door: a command, an upload, the demo shop."""
