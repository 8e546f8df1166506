//! What threads get and get back, of items and slots.

use std::thread;
use std::time::{Duration, Instant};

use wakeful::queue::{RecvTimeoutError, SendError, SendTimeoutError};
use wakeful::{Fairness, Queue};

use super::{assert_idle, filled, full};
use crate::support::Watchdog;

for_each_fairness!(expiry_gives_the_item_back_and_leaves_no_waiter);

const SHORT: Duration = Duration::from_millis(5);
const LONG: Duration = Duration::from_secs(3600);

#[test]
fn what_is_closed_says_so_whatever_the_timeout() {
    let (pops, pushes) = (Queue::<usize>::bounded(1), full(1));
    pops.close();
    pushes.close();
    assert_eq!(pops.blocking_pop(), None);
    assert_eq!(pushes.blocking_push(7), Err(SendError(7)));
    for timeout in [Duration::ZERO, LONG, Duration::MAX] {
        let late = pops.blocking_pop_timeout(timeout);
        assert_eq!(late, Err(RecvTimeoutError::Disconnected));
        let late = pushes.blocking_push_timeout(5, timeout);
        assert_eq!(late, Err(SendTimeoutError::Closed(5)));
    }
    let queued = pushes.blocking_pop_timeout(Duration::ZERO);
    assert_eq!(queued, Ok(0), "what is queued is drained");
}

fn expiry_gives_the_item_back_and_leaves_no_waiter(fairness: Fairness) {
    let queue = filled(Queue::bounded(1).with_fairness(fairness));
    let late = queue.blocking_push_timeout(7, Duration::ZERO);
    assert_eq!(late, Err(SendTimeoutError::Timeout(7)));
    let start = Instant::now();
    let late = queue.blocking_push_timeout(7, SHORT);
    assert_eq!(late, Err(SendTimeoutError::Timeout(7)));
    assert!(start.elapsed() >= SHORT, "not before its time");
    assert_eq!(queue.drain(), [0], "it was never sent");
    let start = Instant::now();
    let late = queue.blocking_pop_timeout(SHORT);
    assert_eq!(late, Err(RecvTimeoutError::Timeout));
    assert!(start.elapsed() >= SHORT, "not before its time");
    assert_idle(&queue);
}

/// Two threads hand one item back and forth, by way of two queues of each kind.
#[test]
fn ping_and_pong() {
    let _watchdog = Watchdog::new("ping-pong");
    for capacity in [0, 1, usize::MAX] {
        let (there, back) = (Queue::bounded(capacity), Queue::bounded(capacity));
        thread::scope(|scope| {
            scope.spawn(|| {
                while let Some(item) = there.blocking_pop() {
                    back.blocking_push(item + 1).unwrap();
                }
            });
            let mut item = 0;
            for _ in 0..300 {
                there.blocking_push(item).unwrap();
                item = back.blocking_pop_timeout(LONG).unwrap();
            }
            assert_eq!(item, 300);
            there.close();
        });
    }
}
