import subprocess
import sys
from pathlib import Path

from kizuna.stats import estimate


def test_no_screen_waits_for_scipy_or_numpy_before_it_needs_them() -> None:
    modules = [path.stem for path in Path(estimate.__file__).parent.glob("*.py") if path.stem != "__init__"]
    assert "sequential" in modules
    program = "import sys, " + ", ".join(f"kizuna.stats.{name}" for name in modules)
    program += "; print([m for m in ('scipy', 'numpy', 'django') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_scipy_stats_is_never_loaded() -> None:
    program = """
import sys
from kizuna.stats.estimate import Moments
from kizuna.stats.compare import difference_mean
from kizuna.stats.moments import count, mean, total
from kizuna.stats.planning import power_mean
from kizuna.stats.quantiles import median
m = Moments(n=4, sum_y=10, sum_yy=30)
mean(moments=m), total(moments=m), count(n=3), difference_mean(before=m, after=m), median(values=range(9))
power_mean(change=1.0, deviation=1.0)
print('scipy.stats' in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
