"""Charts as inline SVG: drawn on the server, without a script, in the colours of the page; what is in them is also in a table or a file."""
