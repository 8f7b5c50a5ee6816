"""When: the Prefect flows, the command line and the settings. Nothing imports this package."""
