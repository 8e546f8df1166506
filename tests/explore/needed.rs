//! Take any rule out, and a promise is broken.

use crate::every::explore_all;
use wakeful_rules::cases::{
    ARRIVALS, ARRIVALS_OF_A_TASK, BRANCHES, CANCELLED, Case, DEADLINES, FAIRNESS, FOR_GOOD,
    FORGOTTEN, LATE, LIVE, SLOTS, SNOOZED,
};
use wakeful_rules::without::Without;

/// Without this, some schedule of these scenarios breaks a promise, in these words.
fn breaks(without: Without, cases: &[Case], words: &str) {
    match explore_all(cases, &FAIRNESS, Some(without)) {
        Ok(states) => panic!("without {without:?} all is well in {states} states"),
        Err(story) => assert!(story.contains(words), "{story}"),
    }
}

#[test]
fn rule_1_who_leaves_passes_its_call_on() {
    breaks(Without::PassingOn, CANCELLED, "are stuck");
}

#[test]
fn rule_1_who_answers_calls_the_next() {
    breaks(Without::CallingTheNext, SLOTS, "are stuck");
}

#[test]
fn rule_1_a_few_are_called_for_slots() {
    breaks(Without::Few, SLOTS, "more than a few were called");
}

#[test]
fn rule_2_who_is_called_in_vain_keeps_its_place() {
    breaks(
        Without::SleepingInPlace,
        LIVE,
        "cost the first waiter nothing",
    );
}

/// P1.
#[test]
fn rule_3_credit_is_bounded() {
    breaks(Without::Credit, LIVE, "more later arrivals acquired");
}

#[test]
fn rule_3_answers_in_vain_are_few() {
    breaks(Without::Halving, LIVE, "did not halve the credit");
}

/// P2.
#[test]
fn rule_4_a_task_passes_itself_over() {
    breaks(Without::OwnTask, SNOOZED, "are stuck");
}

/// P1, within one task.
#[test]
fn rule_4_not_at_once() {
    breaks(
        Without::SecondMeeting,
        BRANCHES,
        "though polled at every turn",
    );
}

/// P3.
#[test]
fn rule_4_who_may_probe_still_may() {
    breaks(Without::ProbingOn, ARRIVALS_OF_A_TASK, "are stuck");
}

/// P3.
#[test]
fn rule_5_an_arrival_probes() {
    breaks(Without::Probing, FORGOTTEN, "no way through");
}

/// P3.
#[test]
fn rule_5_who_probes_wakes_itself() {
    breaks(Without::WakingItself, FORGOTTEN, "no way through");
}

#[test]
fn rule_5_the_first_meeting_starts_the_clock() {
    breaks(Without::StartingTheClock, LIVE, "passed over though alive");
}

/// P3.
#[test]
fn rule_5_a_dropped_prober_has_an_heir() {
    breaks(Without::Heir, ARRIVALS, "are stuck");
}

/// P3.
#[test]
fn rule_5_a_wait_with_a_deadline_looks_again() {
    breaks(Without::Deadline, DEADLINES, "are stuck");
}

#[test]
fn rule_6_who_was_passed_over_comes_back() {
    breaks(Without::ComingBack, LIVE, "are stuck");
}

/// P1.
#[test]
fn rule_6_to_its_old_place() {
    breaks(Without::OldPlace, FOR_GOOD, "cost the first waiter nothing");
}

/// P1.
#[test]
fn rule_6_with_what_credit_was_left() {
    breaks(Without::CreditLeft, SNOOZED, "credit came back");
}

#[test]
fn rule_6_more_patient() {
    breaks(Without::Growth, LATE, "somebody slow was passed over");
}
