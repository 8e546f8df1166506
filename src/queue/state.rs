//! What the short lock of a queue guards: here storage and waiting meet.
//!
//! Two crowds wait, each for a resource of its own, by the six rules: pops for items, pushes and
//! reserves for slots. Whatever changes what is free is followed by calls, in the same critical
//! section, until [`State::has_to_call`] says that nobody is to be called any more.
//!
//! An item goes from a running push into the storage, and from there to a running pop: never into a
//! pop that waits, and never out of a push that waits, but where there is no storage (capacity 0). There
//! a waiting push is an *offer*, which the pop that is being polled takes out of it.

mod calls;
mod contents;
mod offers;

use super::giving::{Giving, Load, Shut};
use super::storage::Fifo;
use crate::fairness::Fairness;
use crate::sync::for_models;
use crate::wait::crowd::{Crowd, Need, Price, Stand};
use crate::wait::line::Queued;
use crate::wait::{Inside, Line, Node};

/// The bound of a queue that has none.
pub(super) const UNBOUNDED: usize = usize::MAX;

/// What the short lock carries: somebody sleeps.
const CARES: u8 = 1;
/// Besides, a push is going to sleep, most likely.
pub(super) const SEEMS_FULL: u8 = 2;
/// Besides, a pop is going to sleep, most likely.
pub(super) const SEEMS_EMPTY: u8 = 4;
/// Besides, there is no slot, not even for a push that was called.
pub(super) const NO_SLOT: u8 = 8;
/// Besides, there is no item, not even for a pop that was called.
pub(super) const NO_ITEM: u8 = 16;

/// How many handles there are.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Handles {
    pub(super) senders: usize,
    pub(super) receivers: usize,
    pub(super) weak_senders: usize,
    pub(super) weak_receivers: usize,
}

// What a push and a pop look at most often comes first: with the short lock, it fills a cache line.
#[repr(C)]
pub(crate) struct State<T> {
    /// How many items leave what is free to those called: fewer may be pushed to.
    ceiling: usize,
    /// How many items are kept for those called: more may be popped from.
    floor: usize,
    items: Fifo<T>,
    max: usize,
    /// Slots that permits hold.
    reserved: usize,
    /// Of those that wait to push, where there is no storage.
    offers: usize,
    /// How many waiting pops are still to be woken because it was closed.
    flush: usize,
    closed: bool,
    /// Nobody will ever receive.
    deserted: bool,
    /// How often items have come, for stored pops.
    news_of_items: u32,
    /// How often slots have come, for stored pushes.
    news_of_slots: u32,
    pub(super) pops: Crowd<Need>,
    pub(super) pushes: Crowd<Giving<T>>,
    /// Stored pops, each asleep.
    pub(super) streams: Line<Need>,
    /// Stored pushes, each asleep.
    pub(super) sinks: Line<Giving<T>>,
    /// Offers that were taken, until they are woken.
    taken: Line<Giving<T>>,
    /// Those who wait for it to be closed.
    pub(super) closings: Line<()>,
    pub(super) handles: Handles,
}

impl<T> State<T> {
    pub(super) const fn new(max: usize, fairness: Fairness) -> Self {
        Self {
            items: Fifo::new(max),
            max,
            reserved: 0,
            ceiling: max,
            floor: 0,
            offers: 0,
            flush: 0,
            closed: false,
            deserted: false,
            news_of_items: 0,
            news_of_slots: 0,
            pops: Crowd::new(fairness),
            pushes: Crowd::new(fairness),
            streams: Line::new(fairness),
            sinks: Line::new(fairness),
            taken: Line::new(fairness),
            closings: Line::new(fairness),
            handles: Handles {
                senders: 0,
                receivers: 0,
                weak_senders: 0,
                weak_receivers: 0,
            },
        }
    }

    pub(super) const fn set_fairness(&mut self, fairness: Fairness) {
        self.pops.line.set_fairness(fairness);
        self.pushes.line.set_fairness(fairness);
    }

    // What there is.

    pub(super) fn max(&self) -> usize {
        self.max
    }

    #[inline]
    pub(super) fn is_rendezvous(&self) -> bool {
        self.max == 0
    }

    #[inline]
    pub(super) fn is_closed(&self) -> bool {
        self.closed
    }

    pub(super) fn len(&self) -> usize {
        if self.is_rendezvous() {
            0
        } else {
            self.items.len()
        }
    }

    /// Items that a pop may take: what is queued, or offered.
    #[inline]
    pub(super) fn ready(&self) -> usize {
        self.items.len() + self.offers
    }

    /// Slots that are neither filled nor reserved.
    #[inline]
    pub(super) fn room(&self) -> usize {
        // A pop that panicked may have put back one too many.
        self.max
            .saturating_sub(self.items.len().saturating_add(self.reserved))
    }

    pub(super) fn capacity(&self) -> usize {
        if self.max == UNBOUNDED {
            UNBOUNDED
        } else {
            self.room()
        }
    }

    /// Whether no item is there nor can arrive.
    #[inline]
    pub(super) fn is_over(&self) -> bool {
        self.closed && self.reserved == 0 && self.ready() == 0
    }

