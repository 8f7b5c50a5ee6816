"""That the product installs and runs on every supported Python: lock file, `make setup`, each interpreter."""
