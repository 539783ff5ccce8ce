"""Mail that comes back: reports of failed delivery, and answers to what was sent."""
