//! What a step really did and what it did in the model, compared.

use super::Task;
use super::channel::{Answer, Handles, Item};
use super::items::take_dropped;
use super::pair::{Handle, LINE, Live, Mismatch, Pair};
use super::stored::SIDES;
use crate::model::tasks;
use crate::model::trace::queue;

impl Pair {
    pub(super) fn says_nothing(&mut self, step: impl Fn() -> String) -> Result<(), Mismatch> {
        self.compare(step, &Answer::done(), &Answer::done())
    }

    pub(super) fn compare(
        &mut self,
        step: impl Fn() -> String,
        real: &Answer,
        model: &Answer,
    ) -> Result<(), Mismatch> {
        let really = tasks::take_woken();
        let (woken, dropped) = self.model.end_of_step();
        let real = (real, sorted(really, place), sorted(take_dropped(), |&x| x));
        let model = (model, sorted(woken, place), sorted(dropped, |&x| x));
        self.trace.line(|| {
            let [pops, pushes] = SIDES.map(|side| {
                let (shelf, rules) = self.model.shelf(side);
                let (asleep, called) = (shelf.asleep(), shelf.called());
                format!(
                    "{} stored: asleep {asleep:?}, called {called:?}",
                    queue(rules)
                )
            });
            format!(
                "{}: {}; model: {:?} pops: {pops} pushes: {pushes}",
                step(),
                tell(&real),
                self.model.items(),
            )
        });
        if real != model {
            let (real, model) = (tell(&real), tell(&model));
            return Err(format!("{}: really {real}, by the model {model}", step()));
        }
        if let Some(what) = self.differs() {
            return Err(format!("{}: {what}", step()));
        }
        for task in real.1 {
            if !self.ready.contains(&task) {
                self.ready.push_back(task);
            }
            let mine = |live: &&mut Live| live.task == task && live.polled;
            self.live
                .iter_mut()
                .filter(mine)
                .for_each(|live| live.woken = true);
            self.receivers.iter_mut().for_each(|it| it.wakes(task));
            self.senders.iter_mut().for_each(|it| it.wakes(task));
        }
        self.model.assert_invariants();
        Ok(())
    }

    /// What the real one says of itself that is not so in the model.
    fn differs(&self) -> Option<String> {
        let model = &self.model;
        let by_model = (
            model.len(),
            model.capacity(),
            model.max,
            model.closed,
            model.handles,
        );
        macro_rules! says {
            ($handle:expr, $senders:ident, $weak_senders:ident) => {{
                let handle = $handle;
                let handles = Handles {
                    senders: handle.sender_count(),
                    receivers: handle.receiver_count(),
                    weak_senders: handle.$weak_senders(),
                    ..model.handles
                };
                assert_eq!(handle.is_empty(), handle.len() == 0);
                assert_eq!(handle.is_full(), handle.capacity() == 0);
                assert_eq!(handle.$senders(), handle.sender_count());
                (
                    handle.len(),
                    handle.capacity(),
                    handle.max_capacity(),
                    handle.is_closed(),
                    handles,
                )
            }};
        }
        let mut really = Vec::new();
        if let Some(Handle { real, .. }) = self.senders.first() {
            really.push(says!(real, strong_count, weak_count));
        }
        if let Some(Handle { real, .. }) = self.receivers.first() {
            let mut says = says!(real, sender_strong_count, sender_weak_count);
            says.4.weak_receivers = real.weak_count();
            really.push(says);
        }
        let weak = self
            .weak_senders
            .first()
            .map(|weak| (weak.strong_count(), weak.weak_count()));
        let handles = model.handles;
        if weak.is_some_and(|counts| counts != (handles.senders, handles.weak_senders)) {
            return Some(format!(
                "a weak sender counts {weak:?}, by the model {handles:?}"
            ));
        }
        let weak = self
            .weak_receivers
            .first()
            .map(|weak| (weak.strong_count(), weak.weak_count()));
        if weak.is_some_and(|counts| counts != (handles.receivers, handles.weak_receivers)) {
            return Some(format!(
                "a weak receiver counts {weak:?}, by the model {handles:?}"
            ));
        }
        let differs = really.into_iter().find(|says| *says != by_model)?;
        Some(format!("it says {differs:?}, by the model {by_model:?}"))
    }
}

/// Those of one line are woken in order.
fn place(task: &Task) -> Task {
    *task / LINE
}

fn sorted<T, K: Ord>(mut all: Vec<T>, by: impl Fn(&T) -> K) -> Vec<T> {
    all.sort_by_key(by);
    all
}

fn tell((answer, woken, dropped): &(&Answer, Vec<Task>, Vec<Item>)) -> String {
    let Answer {
        verdict,
        items,
        count,
    } = answer;
    format!("{verdict:?} {items:?} {count}, woke {woken:?}, dropped {dropped:?}")
}
