"""The mark of what a connector can do."""


class Capability:
    """Marks a class that a connector mixes in to declare one thing that it can do."""
