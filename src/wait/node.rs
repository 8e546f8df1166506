//! A waiter: the node that lives in a pinned future or on the stack of a blocked thread.
//!
//! ```text
//!  Node, 72 bytes on 64 bits
//!  +--------------------------------------------------------+------+------+--------+-------+--------+
//!  | Queued: links, waker, ticket, call, met, since, marks  | from | need | credit | state | stage  |
//!  +--------------------------------------------------------+------+------+--------+-------+--------+
//!    written when it first waits                              when the future is made
//! ```
//!
//! Creating a future writes 16 bytes of its node: the rest stays uninitialised until it has to wait. Every
//! field is a [`Cell`], because several threads access a node through shared references. Invariants:
//!
//! - **N1.** A [`NodeRef`] points to a node that does not move and is not dropped while anybody may dereference
//!   it: the node is pinned, and its owner removes it from its list before the memory is reused. (A forgotten
//!   node stays valid forever: pinning guarantees that.)
//! - **N2.** Only the owner accesses `stage` and `again`. All other fields are accessed only with the latch of the
//!   primitive held, or before the owner first took that latch.
//! - **N3.** `queued` is initialised while the stage is `Waits`.
//! - **N4.** If there is a vtable, it and `data` are the parts of a waker that the node owns.

use std::cell::{Cell, UnsafeCell};
use std::marker::PhantomPinned;
use std::mem::{ManuallyDrop, MaybeUninit};
use std::ops::Deref;
use std::panic::{Location, RefUnwindSafe, UnwindSafe};
use std::ptr::{self, NonNull};
use std::task::{Poll, RawWakerVTable, Waker};

use crate::sync::Since;

/// The state of a waiter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(crate) enum State {
    /// Not queued (yet).
    New,
    /// Queued, to be woken by a call.
    Asleep,
    /// Queued and woken, not polled since: units may be kept for it.
    Called,
    /// Woken, not polled since, and passed over: out of the queue.
    Passed,
    /// Its load was taken: in the list of waiters to be woken for that.
    Served,
    /// Out of the queue for good.
    Done,
}

/// How far a wait has come, as its owner knows without the latch.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(super) enum Stage {
    /// Not polled yet.
    New,
    /// It may be in a queue, or have something to be told.
    Waits,
    /// It is over.
    Done,
    /// The same, and the future has given back what it held.
    Gone,
}

/// A node, known by its address: see invariant N1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct NodeRef(NonNull<Node>);

// SAFETY: an address, followed with a latch held only (N2). What is found there, links and the parts
// of a waker, may be used on any thread.
unsafe impl Send for NodeRef {}

// The node is consistent whenever the latch is not held.
impl UnwindSafe for NodeRef {}
impl RefUnwindSafe for NodeRef {}

impl NodeRef {
    /// # Safety
    ///
    /// Invariant N1.
    #[inline]
    pub(crate) unsafe fn new(node: NonNull<Node>) -> Self {
        Self(node)
    }

    /// A pointer to the struct whose first field the node is, if the caller knows its type.
    #[inline]
    pub(crate) fn as_ptr(self) -> *mut Node {
        self.0.as_ptr()
    }

    /// Whether it was queued before `other`. (Tickets wrap around: this is right for waiters that are fewer than
    /// 2^30 arrivals and calls apart.)
    pub(super) fn stands_ahead_of(self, other: Self) -> bool {
        let ticket = |node: Self| node.queued().ticket.get();
        (ticket(self).wrapping_sub(ticket(other)) as i32) < 0
    }
}

/// Only while the latch is held.
impl Deref for NodeRef {
    type Target = Node;

    #[inline]
    fn deref(&self) -> &Node {
        // SAFETY: N1; the node is not accessed through exclusive references (all its fields are cells).
        unsafe { self.0.as_ref() }
    }
}

#[repr(C)]
pub(crate) struct Node {
    queued: UnsafeCell<MaybeUninit<Queued>>,
    /// Where the future was created.
    from: &'static Location<'static>,
    need: u32,
    /// How many times later arrivals may still overtake it. (While the latch of a mutex is not held, its state
    /// word has this of the first waiter. A stored waiter has no credit, and remembers here which waiter it
    /// gave way to.)
    pub(crate) credit: Cell<u16>,
    pub(super) state: Cell<State>,
    stage: Cell<Stage>,
    _pinned: PhantomPinned,
}

/// The part of a node that only waiting needs.
pub(super) struct Queued {
    pub(super) next: Cell<Option<NodeRef>>,
    /// The previous node; of the first node, the last.
    pub(super) prev: Cell<Option<NodeRef>>,
    /// The waker, in parts (N4).
    data: Cell<*const ()>,
    vtable: Cell<Option<&'static RawWakerVTable>>,
    /// Identifies, with `data`, the waker that it was last polled with, even after that was taken.
    task: Cell<u32>,
    /// Its place in order of arrival, once it is queued.
    pub(super) ticket: Cell<u32>,
    /// The number of its latest call; of a stored waiter that sleeps, the latest change that it has seen.
    pub(super) call: Cell<u32>,
    /// The number of the call that it last found unanswered.
    pub(super) met: Cell<u32>,
    /// When its call was first found unanswered: valid if marked `CLOCKED`.
    pub(super) since: Cell<Since>,
    /// How often probing has passed it over.
    pub(super) passes: Cell<u8>,
    marks: Cell<u8>,
    /// Whether a blocked thread polls again without being woken. Only its owner uses it.
    again: Cell<bool>,
}

/// Flags of a waiter.
pub(super) mod mark {
    /// Its first poll found enough free, but kept: its second may make it the prober.
    pub(in super::super) const PROBED: u8 = 1;
    /// Asleep inside the front of its queue.
    pub(in super::super) const HOLE: u8 = 2;
    /// Its call was met unanswered: `since` is valid.
    pub(in super::super) const CLOCKED: u8 = 4;
    /// A blocked thread, which always answers.
    pub(in super::super) const BLOCKED: u8 = 8;
}

