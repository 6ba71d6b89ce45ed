"""A stateful stand-in for Amazon's Selling Partner API, for tests and the demo.

It keeps a seller's world (products, stock, orders, shipments, reports) and answers as Amazon's models say, with Amazon's quotas, and with
faults on demand. It shares no code with the connector, so that neither is judged by its own author alone; in the tests Amazon's models
judge both.
"""
