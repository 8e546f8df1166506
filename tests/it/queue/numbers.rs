//! Every verb that takes a number says what is true, for none, one, the bound, one more, and numbers that
//! no field of 32 bits holds: of a bounded queue, of one that has no bound, and of a rendezvous.

use wakeful::Queue;
use wakeful::queue::{ReserveManyError, SendError, Sender, TryRecvError, TrySendError};

use crate::support::{Waiting, panics};

const BOUND: usize = 8;
const U32: usize = u32::MAX as usize;
const ALL: [usize; 9] = [
    0,
    1,
    BOUND - 1,
    BOUND,
    BOUND + 1,
    U32,
    U32.saturating_add(1),
    usize::MAX - 1,
    usize::MAX,
];
const UNBOUNDED: usize = usize::MAX;

/// How many permits there are, or why there are none.
fn reserve_many(sender: &Sender<u8>, slots: usize) -> Result<usize, ReserveManyError> {
    let mut reserving = Waiting::new(sender.reserve_many(slots));
    reserving
        .poll()
        .expect("it does not wait")
        .map(|permits| permits.len())
}

fn try_reserve_many(sender: &Sender<u8>, slots: usize) -> Result<usize, TrySendError<()>> {
    sender.try_reserve_many(slots).map(|permits| permits.len())
}

#[test]
fn slots_are_reserved_up_to_the_bound() {
    for bound in [BOUND, U32.saturating_add(2), UNBOUNDED] {
        let (sender, _receiver) = Queue::bounded(bound).into_channel();
        for slots in ALL {
            let what = format!("{slots} of {bound}");
            let fits = slots <= bound;
            let full = Err(TrySendError::Full(()));
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
    for slots in [BOUND + 1, U32, U32.saturating_add(1), usize::MAX] {
        let error = reserve_many(&sender, slots).unwrap_err();
        let said = error.to_string();
        assert!(
            said.contains(&slots.to_string()) && said.contains("the 8"),
            "{said}"
        );
        let error = try_reserve_many(&sender, slots).unwrap_err();
        assert_eq!(error.to_string(), "no available capacity");
    }
    sender.close();
    for slots in ALL {
        let error = reserve_many(&sender, slots).unwrap_err();
        assert_eq!(
            (error, error.to_string()),
            (ReserveManyError::Closed, "channel closed".into())
        );
        assert_eq!(
            try_reserve_many(&sender, slots),
            Err(TrySendError::Closed(()))
        );
        assert_eq!(SendError::from(error), SendError(()), "as tokio has it");
    }
}

/// More than `u32::MAX` are not waited for: they are free, or it fails.
#[test]
#[cfg(target_pointer_width = "64")]
fn what_cannot_be_waited_for_fails_at_once() {
    let (sender, _receiver) = Queue::bounded(U32.saturating_add(2)).into_channel();
    sender.try_send(0).unwrap();
    assert_eq!(
        reserve_many(&sender, U32.saturating_add(1)),
        Ok(U32.saturating_add(1))
    );
    sender.try_send(0).unwrap();
    let error = ReserveManyError::TooMany {
        slots: U32.saturating_add(1),
        most: U32,
    };
    assert_eq!(reserve_many(&sender, U32.saturating_add(1)), Err(error));
    assert_eq!(
        try_reserve_many(&sender, U32.saturating_add(1)),
        Err(TrySendError::Full(()))
    );
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
    assert_eq!(
        (one.len(), receiver.drain()),
        (usize::MAX - 1, vec![1, 2, 3])
    );
    sender.close();
    assert_eq!(
        receiver.try_recv(),
        Err(TryRecvError::Empty),
        "permits may still send"
    );
    drop((one, permits));
    assert_eq!(receiver.try_recv(), Err(TryRecvError::Disconnected));
}

#[test]
fn items_are_received_up_to_what_is_there() {
    for (bound, there) in [(BOUND, BOUND), (UNBOUNDED, 20), (0, 3)] {
        for limit in ALL {
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
            let mut popping = Waiting::new(queue.pop_many(&mut popped, limit));
            assert_eq!(popping.poll(), Some(expected), "{what}");
            drop(popping);
            let left = there - first - expected;
            let rest = queue.try_pop_many(&mut tried, limit);
            let none = limit > 0 && left == 0;
            let expected = if none {
                Err(TryRecvError::Empty)
            } else {
                Ok(limit.min(left))
            };
            assert_eq!(rest, expected, "{what}");
        }
    }
}

#[test]
fn batches_are_pushed_as_far_as_there_is_room() {
    for bound in [BOUND, UNBOUNDED] {
        for count in [0, 1, BOUND - 1, BOUND, BOUND + 1] {
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
    for slots in ALL {
        let said = panics(|| drop(sender.reserve_many(slots)));
        assert!(said.contains("no slots to reserve"), "{said}");
        let said = panics(|| sender.try_reserve_many(slots).map(drop));
        assert!(said.contains("no slots to reserve"), "{said}");
    }
}

#[test]
fn every_bound_is_had() {
    for bound in ALL {
        let queue = Queue::bounded(bound);
        assert_eq!((queue.max_capacity(), queue.capacity()), (bound, bound));
        assert_eq!(queue.try_push(1).is_ok(), bound > 0);
        let left = if bound == UNBOUNDED {
            bound
        } else {
            bound.saturating_sub(1)
        };
        assert_eq!(queue.capacity(), left);
    }
}
