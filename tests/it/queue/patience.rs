//! Once a queue is closed nothing is kept, and nobody has to be patient.

use wakeful::queue::SendError;
use wakeful::{Fairness, Queue};

use super::{asleep, channel, pop_asleep, push_called, ready};
use crate::support::{LONG, Waiting};

const PATIENT: Fairness = Fairness::overtakes(0).with_patience(LONG);

/// Once the queue is closed, nothing is kept: the first to be polled takes the item, even if another was
/// called, alive or forgotten, and with FIFO too.
#[test]
fn once_closed_nothing_is_kept_for_anybody() {
    for forgets in [false, true] {
        for fairness in [Fairness::FIFO, PATIENT, Fairness::DEFAULT] {
            let queue = Queue::bounded(2).with_fairness(fairness);
            let (first, mut second) = (pop_asleep(&queue), pop_asleep(&queue));
            queue.try_push(1).unwrap();
            assert_eq!((first.wakes(), second.wakes()), (1, 0));
            queue.close();
            assert_eq!((first.wakes(), second.wakes()), (1, 1), "by the closing");
            let first = if forgets {
                Err(first.forget())
            } else {
                Ok(first)
            };
            assert_eq!(second.poll(), Some(Some(1)), "{fairness:?}");
            assert_eq!(ready(queue.pop()), None);
            if let Ok(mut first) = first {
                assert_eq!(first.poll(), Some(None));
            }
        }
    }
}

/// The same for what a permit sends after the closing, while another permit is held: the first to look takes
/// it, even if a waiter was called.
#[test]
fn once_closed_what_permits_send_is_kept_for_nobody() {
    for fairness in [Fairness::FIFO, PATIENT, Fairness::DEFAULT] {
        for way in 0..4 {
            let (sender, receiver) = channel(2, fairness);
            let (one, other) = (sender.try_reserve().unwrap(), sender.try_reserve().unwrap());
            receiver.close();
            let mut first = asleep(receiver.recv());
            let mut second = asleep(receiver.recv());
            one.send(1);
            assert_eq!((first.wakes(), second.wakes()), (1, 0));
            let mut many = Vec::new();
            let got = match way {
                0 => second.poll().flatten(),
                1 => receiver.try_recv().ok(),
                2 => Waiting::new(receiver.recv()).poll().flatten(),
                _ => receiver.try_recv_many(&mut many, 9).ok(),
            };
            assert_eq!(got, Some(1), "{fairness:?}, way {way}: it was kept");
            assert!(first.is_pending(), "in vain");
            drop(other);
            assert_eq!((first.wakes(), first.poll()), (2, Some(None)));
        }
    }
}

/// A called push fails when it is closed, and its slot is nobody's any more.
#[test]
fn once_closed_no_slot_is_kept_either() {
    let queue = super::full(1);
    let mut push = push_called(&queue, 7);
    queue.close();
    assert_eq!(queue.capacity(), 1);
    assert_eq!(push.poll(), Some(Err(SendError(7))));
    assert_eq!(ready(queue.push(8)), Err(SendError(8)));
}
