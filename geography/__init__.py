"""Where things are: the city's boundary, districts, and the way from a point to a district."""
