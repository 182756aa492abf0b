"""Load and scale measurements: `make bench SIZE=10000`. Nothing of the product imports this package."""
