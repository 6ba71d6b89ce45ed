"""What is read from Amazon: a module a feed."""
