"""The only writers of the city's areas."""
