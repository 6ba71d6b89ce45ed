"""What is changed on Amazon: one module a kind of change."""
