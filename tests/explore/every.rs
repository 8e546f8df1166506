//! Every scenario in every setting: however often others may overtake, whatever the patience, whether
//! permits or slots are waited for, and in whichever order tasks run.

use std::rc::Rc;

use wakeful_rules::cases::{
    ARRIVALS, ARRIVALS_OF_A_TASK, BRANCHES, CANCELLED, Case, DEADLINES, FAIRNESS, FOR_GOOD,
    FORGOTTEN, FORGOTTEN_BETWEEN, LATE, LIVE, RESIZED, SLOTS, SLOTS_TO_SPARE, SNOOZED,
};
use wakeful_rules::search::explore;
use wakeful_rules::without::Without;
use wakeful_rules::world::{Scenario, Setting};

/// How many states there are. `Err` tells of a promise that is broken.
pub(crate) fn explore_all(
    cases: &[Case],
    fairness: &[(u32, u32)],
    without: Option<Without>,
) -> Result<usize, String> {
    let mut states = 0;
    for setting in settings(fairness, without) {
        for case in cases {
            if (case.promise.given)(&setting) {
                let scenario = Rc::new(Scenario::new(setting, case.permits, case.tasks));
                let explored = explore(&scenario, case.promise);
                states += explored.map_err(|story| format!("{}: {story}", case.about))?;
            }
        }
    }
    Ok(states)
}

fn settings(fairness: &[(u32, u32)], without: Option<Without>) -> impl Iterator<Item = Setting> {
    let kinds = [(false, false), (false, true), (true, false), (true, true)];
    fairness.iter().flat_map(move |&(overtakes, patience)| {
        kinds.map(|(slots, fifo)| Setting {
            overtakes,
            patience,
            slots,
            fifo,
            without,
        })
    })
}

fn none_breaks_a_promise(cases: &[Case], fairness: &[(u32, u32)]) {
    match explore_all(cases, fairness, None) {
        Ok(states) => println!("{states} states"),
        Err(story) => panic!("{story}"),
    }
}

/// No schedule of these scenarios breaks a promise.
macro_rules! promised {
    ($($(#[$doc:meta])* $name:ident: $cases:ident;)+) => {$(
        $(#[$doc])*
        #[test]
        fn $name() {
            none_breaks_a_promise($cases, &FAIRNESS);
        }
    )+};
}

promised! {
    all_who_are_alive_get_in: LIVE;
    what_is_taken_for_good_goes_round: FOR_GOOD;
    /// P2.
    no_task_holds_itself_up: SNOOZED;
    who_is_cancelled_holds_nobody_up: CANCELLED;
    a_semaphore_may_be_resized_meanwhile: RESIZED;
    slots_call_a_few_at_a_time: SLOTS;
    /// P3, of slots.
    a_few_dead_calls_hold_nobody_up_while_there_are_slots_to_spare: SLOTS_TO_SPARE;
    /// P3.
    newcomers_get_past_whoever_is_never_polled_again: FORGOTTEN;
    /// P3.
    newcomers_get_everybody_going: FORGOTTEN_BETWEEN;
    /// P3.
    arrivals_get_past_a_dead_call_on_their_own: ARRIVALS;
    /// P3.
    an_arrival_gets_past_one_of_its_own_task_and_a_dead_call: ARRIVALS_OF_A_TASK;
    who_has_a_deadline_gets_past_a_dead_call: DEADLINES;
    who_is_slow_is_soon_waited_for: LATE;
}

/// P1, within one task.
#[test]
fn branches_of_one_task_get_their_turns() {
    none_breaks_a_promise(BRANCHES, &FAIRNESS);
    none_breaks_a_promise(BRANCHES, &[(1024, 2)]);
}
