//! `drain` and `close_and_drain`, and that a race of closing with everything leaves nobody asleep.

use std::thread;

use wakeful::queue::SendError;
use wakeful::queue::TryRecvError::Disconnected;
use wakeful::{Fairness, Queue};

use super::{filled, pop_asleep, pop_called, push_asleep, push_called, wakes};
use crate::support::{KINDS, Watchdog};

for_each_fairness!(
    close_and_drain_is_one_step,
    drain_takes_what_is_kept_and_calls_the_pushes_it_made_room_for,
);

fn close_and_drain_is_one_step(fairness: Fairness) {
    let queue = filled(Queue::bounded(3).with_fairness(fairness));
    let mut push = push_asleep(&queue, 9);
    assert_eq!(queue.close_and_drain(), [0, 1, 2]);
    assert_eq!((push.wakes(), push.poll()), (1, Some(Err(SendError(9)))));
    assert_eq!(queue.try_pop(), Err(Disconnected));
    assert!(queue.close_and_drain().is_empty());
    // What is kept for a called pop is drained as well, and the pop learns of it.
    let queue = Queue::bounded(3).with_fairness(fairness);
    let (mut pop, mut asleep) = (pop_asleep(&queue), pop_asleep(&queue));
    queue.try_push(5).unwrap();
    assert_eq!((pop.wakes(), asleep.wakes()), (1, 0));
    assert_eq!(queue.close_and_drain(), [5]);
    assert_eq!((asleep.wakes(), asleep.poll()), (1, Some(None)));
    assert_eq!(pop.poll(), Some(None));
}

/// embassy 0.7: what made room woke no sender.
fn drain_takes_what_is_kept_and_calls_the_pushes_it_made_room_for(fairness: Fairness) {
    let queue = filled(Queue::bounded(2).with_fairness(fairness));
    let mut pushes: Vec<_> = (10..13).map(|item| push_asleep(&queue, item)).collect();
    assert_eq!(queue.drain(), [0, 1]);
    assert_eq!(wakes(&pushes), [1, 1, 0], "two slots");
    assert_eq!(pushes[0].poll(), Some(Ok(())));
    drop(pushes);
    assert_eq!(queue.drain(), [10]);
    let mut pop = pop_called(&queue, 5);
    assert_eq!(queue.drain(), [5], "though it is kept");
    assert!(pop.is_pending());
    queue.try_push(6).unwrap();
    assert_eq!((pop.wakes(), pop.poll()), (2, Some(Some(6))));
}

/// Every way to sleep races with the closing, on threads.
#[test]
fn closing_races_with_everything_and_leaves_nobody_asleep() {
    let _watchdog = Watchdog::new("closing races");
    for round in 0..300 {
        let capacity = round % 3;
        let queue = Queue::bounded(capacity).with_fairness(KINDS[round % KINDS.len()]);
        let (sender, receiver) = queue.into_channel();
        let (sent, received) = thread::scope(|scope| {
            let pops = scope.spawn(|| std::iter::from_fn(|| receiver.blocking_recv()).count());
            let pushes = [(); 2].map(|()| {
                let is_sent = |nth: &usize| sender.blocking_send(*nth).is_ok();
                scope.spawn(move || (0..).take_while(is_sent).count())
            });
            scope.spawn(|| futures::executor::block_on(receiver.closed()));
            match round % 4 {
                0 => assert!(receiver.close()),
                1 => thread::yield_now(),
                _ => {}
            }
            sender.close();
            let sent: usize = pushes.map(|push| push.join().unwrap()).iter().sum();
            (sent, pops.join().unwrap())
        });
        assert_eq!(sent, received, "round {round}");
        assert!(receiver.is_empty());
    }
}

/// A called push whose slot another one took meanwhile fails as well.
#[test]
fn a_push_called_in_vain_fails_when_it_is_closed() {
    let queue = filled(Queue::bounded(1).with_fairness(Fairness::overtakes(1)));
    let mut push = push_called(&queue, 7);
    queue.try_push(1).unwrap();
    assert!(push.is_pending(), "in vain");
    queue.close();
    assert_eq!((push.wakes(), push.poll()), (2, Some(Err(SendError(7)))));
    assert_eq!(queue.drain(), [1]);
}
