"""What goes in and out of the REST door."""
