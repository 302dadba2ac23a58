"""Pure rules of pay: the terms of a scheme, the calculation of an amount, the states of pay."""
