//! Near-net: the nearest lit neighbour of each provider.
