"""What everything stands on: types, exact decimals, names, dates, problems. Knows no methodology."""
