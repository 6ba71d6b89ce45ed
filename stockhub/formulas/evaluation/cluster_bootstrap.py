"""How sure a metric of alerts is: confidence intervals by resampling SKUs (science.md 10.3)."""
