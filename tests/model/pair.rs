//! The real mutex and the model side by side: every step is made on both, and the two are compared.

use std::alloc::{Layout, dealloc};
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use wakeful::{Lock, Mutex, MutexGuard};

use super::rules::Rules;
use super::tasks;
use super::trace::{Outcome, Trace, queue};
use super::waiter::{Id, Task};

/// A step that the two disagree on, or a promise that was broken, in words.
pub(crate) type Mismatch = String;

/// The mutex counts acquisitions under itself.
pub(crate) type Value = u32;

/// A future that somebody still has.
pub(crate) struct Live<'m> {
    pub(crate) id: Id,
    pub(crate) task: Task,
    pub(crate) polled: bool,
    /// Its task was woken since it was last polled.
    pub(crate) woken: bool,
    lock: Pin<Box<Lock<'m, Value>>>,
}

/// The memory of forgotten futures, for whoever checks leaks: given back, undropped, after the mutex.
#[derive(Default)]
pub(crate) struct Graveyard(Vec<*mut u8>);

impl Drop for Graveyard {
    fn drop(&mut self) {
        for memory in self.0.drain(..) {
            // SAFETY: a box of this layout was taken apart in `Pair::forget`. The mutex and every other
            // future of it are gone, so that nobody follows a link to it any more.
            unsafe { dealloc(memory, Layout::new::<Lock<'static, Value>>()) };
        }
    }
}

pub(crate) struct Pair<'m> {
    mutex: &'m Mutex<Value>,
    guard: Option<MutexGuard<'m, Value>>,
    pub(crate) rules: Rules,
    pub(crate) live: Vec<Live<'m>>,
    pub(crate) forgotten: Vec<Id>,
    /// Tasks in order of waking.
    pub(crate) ready: VecDeque<Task>,
    trace: Trace,
}

impl<'m> Pair<'m> {
    pub(crate) fn new(mutex: &'m Mutex<Value>, rules: Rules, trace: Trace) -> Self {
        let (live, forgotten, ready) = (Vec::new(), Vec::new(), VecDeque::new());
        Self {
            mutex,
            guard: None,
            rules,
            live,
            forgotten,
            ready,
            trace,
        }
    }

    /// Makes a future for a task; it is not polled yet, and is the last one of `live`.
    pub(crate) fn start(&mut self, task: Task) -> usize {
        let id = self.rules.newcomer(task, 1);
        let lock = Box::pin(self.mutex.lock());
        self.live.push(Live {
            id,
            task,
            polled: false,
            woken: false,
            lock,
        });
        self.live.len() - 1
    }

    pub(crate) fn poll(&mut self, at: usize, task: Task) -> Result<bool, Mismatch> {
        let live = &mut self.live[at];
        let id = live.id;
        (live.task, live.polled, live.woken) = (task, true, false);
        let waker = tasks::waker(task);
        let polled = live.lock.as_mut().poll(&mut Context::from_waker(&waker));
        drop(waker);
        let ready = polled.is_ready();
        let real = Outcome {
            acquired: Some(ready),
            woken: tasks::take_woken(),
        };
        let twice = ready && self.guard.is_some();
        if let Poll::Ready(guard) = polled {
            self.enter(guard);
            drop(self.live.remove(at));
        }
        let polled = self.rules.poll(id, task);
        let model = Outcome {
            acquired: Some(polled.ready),
            woken: polled.woken,
        };
        self.compare(|| format!("task {task} polls f{id}"), &real, &model)?;
        if twice {
            Err("two guards at once".into())
        } else {
            Ok(ready)
        }
    }

    pub(crate) fn try_lock(&mut self) -> Result<bool, Mismatch> {
        let guard = self.mutex.try_lock().ok();
        let acquired = guard.is_some();
        let twice = acquired && self.guard.is_some();
        if let Some(guard) = guard {
            self.enter(guard);
        }
        let real = Outcome {
            acquired: Some(acquired),
            woken: tasks::take_woken(),
        };
        let model = Outcome {
            acquired: Some(self.rules.try_take(1)),
            woken: Vec::new(),
        };
        self.compare(|| "try_lock".into(), &real, &model)?;
        if twice {
            Err("two guards at once".into())
        } else {
            Ok(acquired)
        }
    }

