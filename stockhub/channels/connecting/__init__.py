"""How an account reaches its platform."""
