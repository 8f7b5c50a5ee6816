"""Who is this city? Links applications, preferences and cooperations to the registers."""
