"""What platforms push: verified over the raw bytes, stored reduced, acknowledged, and then worked on."""
