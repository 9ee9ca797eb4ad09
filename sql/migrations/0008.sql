-- Version 8: each event has its place in the order of the commits, and hooks are told of it; commits are found for
-- patches.

