"""The demo's city: Chancheng 禅城 of Foshan with invented people, estates and grids, stored through the bulk doors."""
