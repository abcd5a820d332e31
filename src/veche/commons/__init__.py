"""What every civic act is built from."""
