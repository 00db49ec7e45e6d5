"""Measurements that can be repeated: each prints one JSON object as its last line."""
