"""Rules of the rulebook (标准规则): reading, resolving, counting time, proving "only stricter". All of it pure."""
