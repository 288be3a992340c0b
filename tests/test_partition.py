"""Dividing an organisation into groups that may be shown."""

import json

import pytest
from hypothesis import given, settings

from flows.partition import Branch, Bucket, Partition, divide
from tests.organisations import partitions

# The municipality 1 has the services 2 and 3; the departments 21 and 22 are below 2, and 31 and 32 below 3.
PARENTS: dict[int, int | None] = {1: None, 2: 1, 3: 1, 21: 2, 22: 2, 31: 3, 32: 3}


def test_units_that_are_large_enough_are_buckets_of_their_own() -> None:
    partition = divide(PARENTS, 1, {21: 10, 22: 14, 31: 12, 32: 30})

    assert [bucket.units for bucket in partition.buckets] == [(21,), (22,), (31,), (32,)]
    assert partition.branches == (
        Branch(1, (21, 22, 31, 32), None),
        Branch(2, (21, 22), 1),
        Branch(3, (31, 32), 1),
    )


def test_a_unit_under_the_minimum_pools_with_its_smallest_sibling() -> None:
    partition = divide({1: None, 2: 1, 3: 1, 4: 1}, 1, {2: 9, 3: 40, 4: 12})

    assert partition.buckets == (Bucket(2, (2, 4), 21), Bucket(3, (3,), 40))


def test_small_units_pool_until_they_are_large_enough() -> None:
    partition = divide({1: None, 2: 1, 3: 1, 4: 1, 5: 1}, 1, {2: 3, 3: 4, 4: 5, 5: 20})

    assert partition.buckets == (Bucket(2, (2, 3, 4), 12), Bucket(5, (5,), 20))


def test_a_unit_whose_children_are_small_together_pools_as_one_further_up() -> None:
    partition = divide(PARENTS, 1, {21: 4, 22: 5, 31: 12, 32: 30})

    assert partition.buckets == (Bucket(21, (21, 22, 31), 21), Bucket(32, (32,), 30))


def test_the_leader_at_home_in_the_service_itself_counts_as_one_more_child_of_it() -> None:
    partition = divide(PARENTS, 1, {2: 1, 21: 10, 22: 14, 31: 12, 32: 30})

    assert partition.buckets[0] == Bucket(2, (2, 21), 11)
    assert partition.branches[1] == Branch(2, (2, 22), 1)


def test_the_few_above_a_branch_join_its_smallest_bucket_and_the_branch_keeps_its_parts() -> None:
    partition = divide(PARENTS, 1, {1: 2, 21: 10, 22: 14, 31: 12, 32: 30})

    assert partition.buckets[0] == Bucket(1, (1, 21), 12)
    scope = partition.scope_of(2)
    assert scope is not None
    assert (scope.id, scope.pooled, scope.invited) == ("unit:2", (1,), 26)


def test_a_reader_of_a_pooled_unit_sees_the_bucket_and_which_units_are_pooled_in_it() -> None:
    partition = divide({1: None, 2: 1, 3: 1, 4: 1}, 1, {2: 9, 3: 40, 4: 12})

    scope = partition.scope_of(4)

    assert scope is not None
    assert (scope.id, scope.units, scope.pooled, scope.invited) == ("bucket:2", (2, 4), (2,), 21)


def test_a_unit_in_which_all_are_left_alone_stands_in_the_bucket_of_a_sibling_where_it_must_not_show() -> None:
    units = {1: None, 2: 1, 3: 1, 4: 1}

    assert [one.units for one in divide(units, 1, {2: 12, 3: 40, 4: 0}).buckets] == [(2, 4), (3,)]
    assert [one.units for one in divide(units, 1, {2: 12, 3: 40}).buckets] == [(2,), (3,)]


def test_a_reader_of_a_unit_over_several_buckets_sees_its_branch() -> None:
    partition = divide(PARENTS, 1, {21: 10, 22: 14, 31: 12, 32: 30})

    scope = partition.scope_of(2)

    assert scope is not None
    assert (scope.id, scope.units, scope.pooled, scope.invited) == ("unit:2", (21, 22), (), 24)


