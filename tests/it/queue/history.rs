//! Histories of concurrent operations on a queue, and what they must be like: as if each had taken effect
//! at one moment between its call and its return, on a plain FIFO (linearizability).
//!
//! The search for such moments is that of Wing and Gong with Lowe's memory, in `todc-utils`: it has no
//! dependencies, and judges an operation together with its result, so that a result may be allowed without
//! being the only one. `lincheck` wants results that are functions of the state, runs each history in a
//! `loom` of its own, older than ours, and sets a panic hook.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use todc_utils::Action::{Call, Response};
use todc_utils::{History, Specification, WGLChecker};

pub(super) type Item = u8;

/// What somebody did, with what came of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Did {
    Push(Item),
    /// A push that needs no waiting found no slot.
    Full,
    /// A push or reserve found the queue closed.
    PushClosed,
    Pop(Item),
    /// A pop that needs no waiting found no item.
    Empty,
    /// A pop found the queue closed and drained.
    Over,
    /// With what was thrown out.
    Force(Item, Option<Item>),
    Drain(Vec<Item>),
    Len(usize),
    /// Whether it was this one that closed it.
    Close(bool),
    Reserve,
    Fill(Item),
    GiveBack,
    /// Something failed though it need not have: what is free may be kept for others who wait.
    Kept,
    /// The same of a pop that needs no waiting.
    KeptItem,
    /// The same while another thread pops, which may put its item back.
    InDoubt,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(super) struct State {
    items: VecDeque<Item>,
    reserved: usize,
    closed: bool,
}

/// A FIFO queue with room for `ROOM` items.
#[derive(Debug)]
pub(super) struct Fifo<const ROOM: usize>;

impl<const ROOM: usize> Specification for Fifo<ROOM> {
    type State = State;
    type Operation = Did;

    fn init() -> State {
        State::default()
    }

    fn apply(did: &Did, before: &State) -> (bool, State) {
        let mut state = before.clone();
        let may_be = state.apply(did, ROOM);
        (may_be, if may_be { state } else { before.clone() })
    }
}

impl State {
    fn apply(&mut self, did: &Did, room: usize) -> bool {
        let over = self.closed && self.reserved == 0 && self.items.is_empty();
        let free = room - self.items.len() - self.reserved;
        match did {
            Did::Push(item) | Did::Force(item, None) => {
                self.items.push_back(*item);
                !self.closed && free > 0
            }
            Did::Full => !self.closed && free == 0,
            Did::PushClosed => self.closed,
            Did::Pop(item) => self.items.pop_front() == Some(*item),
            Did::Empty => self.items.is_empty() && !over,
            Did::Over => over,
            Did::Force(item, Some(out)) => {
                self.items.push_back(*item);
                !self.closed && free == 0 && self.items.pop_front() == Some(*out)
            }
            Did::Drain(items) => self.items.drain(..).eq(items.iter().copied()),
            Did::Len(len) => self.items.len() == *len,
            Did::Close(first) => *first != std::mem::replace(&mut self.closed, true),
            Did::Reserve => {
                self.reserved += 1;
                !self.closed && free > 0
            }
            Did::Fill(item) => {
                self.items.push_back(*item);
                self.reserved -= 1;
                true
            }
            Did::GiveBack => {
                self.reserved -= 1;
                true
            }
            // Once closed nothing is kept.
            Did::Kept | Did::KeptItem => !self.closed,
            Did::InDoubt => !self.closed || self.items.is_empty(),
        }
    }
}

static CLOCK: AtomicUsize = AtomicUsize::new(0);

/// What one thread did, and when: numbers that grow.
#[derive(Clone, Debug)]
pub(super) struct Done {
    pub(super) thread: usize,
    pub(super) called: usize,
    pub(super) returned: usize,
    pub(super) did: Did,
}

impl Done {
    pub(super) fn by(thread: usize, act: impl FnOnce() -> Did) -> Self {
        let called = CLOCK.fetch_add(1, SeqCst);
        let did = act();
        let returned = CLOCK.fetch_add(1, SeqCst);
        Self {
            thread,
            called,
            returned,
            did,
        }
    }

    fn overlaps(&self, other: &Self) -> bool {
        self.called < other.returned && other.called < self.returned && self.thread != other.thread
    }
}

/// Whether any two overlap.
pub(super) fn is_concurrent(history: &[Done]) -> bool {
    history
        .iter()
        .any(|one| history.iter().any(|other| one.overlaps(other)))
}

/// Who finds nothing in a closed queue learns that it is drained, but while another thread pops an item.
pub(super) fn mark_doubts(history: &mut [Done]) {
    let pops = |done: &&Done| matches!(done.did, Did::Pop(_));
    let pops: Vec<Done> = history.iter().filter(pops).cloned().collect();
    for done in history {
        if done.did == Did::KeptItem && pops.iter().any(|pop| pop.overlaps(done)) {
            done.did = Did::InDoubt;
        }
    }
}

pub(super) fn is_linearizable<const ROOM: usize>(history: &[Done]) -> bool {
    let mut actions = Vec::new();
    for done in history {
        actions.push((done.called, done.thread, Call(done.did.clone())));
        actions.push((done.returned, done.thread, Response(done.did.clone())));
    }
    actions.sort_by_key(|(time, ..)| *time);
    let in_order = actions.into_iter();
    let in_order = in_order.map(|(_, thread, action)| (thread, action));
    WGLChecker::<Fifo<ROOM>>::is_linearizable(History::from_actions(in_order.collect()))
}

/// One after another, each by another thread.
fn one_by_one(all: &[Did]) -> Vec<Done> {
    let each = all.iter().cloned().enumerate();
    each.map(|(thread, did)| Done::by(thread, || did)).collect()
}

#[test]
fn what_is_no_fifo_is_told() {
    use Did::*;
    let cases: [&[Did]; 10] = [
        &[Push(1), Push(2), Pop(2)],
        &[Push(1), Empty],
        &[Push(1), Close(true), Over],
        &[Push(1), Pop(1), Pop(1)],
        &[Push(1), Full],
        &[Push(1), Push(2), Force(3, Some(2))],
        &[Reserve, Close(true), Over, Fill(1)],
        &[Close(true), Push(1)],
        &[Close(true), KeptItem],
        &[Push(1), Close(true), InDoubt],
    ];
    for case in cases {
        assert!(!is_linearizable::<2>(&one_by_one(case)), "{case:?}");
    }
}

#[test]
fn what_overlaps_may_be_in_either_order() {
    use Did::*;
    let mut history = one_by_one(&[Push(1), Push(2), Pop(2), Pop(1), Empty]);
    assert!(!is_linearizable::<2>(&history));
    history[0].returned = history[2].called + 1;
    history[2].called -= 1;
    for done in &mut history {
        (done.called, done.returned) = (done.called * 10, done.returned * 10);
    }
    history[0].returned += 5;
    assert!(is_concurrent(&history));
    assert!(is_linearizable::<2>(&history), "{history:?}");
}
