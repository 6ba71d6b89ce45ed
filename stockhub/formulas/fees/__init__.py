"""What platforms charge and what unfilled orders cost."""
