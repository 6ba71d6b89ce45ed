"""What is known of the days ahead, and what it does to forecasts: events, adjustments, signals."""
