//! Who plays in the models of the semaphore.

use std::pin::Pin;
use std::sync::{Arc, Mutex};

use wakeful::{
    AcquireError, AcquireOwned, Fairness, OwnedSemaphorePermit, Semaphore, TryAcquireError,
};

pub(super) use crate::support::*;

/// A semaphore of seats, and a log in which each holder writes a letter. Loom does not see the log, which
/// records the schedule. If there is one seat, loom watches it: two holders at once, or a holder that does not
/// see what the last one did, end the model.
pub(crate) struct Seats {
    pub(super) semaphore: Arc<Semaphore>,
    only_seat: Option<Watched>,
    book: Mutex<Vec<char>>,
}

pub(crate) type Room = Arc<Seats>;
pub(super) type Permit = OwnedSemaphorePermit;
/// A future that any thread can go on polling.
pub(super) type Seeker = Pin<Box<AcquireOwned>>;

pub(super) fn room(seats: usize, fairness: Fairness) -> Room {
    Arc::new(Seats {
        semaphore: Arc::new(Semaphore::with_fairness(seats, fairness)),
        only_seat: (seats == 1).then(Watched::default),
        book: Mutex::default(),
    })
}

/// Somebody in a room with one seat.
pub(crate) struct Sitting(Room, #[expect(dead_code, reason = "it is dropped")] Permit);

impl Lock for Room {
    type Guard = Sitting;

    fn open(fairness: Fairness) -> Self {
        room(1, fairness)
    }

    fn wait(&self) -> Waiting<Self> {
        let (room, acquire) = (self.clone(), self.acquire(1));
        Box::pin(async move { Sitting(room, acquire.await.expect("it is open")) })
    }

    fn try_now(&self) -> Option<Sitting> {
        Some(Sitting(self.clone(), self.try_acquire(1).ok()?))
    }

    fn at_rest(&self) -> Log {
        self.idle(1)
    }
}

impl Entered for Sitting {
    fn log(&mut self, write: impl FnOnce(&mut Log)) {
        if let Some(seat) = &self.0.only_seat {
            seat.write();
        }
        write(&mut self.0.book.lock().unwrap());
    }
}

impl Seats {
    pub(super) fn acquire(&self, n: u32) -> AcquireOwned {
        self.semaphore.clone().acquire_many_owned(n)
    }

    pub(super) fn try_acquire(&self, n: u32) -> Result<Permit, TryAcquireError> {
        self.semaphore.clone().try_acquire_many_owned(n)
    }

    /// Takes seats that must be there.
    #[track_caller]
    pub(super) fn take(&self, n: u32) -> Permit {
        self.try_acquire(n).expect("they are free")
    }

    /// Sits down, writes into the book, and leaves.
    pub(super) fn sit(&self, permit: Permit, who: char) {
        if let Some(seat) = &self.only_seat {
            seat.write();
        }
        self.book.lock().unwrap().push(who);
        drop(permit);
    }

    /// Waits like any task, spurious polls included; sits and leaves.
    pub(super) fn enter(&self, n: u32, who: char) {
        let permit = block_on(self.acquire(n)).expect("it is open");
        self.sit(permit, who);
    }

    /// The same, unless it is closed: whether it was in.
    pub(super) fn enter_if_open(&self, n: u32, who: char) -> bool {
        self.sit_if_open(block_on(self.acquire(n)), who)
    }

    pub(super) fn sit_if_open(&self, got: Result<Permit, AcquireError>, who: char) -> bool {
        got.map(|permit| self.sit(permit, who)).is_ok()
    }

    /// Tries to sit, and leaves: whether it was in.
    pub(super) fn barge(&self, n: u32, who: char) -> bool {
        let got = self.try_acquire(n);
        got.map(|permit| self.sit(permit, who)).is_ok()
    }

    /// Everybody has finished and left nothing behind, and `free` seats are free. Returns who was in.
    #[track_caller]
    pub(super) fn idle(&self, free: usize) -> Vec<char> {
        self.semaphore.assert_idle(free);
        self.book.lock().unwrap().clone()
    }

    /// A waiter of `task` that was polled once, in vain.
    #[track_caller]
    pub(super) fn seeker(&self, task: &Task, n: u32) -> Seeker {
        task.queues(self.acquire(n))
    }

    /// A waiter finishes, sits and leaves.
    pub(super) fn seat(&self, task: &Task, seeker: &mut Seeker, who: char) {
        let permit = task.finish(seeker).expect("it is open");
        self.sit(permit, who);
    }
}
