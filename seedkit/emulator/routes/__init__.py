"""From an address to an answer: rows, what lies behind them, messages, batches."""
