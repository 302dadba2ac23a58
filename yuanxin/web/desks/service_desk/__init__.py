"""Service desk 客服坐席: find the customer, see everything, take the fault with its promise, call back."""
