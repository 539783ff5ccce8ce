"""Pages and REST API: what people see and programs call, over the same workflow functions."""
