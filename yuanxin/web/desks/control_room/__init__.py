"""Control room 监督调度: the board of open clocks, and deliveries that need a person."""
