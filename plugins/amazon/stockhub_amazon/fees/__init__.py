"""What Amazon charges, by site: dated tables and the reader that makes rates of them."""
