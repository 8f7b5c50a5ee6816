"""Two rounds of invented applications about real cities, and the seeded program that makes them."""
