"""What holds in every world and every week, whatever the parameters: nobody is lost, and all that is a share is one."""

import numpy as np

SHARES = {
    "cells": ("governance", "share", "welcome", "deterrence"),
    "communities": ("allegiance", "fear"),
    "organisations": (
        "skill", "cohesion", "prestige", "discipline", "effort", "tied", "links", "intent", "legitimacy", "talks",
    ),
    "relations": ("hostility", "rest", "ceiling", "support", "accord", "passage"),
    "policies": ("investment", "repression", "access"),
}  # fmt: skip
"""What lies in [0, 1], by part of the state."""

SIGNED = ("attitude", "protector", "open", "fired", "rows", "refuge", "junta")
"""What may be below zero."""


def assert_conserved(world, start, state):
    """To the person: fighters by organisation, people, those who fled, and the books that say who became what."""
    books = type(state.ledger)(*(now - then for now, then in zip(state.ledger, start.ledger, strict=True)))
    came = fighters_of(world, start) + books.joined - books.killed - books.left
    np.testing.assert_array_equal(came, fighters_of(world, state))
    gone = books.civilians_killed + books.recruited - books.returned
    np.testing.assert_array_equal((start.communities.people - gone).sum(1), state.communities.people.sum(1))
    assert all((column >= 0).all() for column in books), "a book went down"
    np.testing.assert_array_equal(books.enlisted.sum(axis=1), by_region_and_group(world, books.recruited, books))
    assert (books.enlisted.sum(axis=(2, 3)) <= books.joined).all()
    assert (books.exchanged <= books.joined).all()
    assert (books.defected <= books.left).all()
    assert (books.defected.sum(axis=1) <= books.joined.sum(axis=1)).all()
    away = start.communities.displaced + books.fled - books.came_home  # fewer where some of them have died
    assert (state.communities.displaced <= away).all()


def assert_sound(world, state):
    """Nothing is negative, infinite or no number; shares are shares; what points at something points at it."""
    for part in state:
        for name, array in part._asdict().items():
            assert np.isfinite(array).all(), name
            assert name in SIGNED or (array >= 0).all(), name
    for part, names in SHARES.items():
        for name in names:
            assert getattr(getattr(state, part), name).max() <= 1.0 + 1e-6, name
    assert state.cells.deterrence.max() < 1.0
    for shares in (state.cells.share, state.communities.allegiance, state.cells.welcome):
        assert (shares.sum(axis=2) <= 1 + 1e-6).all()
    assert np.allclose(state.organisations.effort.sum(axis=2), 1.0)
    assert_places(world, state)


def assert_places(world, state):
    """Units are in cells, people follow organisations that exist, and those who fled live with other people."""
    communities, organisations = len(world.communities.key), len(world.organisations.key)
    mind = state.communities
    assert (state.units.cell >= 0).all()
    assert state.units.cell.max() < len(world.cells.gid)
    assert (mind.protector >= -1).all()
    assert mind.protector.max() < organisations
    assert (mind.refuge >= -1).all()
    assert mind.refuge.max() < communities
    assert (mind.refuge[mind.displaced > 0] >= 0).all()
    assert (mind.refuge != np.arange(communities)).all()
    assert (state.organisations.junta >= -1).all()
    assert np.isin(state.bases.open, (-1, 0, 1)).all()


def fighters_of(world, state):
    """Fighters by lane and organisation."""
    owners = np.eye(len(world.organisations.key), dtype=np.int64)[world.units.organisation]
    return state.units.fighters @ owners


def by_region_and_group(world, people, books):
    """A count by community as one by lane, region and group."""
    total = np.zeros_like(books.enlisted[:, 0])
    where = world.cells.region[world.communities.cell], world.communities.group
    np.add.at(total, (slice(None), *where), people)
    return total