    // What an acquisition costs.

    #[inline]
    pub(super) fn price_of_items(&self, stand: Stand<Need>, need: u32) -> Option<Price> {
        let ready = self.ready();
        if self.closed {
            // Once closed nothing is kept.
            return (ready >= need as usize).then_some(Price::Nothing);
        }
        self.pops.price(stand, need, ready)
    }

    #[inline]
    pub(super) fn price_of_slots(&self, stand: Stand<Giving<T>>, need: u32) -> Option<Price> {
        self.pushes.price(stand, need, self.room())
    }

    /// How many items a newcomer may take at no cost.
    pub(super) fn spare_items(&self, limit: usize) -> usize {
        match self.price_of_items(Stand::Behind, 1) {
            Some(Price::Nothing) if self.closed => limit,
            Some(Price::Nothing) => self.pops.spare(self.ready()).min(limit),
            Some(Price::Credit) | None => 0,
        }
    }

    /// The same or, at some cost, one.
    pub(super) fn buy_items(&mut self, limit: usize) -> usize {
        match self.price_of_items(Stand::Behind, 1) {
            Some(price @ Price::Credit) => {
                self.pops.pay(price);
                1
            }
            _ => self.spare_items(limit),
        }
    }

    // What changes it.

    /// Whether a push or a pop has anything to care for but the storage and what is kept: somebody who
    /// sleeps. Sees to what is kept, too.
    #[inline]
    pub(super) fn settle(&mut self) -> u8 {
        let (kept, pushes_sleep) = self.pushes.summary();
        let (floor, pops_sleep) = self.pops.summary();
        let cares = pushes_sleep
            || pops_sleep
            || self.closed
            || self.is_rendezvous()
            || self.streams.first().is_some()
            || self.sinks.first().is_some();
        if cares {
            let mut bits = CARES;
            let (ready, room) = (self.ready(), self.room());
            for (bit, on) in [
                (SEEMS_EMPTY, ready <= floor),
                (SEEMS_FULL, room <= kept),
                (NO_ITEM, ready == 0),
                (NO_SLOT, room == 0),
            ] {
                bits |= bit * u8::from(on);
            }
            return bits;
        }
        self.ceiling = self.max.saturating_sub(kept.saturating_add(self.reserved));
        self.floor = floor;
        0
    }

    /// `false` if it was closed already.
    pub(super) fn close(&mut self) -> bool {
        let first = !self.closed;
        if first {
            self.closed = true;
            // They fail, all at once.
            self.offers = 0;
            self.tell_streams();
            self.tell_sinks();
            self.flush_pops();
        }
        first
    }

    /// Nobody will ever receive: what is queued has to be dropped.
    pub(super) fn desert(&mut self) -> Fifo<T> {
        self.close();
        self.deserted = true;
        self.take_all()
    }

    fn flush_pops(&mut self) {
        let next = |&node: &Node<Need>| self.pops.line.behind(node);
        self.flush = std::iter::successors(self.pops.line.first(), next).count();
        self.tell_streams();
    }

    // What a push does and comes to.

    /// Fills or reserves slots that are free.
    #[inline]
    pub(super) fn fill(&mut self, giving: &mut Giving<T>) {
        match giving.take_item() {
            Some(item) => self.push(item),
            None => self.reserve(giving.slots_reserved()),
        }
    }

    #[inline]
    pub(super) fn fill_for(&mut self, node: Node<Giving<T>>) {
        let giving = &mut self.pushes.line.get_mut(node).ask;
        match giving.take_item() {
            Some(item) => self.push(item),
            None => {
                let slots = giving.slots_reserved();
                self.reserve(slots);
            }
        }
    }

    #[inline]
    pub(super) fn push_came_to(&self, node: Node<Giving<T>>) -> Option<Result<(), Shut>> {
        match self.pushes.line.get(node).ask.load {
            Load::Delivered => Some(Ok(())),
            _ if self.closed => Some(Err(Shut)),
            Load::Nothing if self.pushes.number(node) == 0 => Some(Ok(())),
            _ => None,
        }
    }

    for_models! {
        /// Panics if somebody waits still.
        pub(super) fn assert_idle(&self) {
            assert!(self.pops.line.is_idle() && self.pushes.line.is_idle(), "somebody waits still");
            assert!(self.streams.is_idle() && self.sinks.is_idle(), "a stored waiter waits still");
            assert!(self.taken.is_idle() && self.closings.is_idle(), "somebody waits still");
            assert_eq!((self.reserved, self.offers), (0, 0), "reserved and offered");
        }
    }
}

impl<T> Inside for State<T> {
    // Long enough for the holder to push or pop a few times more while it has all it needs at hand.
    const FIRST_SPINS: u32 = 40;
}

impl<T> Queued<Need> for State<T> {
    fn line(&mut self) -> &mut Line<Need> {
        &mut self.pops.line
    }
}

impl<T> Queued<Giving<T>> for State<T> {
    fn line(&mut self) -> &mut Line<Giving<T>> {
        &mut self.pushes.line
    }
}
