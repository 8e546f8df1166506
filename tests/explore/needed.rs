//! Take any rule out, and a promise is broken.

use wakeful_rules::cases::{
    ARRIVALS, ARRIVALS_OF_A_TASK, BRANCHES, CANCELLED, Case, DEADLINES, FAIRNESS, FOR_GOOD,
    FORGOTTEN, LATE, LIVE, SLOTS, SNOOZED,
};
use wakeful_rules::without::Without;

use crate::every::explore_all;

fn breaks(without: Without, cases: &[Case], words: &str) {
    match explore_all(cases, &FAIRNESS, Some(without)) {
        Ok(states) => panic!("without {without:?} all is well in {states} states"),
        Err(story) => assert!(story.contains(words), "{story}"),
    }
}

/// Without this, some schedule of these scenarios breaks a promise, in these words.
macro_rules! needed {
    ($($(#[$doc:meta])* $name:ident: $without:ident, $cases:ident, $words:literal;)+) => {$(
        $(#[$doc])*
        #[test]
        fn $name() {
            breaks(Without::$without, $cases, $words);
        }
    )+};
}

needed! {
    rule_1_who_leaves_passes_its_call_on: PassingOn, CANCELLED, "are stuck";
    rule_1_who_answers_calls_the_next: CallingTheNext, SLOTS, "are stuck";
    rule_1_a_few_are_called_for_slots: Few, SLOTS, "more than a few were called";
    rule_2_who_is_called_in_vain_keeps_its_place: SleepingInPlace, LIVE, "cost the first waiter nothing";
    /// P1.
    rule_3_credit_is_bounded: Credit, LIVE, "more later arrivals acquired";
    rule_3_answers_in_vain_are_few: Halving, LIVE, "did not halve the credit";
    /// P2.
    rule_4_a_task_passes_itself_over: OwnTask, SNOOZED, "are stuck";
    /// P1, within one task.
    rule_4_not_at_once: SecondMeeting, BRANCHES, "though polled at every turn";
    /// P3.
    rule_4_who_may_probe_still_may: ProbingOn, ARRIVALS_OF_A_TASK, "are stuck";
    /// P3.
    rule_5_an_arrival_probes: Probing, FORGOTTEN, "no way through";
    /// P3.
    rule_5_who_probes_wakes_itself: WakingItself, FORGOTTEN, "no way through";
    rule_5_the_first_meeting_starts_the_clock: StartingTheClock, LIVE, "passed over though alive";
    /// P3.
    rule_5_a_dropped_prober_has_an_heir: Heir, ARRIVALS, "are stuck";
    /// P3.
    rule_5_a_wait_with_a_deadline_looks_again: Deadline, DEADLINES, "are stuck";
    rule_6_who_was_passed_over_comes_back: ComingBack, LIVE, "are stuck";
    /// P1.
    rule_6_to_its_old_place: OldPlace, FOR_GOOD, "cost the first waiter nothing";
    /// P1.
    rule_6_with_what_credit_was_left: CreditLeft, SNOOZED, "credit came back";
    rule_6_more_patient: Growth, LATE, "somebody slow was passed over";
}
