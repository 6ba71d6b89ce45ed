"""Stock on its way between our own warehouses, and what documents turn out to lack."""
