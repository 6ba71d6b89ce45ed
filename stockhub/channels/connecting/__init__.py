"""What lies between an account and its platform: authorisation, limits, the way out, and what a connector is given."""
