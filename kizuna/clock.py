"""The clock on the shop's wall: days, weeks and months of every figure are Japanese ones."""

from zoneinfo import ZoneInfo

JST = ZoneInfo("Asia/Tokyo")