    /// Releases the lock if it is held.
    pub(crate) fn release(&mut self) -> Result<(), Mismatch> {
        let Some(guard) = self.guard.take() else {
            return Ok(());
        };
        drop(guard);
        let real = Outcome {
            acquired: None,
            woken: tasks::take_woken(),
        };
        let model = Outcome {
            acquired: None,
            woken: self.rules.release(1),
        };
        self.compare(|| "release".into(), &real, &model)
    }

    pub(crate) fn drop_future(&mut self, at: usize) -> Result<(), Mismatch> {
        let Live { id, lock, .. } = self.live.remove(at);
        drop(lock);
        let real = Outcome {
            acquired: None,
            woken: tasks::take_woken(),
        };
        let model = Outcome {
            acquired: None,
            woken: self.rules.drop(id),
        };
        self.compare(|| format!("drop f{id}"), &real, &model)
    }

    /// Ends the borrow and leaves the waiter as it is, for ever.
    pub(crate) fn forget(&mut self, at: usize, graveyard: &mut Graveyard) -> Result<(), Mismatch> {
        let Live { id, lock, .. } = self.live.remove(at);
        // SAFETY: the future is not moved, and it is never dropped.
        let lock = unsafe { Pin::into_inner_unchecked(lock) };
        graveyard.0.push(Box::into_raw(lock).cast());
        self.forgotten.push(id);
        let nothing = Outcome {
            acquired: None,
            woken: Vec::new(),
        };
        self.compare(|| format!("forget f{id}"), &nothing, &nothing)
    }

    /// One turn of a woken task: it polls what it has, and releases at once what it gets.
    pub(crate) fn turn(&mut self) -> Result<bool, Mismatch> {
        let Some(task) = self.ready.pop_front() else {
            return Ok(false);
        };
        let mine = |live: &&Live<'_>| live.task == task && live.polled;
        if !self.live.iter().filter(mine).any(|live| live.woken) {
            return Ok(true);
        }
        let ids: Vec<Id> = self.live.iter().filter(mine).map(|live| live.id).collect();
        for id in ids {
            let at = self.live.iter().position(|live| live.id == id);
            let at = at.expect("only its own poll ends it");
            if self.poll(at, task)? {
                self.release()?;
            }
        }
        Ok(true)
    }

    /// Ends the borrow of the mutex; the model and who is forgotten stay.
    pub(crate) fn end(self) -> (Rules, Vec<Id>) {
        (self.rules, self.forgotten)
    }

    pub(crate) fn is_held(&self) -> bool {
        self.guard.is_some()
    }

    fn enter(&mut self, mut guard: MutexGuard<'m, Value>) {
        *guard += 1;
        // A second guard replaces the first only on the way to a mismatch.
        self.guard = Some(guard);
    }

    fn compare(
        &mut self,
        step: impl Fn() -> String,
        real: &Outcome,
        model: &Outcome,
    ) -> Result<(), Mismatch> {
        self.trace
            .line(|| format!("{}: {real}; model: {}", step(), queue(&self.rules)));
        if real != model {
            return Err(format!("{}: really {real}, by the rules {model}", step()));
        }
        let (locked, free) = (self.mutex.is_locked(), self.rules.free());
        if locked != (free == 0) {
            return Err(format!(
                "{}: is_locked is {locked}, but {free} is free",
                step()
            ));
        }
        if !tasks::take_woken().is_empty() {
            return Err(format!("{}: somebody was woken by no step", step()));
        }
        for &task in &real.woken {
            if !self.ready.contains(&task) {
                self.ready.push_back(task);
            }
            for live in self
                .live
                .iter_mut()
                .filter(|live| live.task == task && live.polled)
            {
                live.woken = true;
            }
        }
        self.rules.assert_invariants();
        Ok(())
    }
}
