"""New SKUs, forecast from the launches of SKUs like them."""
