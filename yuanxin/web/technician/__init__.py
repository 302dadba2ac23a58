"""Technician phone pages 装维手机: today, and one big button for the next step."""
