"""What happens on the clock: one table, one runner. Ticks only - what is due is a column."""