def test_a_unit_with_nobody_invited_has_no_scope() -> None:
    partition = divide(PARENTS, 1, {21: 10, 22: 14, 31: 12})

    assert partition.scope_of(32) is None
    assert partition.scope_of(99) is None
    assert partition.bucket_of(32) is None


def test_units_one_above_the_other_with_the_same_people_share_the_scope_of_the_topmost() -> None:
    partition = divide({1: None, 2: 1, 3: 2, 4: 2}, 1, {3: 10, 4: 10})

    scopes = [partition.scope_of(unit) for unit in (1, 2)]

    assert [scope and scope.id for scope in scopes] == ["unit:1", "unit:1"]
    assert len(partition.branches) == 1


def test_people_are_counted_in_the_bucket_of_their_home_unit() -> None:
    partition = divide({1: None, 2: 1, 3: 1}, 1, {1: 1, 2: 9, 3: 12})

    assert [partition.bucket_of(home) for home in (1, 2, 3)] == [1, 1, 3]


def test_an_organisation_under_the_minimum_is_too_small() -> None:
    assert divide(PARENTS, 1, {21: 4, 31: 5}).is_too_small
    assert divide(PARENTS, 1, {}).is_too_small
    assert not divide(PARENTS, 1, {21: 4, 31: 6}).is_too_small


def test_a_higher_minimum_gives_larger_buckets() -> None:
    partition = divide(PARENTS, 1, {21: 10, 22: 14, 31: 12, 32: 30}, minimum=20)

    assert [bucket.units for bucket in partition.buckets] == [(21, 22), (31, 32)]


def test_a_run_of_one_branch_knows_nothing_of_the_units_beside_it() -> None:
    partition = divide(PARENTS, 2, {21: 10, 22: 14})

    assert partition.parents == ((2, None), (21, 2), (22, 2))
    assert partition.scope_of(3) is None


def test_people_outside_the_tree_of_the_run_are_refused_by_unit() -> None:
    with pytest.raises(ValueError, match=r"units \[31\], which are not below the run's unit 2"):
        divide(PARENTS, 2, {21: 10, 31: 4})


def test_the_scopes_within_a_branch_are_itself_and_all_below() -> None:
    partition = divide(PARENTS, 1, {21: 10, 22: 14, 31: 12, 32: 30})

    assert set(partition.within("unit:2")) == {"unit:2", "bucket:21", "bucket:22"}


@given(partitions())
@settings(max_examples=60, deadline=None)
def test_every_organisation_is_divided_into_whole_homes_of_ten_or_more(partition: Partition) -> None:
    homes = [home for bucket in partition.buckets for home in bucket.units]

    assert len(homes) == len(set(homes))
    assert all(bucket.invited >= 10 and bucket.id == min(bucket.units) for bucket in partition.buckets)
    for scope, buckets in partition.scopes.items():
        for other, others in partition.scopes.items():
            assert scope == other or (buckets != others and (buckets & others in (buckets, others, frozenset())))


@given(partitions())
@settings(max_examples=60, deadline=None)
def test_every_unit_with_people_has_a_scope_that_holds_them_all(partition: Partition) -> None:
    for unit, _ in partition.parents:
        scope = partition.scope_of(unit)
        below = [home for home, _ in partition.parents if unit in _up(partition, home)]
        people = [home for home in below if partition.bucket_of(home) is not None]
        assert (scope is None) == (not people)
        if scope is not None:
            assert set(people) | set(scope.pooled) == set(scope.units)
            assert scope.invited == partition.invited(partition.scopes[scope.id]) >= 10


@given(partitions())
@settings(max_examples=30, deadline=None)
def test_a_frozen_partition_comes_back_equal(partition: Partition) -> None:
    assert Partition.from_json(json.loads(json.dumps(partition.to_json()))) == partition


def _up(partition: Partition, unit: int | None) -> set[int]:
    """The unit and all above it."""
    above = dict(partition.parents)
    found = set()
    while unit is not None:
        found.add(unit)
        unit = above[unit]
    return found
