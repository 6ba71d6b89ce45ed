"""Campaigns and live-streams: what they need, and how to slow them down."""
