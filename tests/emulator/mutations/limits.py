"""Service protection and faults."""

from __future__ import annotations

from tests.emulator.mutations.model import Mutation

THROTTLING = (
    Mutation(
        "too many requests have their code",
        "limits/protection.py",
        'TOO_MANY = Kind("0x80072322", 429',
        'TOO_MANY = Kind("0x80072321", 429',
        ("test_limits.py::test_too_many_requests_are_refused_until_the_window_has_moved",),
    ),
    Mutation(
        "too much time is answered with 429",
        "limits/protection.py",
        'TOO_LONG = Kind("0x80072321", 429',
        'TOO_LONG = Kind("0x80072321", 503',
        ("test_limits.py::test_execution_time_is_limited",),
    ),
    Mutation(
        "too many at the same time have their code",
        "limits/protection.py",
        'TOO_WIDE = Kind("0x80072326", 429',
        'TOO_WIDE = Kind("0x80072322", 429',
        ("test_limits.py::test_requests_at_the_same_time_are_limited",),
    ),
    Mutation(
        "a refused client is told how long to wait",
        "limits/gate.py",
        'answer.headers["Retry-After"] = str(denied.retry_after)',
        "pass",
        ("test_limits.py::test_too_many_requests_are_refused_until_the_window_has_moved",),
    ),
    Mutation(
        "the window slides",
        "limits/protection.py",
        "while self.done and self.done[0][0] <= before:",
        "while self.done and self.done[0][0] <= 0:",
        ("test_limits.py::test_too_many_requests_are_refused_until_the_window_has_moved",),
    ),
    Mutation(
        "just as many requests as allowed are let in",
        "limits/protection.py",
        "if len(account.done) + account.running >= settings.throttle_requests:",
        "if len(account.done) + account.running > settings.throttle_requests:",
        ("test_limits.py::test_too_many_requests_are_refused_until_the_window_has_moved",),
    ),
    Mutation(
        "just as many at the same time as allowed are let in",
        "limits/protection.py",
        "if account.running >= settings.throttle_concurrency:",
        "if account.running > settings.throttle_concurrency:",
        ("test_limits.py::test_requests_at_the_same_time_are_limited",),
    ),
    Mutation(
        "pushing lengthens the wait",
        "limits/protection.py",
        "pushes = len(account.pushed) // _PUSHES_PER_SECOND",
        "pushes = 0",
        ("test_limits.py::test_pushing_makes_the_wait_longer",),
    ),
    Mutation(
        "what is left is told in a header",
        "limits/protection.py",
        'REMAINING_REQUESTS = "x-ms-ratelimit-burst-remaining-xrm-requests"',
        'REMAINING_REQUESTS = "x-ms-ratelimit-remaining"',
        ("test_limits.py::test_too_many_requests_are_refused_until_the_window_has_moved",),
    ),
    Mutation(
        "each user is counted alone",
        "limits/gate.py",
        "denied = self.protection.enter(user, settings)",
        'denied = self.protection.enter(user := "all", settings)',
        ("test_checklist.py::test_each_user_has_a_window_of_his_own",),
    ),
    Mutation(
        "WhoAmI hints at how much to send in parallel",
        "routes/functions.py",
        "return json_answer(body) if hint is None else",
        "return json_answer(body) if hint else",
        ("test_limits.py::test_parallelism_is_hinted_or_not",),
    ),
)
FAULTS = (
    Mutation(
        "unavailable is 503",
        "limits/faults.py",
        '"unavailable": (Kind("", 503',
        '"unavailable": (Kind("", 500',
        ("test_faults.py::test_a_rule_answers_with_its_code",),
    ),
    Mutation(
        "a connection is dropped after the commit",
        "limits/gate.py",
        'if rule is not None and rule.fault == "reset-after-commit":',
        "if rule is not None and not rule.fault:",
        ("test_faults.py::test_a_reset_after_commit_leaves_the_row",),
    ),
    Mutation(
        "a connection is dropped before the commit",
        "limits/gate.py",
        'if rule.fault == "reset-before-commit":',
        "if not rule.fault:",
        ("test_faults.py::test_a_reset_before_commit_leaves_nothing",),
    ),
    Mutation(
        "what timed out is carried out later",
        "limits/gate.py",
        "due = [request for moment, request in self._late if moment <= now]",
        "due: list[Request] = []",
        ("test_faults.py::test_a_late_commit_shows_its_row_later",),
    ),
    Mutation(
        "what timed out is not carried out at once",
        "limits/gate.py",
        "due = [request for moment, request in self._late if moment <= now]",
        "due = [request for _moment, request in self._late]",
        ("test_faults.py::test_a_late_commit_shows_its_row_later",),
    ),
    Mutation(
        "an answer can be slow",
        "limits/gate.py",
        'if rule.fault == "slow":',
        "if not rule.fault:",
        ("test_faults.py::test_an_answer_can_take_its_time",),
    ),
    Mutation(
        "an answer can be cut off",
        "limits/delivery.py",
        "raise break_off(scope)",
        "return",
        ("test_faults.py::test_an_answer_can_be_cut_off",),
    ),
    Mutation(
        "the nth request is hit alone",
        "limits/faults.py",
        "return seen == rule.count",
        "return seen >= rule.count",
        ("test_faults.py::test_rules_fire_when_they_say",),
    ),
    Mutation(
        "every nth request is hit",
        "limits/faults.py",
        "return seen % rule.count == 0",
        "return seen % rule.count == 1",
        ("test_faults.py::test_rules_fire_when_they_say",),
    ),
    Mutation(
        "a part of a batch is hit by its number",
        "limits/faults.py",
        "and (rule.number is None or rule.number == hit.number)",
        "",
        ("test_faults.py::test_one_part_of_a_batch_can_be_hit",),
    ),
    Mutation(
        "a refusal by a limit tells how long to wait",
        "limits/faults.py",
        "if waits and rule.retry_after is not None:",
        "if not waits and rule.retry_after is not None:",
        ("test_faults.py::test_retry_after_is_given_or_left_out",),
    ),
)
