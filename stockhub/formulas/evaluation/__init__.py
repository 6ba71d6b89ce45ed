"""Was it right? Alerts against what happened, thresholds, replays of policies."""
