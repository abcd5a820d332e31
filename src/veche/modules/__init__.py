"""What people come for: one folder for each kind of civic act."""
