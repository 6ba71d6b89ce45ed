"""Stock at any past moment."""
