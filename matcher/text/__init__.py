"""Chinese text: cleaning, sentences, words, terms and numbers."""
