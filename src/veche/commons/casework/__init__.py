"""The work an office owes: a workflow, its steps and its clocks."""
