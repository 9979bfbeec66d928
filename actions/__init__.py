"""Custom actions, thin over the package bondgenoot; one file per journey."""
