"""One use case a module. Each change is one transaction with its audit, messages and durable job."""