impl Node {
    #[inline]
    pub(crate) fn new(need: u32, from: &'static Location<'static>) -> Self {
        Self {
            queued: UnsafeCell::new(MaybeUninit::uninit()),
            from,
            need,
            credit: Cell::new(0),
            state: Cell::new(State::New),
            stage: Cell::new(Stage::New),
            _pinned: PhantomPinned,
        }
    }

    /// How many units it needs.
    #[inline]
    pub(crate) fn need(&self) -> u32 {
        self.need
    }

    #[inline]
    pub(crate) fn state(&self) -> State {
        self.state.get()
    }

    #[inline]
    pub(crate) fn from(&self) -> &'static Location<'static> {
        self.from
    }

    #[inline]
    pub(super) fn stage(&self) -> Stage {
        self.stage.get()
    }

    /// Whether it may be in a queue, or have to be told of something.
    #[inline]
    pub(crate) fn waits(&self) -> bool {
        self.stage() == Stage::Waits
    }

    /// Prepares it to wait as if for the first time. It is in no list and has no waker.
    #[inline]
    pub(crate) fn initialise(&self) {
        self.stage.set(Stage::Waits);
        self.state.set(State::New);
        // SAFETY: its owner has the node to itself.
        unsafe { (*self.queued.get()).write(Queued::EMPTY) };
    }

    /// Its wait is over.
    #[inline]
    pub(super) fn end(&self, stage: Stage) {
        self.stage.set(stage);
    }

    #[inline]
    pub(super) fn queued(&self) -> &Queued {
        // SAFETY: shared references only, but while it is initialised, when nobody else has the node.
        let queued = unsafe { &*self.queued.get() };
        // SAFETY: N3.
        unsafe { queued.assume_init_ref() }
    }

    #[inline]
    pub(super) fn has(&self, mark: u8) -> bool {
        self.queued().marks.get() & mark != 0
    }

    #[inline]
    pub(super) fn mark(&self, mark: u8, on: bool) {
        let marks = &self.queued().marks;
        marks.set(if on {
            marks.get() | mark
        } else {
            marks.get() & !mark
        });
    }

    /// It may wait again as if for the first time, but keeps its ticket, which identifies it if it probes.
    pub(super) fn start_again(&self) {
        debug_assert!(!self.is_armed());
        let queued = self.queued();
        queued.met.set(0);
        queued.passes.set(0);
        queued.marks.set(0);
        self.state.set(State::New);
    }

    /// It is pending, and must be polled again soon (rules 4 and 5): a thread does that by itself, a future is
    /// woken for it.
    #[cold]
    pub(super) fn poll_again<T>(&self, waker: &Waker, blocked: bool) -> Poll<T> {
        if blocked {
            self.queued().again.set(true);
        } else {
            waker.wake_by_ref();
        }
        Poll::Pending
    }

    /// Whether a blocked thread has to poll again without being woken. Asking resets that.
    pub(super) fn take_again(&self) -> bool {
        self.queued().again.take()
    }

    /// Whether it was last polled by the task of `waker`.
    #[inline]
    pub(super) fn is_of_task(&self, waker: &Waker) -> bool {
        let queued = self.queued();
        queued.data.get() == waker.data() && queued.task.get() == task_of(waker)
    }

    #[inline]
    pub(super) fn is_armed(&self) -> bool {
        self.queued().vtable.get().is_some()
    }

    /// Whether a call would wake the task of `waker`.
    #[inline]
    pub(super) fn would_wake(&self, waker: &Waker) -> bool {
        self.is_armed() && self.is_of_task(waker)
    }

    /// Stores `clone`, a clone of the waker it is `polled` with. It has none so far.
    #[inline]
    pub(super) fn arm(&self, clone: Waker, polled: &Waker) {
        debug_assert!(!self.is_armed());
        let clone = ManuallyDrop::new(clone);
        let queued = self.queued();
        queued.data.set(clone.data());
        queued.vtable.set(Some(clone.vtable()));
        queued.task.set(task_of(polled));
    }

    /// Records that it was polled with `polled`, without storing a waker.
    pub(super) fn is_polled_with(&self, polled: &Waker) {
        debug_assert!(!self.is_armed());
        self.queued().data.set(polled.data());
        self.queued().task.set(task_of(polled));
    }

    /// Takes its waker out; the task is still remembered.
    #[inline]
    pub(crate) fn disarm(&self) -> Option<Waker> {
        let queued = self.queued();
        let vtable = queued.vtable.take()?;
        // SAFETY: N4, and taking the vtable made this the only use of it.
        Some(unsafe { Waker::new(queued.data.get(), vtable) })
    }
}

impl Queued {
    #[expect(
        clippy::declare_interior_mutable_const,
        reason = "each use makes one of its own"
    )]
    const EMPTY: Self = Self {
        next: Cell::new(None),
        prev: Cell::new(None),
        data: Cell::new(ptr::null()),
        vtable: Cell::new(None),
        task: Cell::new(0),
        ticket: Cell::new(0),
        call: Cell::new(0),
        met: Cell::new(0),
        since: Cell::new(Since::NEVER),
        passes: Cell::new(0),
        marks: Cell::new(0),
        again: Cell::new(false),
    };
}

/// Distinguishes vtables: half of an address. (Two wakers with the same data pointer and different vtables that
/// agree in that half would count as one task. That can only cost one future its place in line for a moment.)
#[inline]
fn task_of(waker: &Waker) -> u32 {
    ptr::from_ref(waker.vtable()).addr() as u32
}
