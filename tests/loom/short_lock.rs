//! The short lock over std, which no other model runs on: loom's mutex stands in for it there.

use std::sync::Arc;

use loom::cell::UnsafeCell;
use loom::thread;
use wakeful::ShortLockInModel;

use crate::support::model;

#[derive(Default)]
struct Guarded {
    lock: ShortLockInModel,
    /// How often it was locked.
    count: UnsafeCell<u8>,
}

// SAFETY: the count is touched with the lock held only, which is what the models look at.
unsafe impl Sync for Guarded {}

impl Guarded {
    /// Counts, and has the lock carry the count.
    fn count(&self) {
        self.lock.with(|carried| {
            self.count.with_mut(|count| {
                // SAFETY: loom says so, or fails.
                let count = unsafe { &mut *count };
                assert_eq!(*count, carried, "what the lock carries");
                *count += 1;
                *count
            })
        });
    }
}

mod orderings {
    use super::*;

    /// One at a time, each after the one before it, and the bits come along.
    #[test]
    fn one_at_a_time() {
        model(3, || {
            let guarded = Arc::new(Guarded::default());
            let threads: Vec<_> = (0..2)
                .map(|_| {
                    let guarded = Arc::clone(&guarded);
                    thread::spawn(move || guarded.count())
                })
                .collect();
            for thread in threads {
                thread.join().unwrap();
            }
            guarded.lock.with(|carried| {
                assert_eq!(carried, 2);
                carried
            });
        });
    }
}
