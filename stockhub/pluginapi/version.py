"""The version of this interface. Minor versions add; a major version may remove what was deprecated for a year."""

API_VERSION = "1.0"
