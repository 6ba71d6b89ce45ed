"""Parameters of rules: by scope, with dates, and where each effective value comes from (ADR 0020)."""
