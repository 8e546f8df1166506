//! What has bitten other channels alone, each by the issue that tells of it, is elsewhere: lost items
//! (kanal#24, kanal#50) in `cancel`, lost last wake-ups (tokio#2854, tokio#8075, tokio#8260, local-sync#4)
//! in `closing`, early returns (flume#140) in `rendezvous`, memory that is never given back (tokio#7355,
//! tokio#4031) in `alloc`, foreign code under the lock (tokio#8529) in `reentrant`.

use wakeful::Queue;

use crate::support::{KINDS, Task, sleeping};

/// What can change nothing for a waiter does not wake it.
#[test]
fn nobody_is_woken_in_vain() {
    for fairness in KINDS {
        let (sender, receiver) = Queue::bounded(2).with_fairness(fairness).into_channel();
        let mut pop = sleeping(&Task::new(), receiver.recv());
        let closed = sleeping(&Task::new(), sender.closed());
        drop(sender.try_reserve().unwrap());
        drop(sender.try_reserve_many(2).unwrap());
        drop((
            sender.clone(),
            receiver.clone(),
            sender.downgrade().upgrade(),
        ));
        assert!(receiver.try_recv().is_err() && receiver.drain().is_empty());
        assert_eq!((pop.wakes(), closed.wakes()), (0, 0), "{fairness:?}");
        sender.try_send(1).unwrap();
        sender.try_send(2).unwrap();
        let mut push = sleeping(&Task::new(), sender.send(3));
        assert_eq!(
            (pop.wakes(), pop.poll(), push.wakes()),
            (1, Some(Some(1)), 1)
        );
        assert_eq!(
            (push.poll(), push.wakes(), closed.wakes()),
            (Some(Ok(())), 1, 0)
        );
    }
}
