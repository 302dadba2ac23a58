"""Parts that pages share: the frame, lists, countdowns, words for codes and errors, forms."""
