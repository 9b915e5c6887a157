"""How good a ranker is: judged pairs, predictions, measures and their intervals."""
