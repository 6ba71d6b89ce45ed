"""The built-in demand calendars, as ordinary providers."""
