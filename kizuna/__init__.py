"""Kizuna (絆): which way of serving customers works, for us?"""
