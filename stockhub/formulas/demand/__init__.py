"""What customers asked for: signals cleaned, censoring corrected, patterns classified."""
