"""What every storey may use: clock, ids, actors, cryptography, the view log, base templates."""
