//! Every verb that takes a number says what is true, for none, one, the bound, one more, and numbers that
//! no field of 32 bits holds: of a bounded queue, of one that has no bound, and of a rendezvous.

use wakeful::Queue;
use wakeful::queue::TryRecvError::{Disconnected, Empty};
use wakeful::queue::TrySendError::{Closed, Full};
use wakeful::queue::{ReserveManyError, SendError, Sender, TrySendError};

use super::ready;
use crate::support::{Waiting, panics};

const BOUND: usize = 8;
const UNBOUNDED: usize = usize::MAX;
const U32: usize = u32::MAX as usize;
/// Where a `usize` has more bits.
const U32_AND_1: usize = U32.saturating_add(1);
const FEW: [usize; 5] = [0, 1, BOUND - 1, BOUND, BOUND + 1];
const LARGE: [usize; 4] = [U32, U32_AND_1, usize::MAX - 1, usize::MAX];

fn all() -> impl Iterator<Item = usize> {
    FEW.into_iter().chain(LARGE)
}

/// How many permits there are, or why there are none.
fn reserve_many(sender: &Sender<u8>, slots: usize) -> Result<usize, ReserveManyError> {
    ready(sender.reserve_many(slots)).map(|permits| permits.len())
}

fn try_reserve_many(sender: &Sender<u8>, slots: usize) -> Result<usize, TrySendError<()>> {
    sender.try_reserve_many(slots).map(|permits| permits.len())
}

#[test]
fn slots_are_reserved_up_to_the_bound() {
    for bound in [BOUND, U32_AND_1.saturating_add(1), UNBOUNDED] {
        let (sender, _receiver) = Queue::bounded(bound).into_channel();
        for slots in all() {
            let what = format!("{slots} of {bound}");
            let fits = slots <= bound;
            let full = Err(Full(()));
            let tried = try_reserve_many(&sender, slots);
            assert_eq!(tried, if fits { Ok(slots) } else { full }, "{what}");
            let most = bound.min(U32);
            let many = Err(ReserveManyError::TooMany { slots, most });
            let reserved = reserve_many(&sender, slots);
            assert_eq!(reserved, if fits { Ok(slots) } else { many }, "{what}");
            assert_eq!(sender.capacity(), bound, "{what}: all came back");
        }
    }
}

#[test]
fn an_error_prints_its_reason() {
    let (sender, _receiver) = Queue::<u8>::bounded(BOUND).into_channel();
    for slots in [BOUND + 1].into_iter().chain(LARGE) {
        let said = reserve_many(&sender, slots).unwrap_err().to_string();
        let tells_both = said.contains(&slots.to_string()) && said.contains("the 8");
        assert!(tells_both, "{said}");
        let error = try_reserve_many(&sender, slots).unwrap_err();
        assert_eq!(error.to_string(), "no available capacity");
    }
    sender.close();
    for slots in all() {
        let error = reserve_many(&sender, slots).unwrap_err();
        assert_eq!(error, ReserveManyError::Closed);
        assert_eq!(error.to_string(), "channel closed");
        assert_eq!(try_reserve_many(&sender, slots), Err(Closed(())));
        assert_eq!(SendError::from(error), SendError(()), "as tokio has it");
    }
}

/// More than `u32::MAX` are not waited for: they are free, or it fails.
#[test]
#[cfg(target_pointer_width = "64")]
fn what_cannot_be_waited_for_fails_at_once() {
    let (sender, _receiver) = Queue::bounded(U32_AND_1.saturating_add(1)).into_channel();
    sender.try_send(0).unwrap();
    let (slots, most) = (U32_AND_1, U32);
    assert_eq!(reserve_many(&sender, slots), Ok(slots));
    sender.try_send(0).unwrap();
    let error = ReserveManyError::TooMany { slots, most };
    assert_eq!(reserve_many(&sender, slots), Err(error));
    assert_eq!(try_reserve_many(&sender, slots), Err(Full(())));
    assert_eq!(reserve_many(&sender, U32), Ok(U32));
}

/// Two times all that there is.
#[test]
fn a_queue_without_a_bound_has_room_whatever_is_reserved() {
    let (sender, receiver) = Queue::unbounded().into_channel();
    let permits = [(); 3].map(|()| sender.try_reserve_many(usize::MAX).unwrap());
    assert_eq!((sender.capacity(), sender.try_send(1)), (UNBOUNDED, Ok(())));
    assert_eq!(sender.try_reserve().map(|permit| permit.send(2)), Ok(()));
    let mut permits = permits.into_iter();
    let mut one = permits.next().unwrap();
    one.next().unwrap().send(3);
    assert_eq!(one.len(), usize::MAX - 1);
    assert_eq!(receiver.drain(), [1, 2, 3]);
    sender.close();
    assert_eq!(receiver.try_recv(), Err(Empty), "permits may still send");
    drop((one, permits));
    assert_eq!(receiver.try_recv(), Err(Disconnected));
}

#[test]
fn items_are_received_up_to_what_is_there() {
    for (bound, there) in [(BOUND, BOUND), (UNBOUNDED, 20), (0, 3)] {
        for limit in all() {
            let what = format!("{limit} of {bound}");
            let queue = Queue::bounded(bound);
            let _offers: Vec<_> = (0..there)
                .map(|item| {
                    let mut push = Waiting::new(queue.push(item));
                    assert_eq!(push.poll().is_none(), bound == 0);
                    push
                })
                .collect();
            let (mut tried, mut popped) = (Vec::new(), Vec::new());
            let first = limit.min(1);
            assert_eq!(queue.try_pop_many(&mut tried, first), Ok(first), "{what}");
            let expected = limit.min(there - first);
            let got = ready(queue.pop_many(&mut popped, limit));
            assert_eq!(got, expected, "{what}");
            let left = limit.min(there - first - expected);
            let rest = queue.try_pop_many(&mut tried, limit);
            let none = limit > 0 && left == 0;
            assert_eq!(rest, if none { Err(Empty) } else { Ok(left) }, "{what}");
        }
    }
}

#[test]
fn batches_are_pushed_as_far_as_there_is_room() {
    for bound in [BOUND, UNBOUNDED] {
        for count in FEW {
            let queue = Queue::bounded(bound);
            let mut pushing = Waiting::new(queue.push_many(0..count));
            let all = (count <= bound).then_some(count);
            assert_eq!(pushing.poll().map(|pushed| pushed.unwrap()), all);
            drop(pushing);
            assert_eq!(queue.len(), count.min(bound));
        }
    }
}

/// There is no slot to reserve; the documentation says that it panics.
#[test]
fn a_rendezvous_reserves_nothing_whatever_the_number() {
    let (sender, _receiver) = Queue::<u8>::bounded(0).into_channel();
    for slots in all() {
        let said = panics(|| drop(sender.reserve_many(slots)));
        assert!(
            said.contains("capacity 0 has no slots to reserve"),
            "{said}"
        );
        let said = panics(|| sender.try_reserve_many(slots).map(drop));
        assert!(
            said.contains("capacity 0 has no slots to reserve"),
            "{said}"
        );
    }
}

#[test]
fn every_bound_is_had() {
    for bound in all() {
        let queue = Queue::bounded(bound);
        assert_eq!((queue.max_capacity(), queue.capacity()), (bound, bound));
        assert_eq!(queue.try_push(1).is_ok(), bound > 0);
        let filled = usize::from(bound > 0 && bound < UNBOUNDED);
        assert_eq!(queue.capacity(), bound - filled);
    }
}
