"""The ways to an account's platform."""
