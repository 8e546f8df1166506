//! `Push::into_item` gives the item of a cancelled push back, in whatever state that is.

use wakeful::queue::{Push, SendError};
use wakeful::{Fairness, Queue};

use super::{assert_idle, assert_terminated, filled, push_asleep};
use crate::fairness::futurelock::drive;
use crate::support::Waiting;

for_each_fairness!(
    into_item_gives_the_item_back_in_every_state,
    into_item_passes_the_call_on,
);

/// In whatever state: never polled, asleep, called, called in vain, passed over, back again, probing,
/// closed meanwhile. The item comes back, once, and the next is called.
fn into_item_gives_the_item_back_in_every_state(fairness: Fairness) {
    type Prepare = fn(&Queue<usize>, &mut Waiting<Push<'_, usize>>);
    let states: [(&str, Prepare); 8] = [
        ("never polled", |_, _| {}),
        ("asleep", |_, push| assert!(push.is_pending())),
        ("called", |queue, push| {
            assert!(push.is_pending());
            queue.try_pop().unwrap();
            assert_eq!(push.wakes(), 1);
        }),
        ("called in vain", |queue, push| {
            assert!(push.is_pending());
            queue.try_pop().unwrap();
            queue.force_push(5).unwrap();
            assert!(push.is_pending());
        }),
        ("passed over", pass_over),
        ("back again", |queue, push| {
            pass_over(queue, push);
            assert!(push.is_pending());
        }),
        ("closed unpolled", |queue, _| assert!(queue.close())),
        ("closed meanwhile", |queue, push| {
            assert!(push.is_pending());
            queue.close();
            assert_eq!(push.wakes(), 1);
        }),
    ];
    for (state, prepare) in states {
        let queue = filled(Queue::bounded(1).with_fairness(fairness));
        let mut push = Waiting::new(queue.push(77));
        prepare(&queue, &mut push);
        let wakes_before = push.wakes();
        assert_eq!(push.future().into_item(), Some(77), "{state}");
        assert_eq!(push.future().into_item(), None, "{state}: it is gone");
        assert_terminated(&mut push);
        assert_eq!(push.wakes(), wakes_before, "{state}");
        if !queue.is_closed() {
            assert!(queue.drain().len() <= 1, "{state}");
            assert_idle(&queue);
        }
    }
}

/// Called, and passed over by a push of its task.
fn pass_over(queue: &Queue<usize>, push: &mut Waiting<Push<'_, usize>>) {
    assert!(push.is_pending());
    queue.try_pop().unwrap();
    let mut same_task = Waiting::of(push.task(), queue.push(6));
    assert_eq!(drive(&mut same_task, 9).1, Ok(()));
}

#[test]
fn into_item_is_none_when_the_item_has_left() {
    let queue = Queue::bounded(1);
    let mut push = Waiting::new(queue.push(1));
    assert_eq!(push.poll(), Some(Ok(())));
    assert_eq!(push.future().into_item(), None);
    queue.close();
    let mut push = Waiting::new(queue.push(2));
    assert_eq!(push.poll(), Some(Err(SendError(2))));
    assert_eq!(push.future().into_item(), None, "it came back already");
    assert_eq!(queue.drain(), [1]);
}

fn into_item_passes_the_call_on(fairness: Fairness) {
    let queue = filled(Queue::bounded(1).with_fairness(fairness));
    let (mut first, mut second) = (push_asleep(&queue, 1), push_asleep(&queue, 2));
    queue.try_pop().unwrap();
    assert_eq!((first.wakes(), second.wakes()), (1, 0));
    assert_eq!(first.future().into_item(), Some(1));
    assert_eq!((second.wakes(), second.poll()), (1, Some(Ok(()))));
    assert_eq!(queue.drain(), [2]);
    assert_idle(&queue);
}
