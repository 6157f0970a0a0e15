"""Letters once they are drafted: for a mailer, on a page, on paper, side by side. Nothing is sent."""
