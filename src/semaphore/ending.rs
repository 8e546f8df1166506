//! How a wait ends without permits: its future is dropped, or the semaphore is closed.

use super::raw::RawSemaphore;
use crate::sync::WOKEN_AT_ONCE;
use crate::wait::Node;
use crate::wait::crowd::Need;
use crate::wait::wake::{FirstPanic, WakeBatch};

impl RawSemaphore {
    /// A waiter is dropped, in whatever state: nothing points at it afterwards.
    #[cold]
    pub(super) fn cancel_wait(&self, node: Node<Need>) {
        let mut panic = FirstPanic::default();
        let mut waiting = self.0.pass_role_on(self.lock(), node, &mut panic);
        let old = waiting.line.get_mut(node).disarm();
        waiting.leave(node);
        self.after_leaving(&waiting);
        self.call_many(waiting, WakeBatch::new(), &mut panic);
        panic.catch(|| drop(old));
        panic.go_on();
    }

    /// Nobody acquires any more, and whoever waits is woken to learn of it.
    pub(super) fn close(&self) {
        let mut waiting = self.lock();
        loop {
            let word = self.word().load();
            if word.is_closed() {
                return;
            }
            if self.word().give(word, word.closed()) {
                break;
            }
        }
        let mut panic = FirstPanic::default();
        loop {
            let mut batch = WakeBatch::<WOKEN_AT_ONCE>::new();
            while let Some(first) = waiting.line.first().filter(|_| batch.has_room()) {
                waiting.leave(first);
                if let Some(waker) = waiting.line.get_mut(first).disarm() {
                    batch.push(waker);
                }
            }
            let done = waiting.line.first().is_none();
            self.after_leaving(&waiting);
            drop(waiting);
            panic.catch(|| batch.wake_all());
            if done {
                return panic.go_on();
            }
            waiting = self.lock();
        }
    }

    pub(super) fn is_closed(&self) -> bool {
        self.word().load_acquire().is_closed()
    }
}
