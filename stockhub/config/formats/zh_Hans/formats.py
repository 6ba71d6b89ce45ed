"""Numbers in Chinese: thousands are set apart, as on every invoice; Django's own format sets nothing apart."""

THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
