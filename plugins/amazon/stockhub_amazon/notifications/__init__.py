"""Amazon's notifications, which go to a queue or to EventBridge: a seller's own glue, or the receiver, brings them to the webhook."""
