"""The only writers. Each action checks permission, locks, moves, records and announces in one transaction.

Locks are taken in one order: tickets by ascending id, then concerns.
"""
