"""Units that have fighters are listed by cell; presence is their sum, and so is what each would face."""


def muster(scene):
    units, cells, quality = scene.state.units, scene.state.cells, scene.world.organisations.quality
    here = {c: [u for u in scene.units if units.cell[u] == c and units.fighters[u] > 0] for c in scene.cells}
    cells.presence[:] = 0.0
    cells.enemies[:] = 0.0
    listed = []
    for c, present in here.items():
        cells.first[c] = len(listed)
        listed += present
        for u in present:
            cells.presence[c, scene.world.units.organisation[u]] += int(units.fighters[u])
    cells.first[len(here)] = len(listed)
    cells.member[: len(listed)] = listed
    for c in scene.cells:
        for e in scene.organisations:
            cells.enemies[c, e] = sum(
                scene.hostility(o, e, c) * cells.presence[c, o] * quality[o] for o in scene.organisations
            )
