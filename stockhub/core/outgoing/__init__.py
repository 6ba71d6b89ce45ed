"""Every request that leaves StockHub for an address which somebody has typed in goes through here. Free of Django: runners use it, too."""
