"""Amazon's reports: asked for, waited for, fetched, checked against the last good one, and read row by row."""
