//! Where queued items are, and the order in which they leave.

use std::mem;

use super::block::OwnBlock;
use super::buffer::Buffer;
use super::heap::{Growth, Heap, Segment};
use super::state::UNBOUNDED;

#[repr(C)]
pub(in crate::queue) struct Storage<T> {
    /// All items, unless they are in a heap.
    pub(super) buffer: Buffer<T>,
    order: Order<T>,
}

pub(in crate::queue) enum Order<T> {
    Fifo,
    Lifo,
    /// Greatest first.
    Priority(Heap<T>),
    /// First in, first out, and each item takes as many slots as it weighs.
    Weighted(Weights),
}

/// The weights of the items in a buffer, in the same order.
pub(in crate::queue) struct Weights {
    each: Buffer<u32>,
    total: usize,
}

impl<T> Order<T> {
    pub(in crate::queue) const fn priority() -> Self
    where
        T: Ord,
    {
        Self::Priority(Heap::new())
    }

    pub(in crate::queue) const fn weighted() -> Self {
        Self::Weighted(Weights {
            each: Buffer::new(UNBOUNDED),
            total: 0,
        })
    }
}

/// What has to be allocated before one more item fits.
pub(super) enum Lack {
    Items(usize),
    Weights(usize),
    Segment(usize),
}

/// Memory for storage, allocated and freed without the latch.
pub(super) enum Memory<T> {
    Items(OwnBlock<T>),
    Weights(OwnBlock<u32>),
    Growth(Growth<T>),
    Segment(#[expect(dead_code, reason = "it is only freed")] Segment<T>),
}

impl Lack {
    pub(super) fn allocate<T>(self) -> Memory<T> {
        match self {
            Self::Items(items) => Memory::Items(OwnBlock::new(items)),
            Self::Weights(items) => Memory::Weights(OwnBlock::new(items)),
            Self::Segment(number) => Memory::Growth(Growth::new(number)),
        }
    }
}

impl<T> Storage<T> {
    pub(super) const fn new(bound: usize, order: Order<T>) -> Self {
        let buffer = match order {
            Order::Fifo | Order::Lifo => Buffer::new(bound),
            Order::Priority(_) => Buffer::new(0),
            Order::Weighted(_) => Buffer::new(UNBOUNDED),
        };
        Self { buffer, order }
    }

    #[inline]
    pub(super) const fn is_fifo(&self) -> bool {
        matches!(self.order, Order::Fifo)
    }

    pub(super) fn is_weighted(&self) -> bool {
        matches!(self.order, Order::Weighted(_))
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        match &self.order {
            Order::Priority(heap) => heap.len(),
            _ => self.buffer.len(),
        }
    }

    /// How many slots are filled.
    #[inline]
    pub(super) fn filled(&self) -> usize {
        match &self.order {
            Order::Weighted(weights) => weights.total,
            _ => self.len(),
        }
    }

    /// Pushes; nothing is lacking.
    #[inline]
    pub(super) fn push(&mut self, item: T, weight: u32) {
        match &mut self.order {
            Order::Fifo | Order::Lifo => {}
            Order::Priority(heap) => return heap.push(item),
            Order::Weighted(weights) => {
                weights.each.push(weight);
                weights.total += weight as usize;
            }
        }
        self.buffer.push(item);
    }

    #[inline]
    pub(super) fn pop(&mut self) -> Option<T> {
        match &mut self.order {
            Order::Fifo => {}
            Order::Lifo => return self.buffer.pop_newest(),
            Order::Priority(heap) => return heap.pop(),
            Order::Weighted(weights) => {
                weights.total -= weights.each.pop().map_or(0, |weight| weight as usize);
            }
        }
        self.buffer.pop()
    }

    /// Pushes, and pops an item to make up for it, if there was one: the oldest or, if the greatest leaves first, the
    /// one that would leave last, which may be the one pushed.
    pub(super) fn replace(&mut self, item: T) -> Option<T> {
        if let Order::Priority(heap) = &mut self.order {
            heap.push(item);
            return heap.pop_last();
        }
        let oldest = self.buffer.pop();
        self.buffer.push(item);
        oldest
    }

    /// How many items one critical section pops, at most.
    pub(super) fn step(&self) -> usize {
        match self.order {
            Order::Priority(_) => 4,
            _ => 32,
        }
    }

    /// Takes all items, and leaves none.
    pub(super) fn take_all(&mut self) -> Self {
        let order = match &mut self.order {
            Order::Fifo => Order::Fifo,
            Order::Lifo => Order::Lifo,
            Order::Priority(heap) => Order::Priority(heap.take_all()),
            Order::Weighted(weights) => Order::Weighted(Weights {
                each: weights.each.take_all(),
                total: mem::take(&mut weights.total),
            }),
        };
        Self {
            buffer: self.buffer.take_all(),
            order,
        }
    }

    // Its memory.

    /// Whether memory has to be added before one more item fits.
    #[inline]
    pub(super) fn lacks(&self) -> bool {
        match &self.order {
            Order::Fifo | Order::Lifo => self.buffer.lacks_block(),
            Order::Priority(heap) => heap.lacks().is_some(),
            Order::Weighted(weights) => self.buffer.lacks_block() || weights.each.lacks_block(),
        }
    }

    #[cold]
    pub(super) fn lack(&self) -> Option<Lack> {
        match &self.order {
            Order::Priority(heap) => heap.lacks().map(Lack::Segment),
            Order::Weighted(weights) if !self.buffer.lacks_block() => {
                weights.each.lack().map(Lack::Weights)
            }
            _ => self.buffer.lack().map(Lack::Items),
        }
    }

    /// Adds what was lacking; returns what is to be freed.
    pub(super) fn add(&mut self, memory: Memory<T>) -> Option<Memory<T>> {
        match (memory, &mut self.order) {
            (Memory::Items(block), _) => self.buffer.add_block(block).map(Memory::Items),
            (Memory::Weights(block), Order::Weighted(weights)) => {
                weights.each.add_block(block).map(Memory::Weights)
            }
            (Memory::Growth(growth), Order::Priority(heap)) => {
                Some(Memory::Growth(heap.grow(growth)))
            }
            (memory, _) => Some(memory),
        }
    }

    #[inline]
    pub(super) fn has_garbage(&self) -> bool {
        match &self.order {
            Order::Fifo | Order::Lifo => self.buffer.has_garbage(),
            Order::Priority(heap) => heap.has_garbage(),
            Order::Weighted(weights) => self.buffer.has_garbage() || weights.each.has_garbage(),
        }
    }

    /// Memory to be freed.
    pub(super) fn take_garbage(&mut self) -> Option<Memory<T>> {
        let block = self.buffer.take_garbage().map(Memory::Items);
        block.or_else(|| match &mut self.order {
            Order::Fifo | Order::Lifo => None,
            Order::Priority(heap) => heap.take_garbage().map(Memory::Segment),
            Order::Weighted(weights) => weights.each.take_garbage().map(Memory::Weights),
        })
    }
}

/// All items, in the order in which they leave.
impl<T> Iterator for Storage<T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        self.pop()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.len(), Some(self.len()))
    }
}
