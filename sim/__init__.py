"""The world, its state, chance, and the processes that resolve a week. Knows no particular agent."""

from sim.compilation import use_cache

use_cache()
