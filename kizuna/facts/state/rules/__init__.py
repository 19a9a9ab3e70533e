"""What the unit tables hold and how they follow from the facts."""

from kizuna.facts.state.rules.families import FAMILIES as FAMILIES
from kizuna.facts.state.rules.families import Family as Family
from kizuna.facts.state.rules.families import family_sql as family_sql
from kizuna.facts.state.rules.steps import STEPS as STEPS
from kizuna.facts.state.rules.steps import VIEWS as VIEWS
from kizuna.facts.state.rules.touched import EVERYTHING as EVERYTHING
from kizuna.facts.state.rules.touched import NOTHING as NOTHING
from kizuna.facts.state.rules.touched import Touched as Touched
from kizuna.facts.state.rules.units import BUCKETS as BUCKETS
from kizuna.facts.state.rules.units import UNITS as UNITS
from kizuna.facts.state.rules.units import Unit as Unit
from kizuna.facts.state.rules.units import fingerprint as fingerprint
from kizuna.facts.state.rules.units import unit_sql as unit_sql
