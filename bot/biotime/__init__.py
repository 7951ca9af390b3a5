"""Our client of the BioTimeCloud API."""
