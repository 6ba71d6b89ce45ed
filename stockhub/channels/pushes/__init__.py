"""What is changed on a platform: rules for the stock that listings show, pushes with their approval, and the daily difference."""
