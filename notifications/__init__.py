"""The post office: envelopes, deliveries and channels; it knows addresses, never tickets."""
