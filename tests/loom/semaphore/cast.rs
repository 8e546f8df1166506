//! Who plays in the models of the semaphore.

use std::pin::Pin;
use std::sync::{Arc, Mutex};

use wakeful::{AcquireError, AcquireOwned, OwnedSemaphorePermit, Semaphore, TryAcquireError};

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
pub(super) type Seeker = Waiter<AcquireOwned>;

pub(super) fn room(seats: usize, fairness: Fairness) -> Room {
    Arc::new(Seats {
        semaphore: Arc::new(Semaphore::with_fairness(seats, fairness)),
        only_seat: (seats == 1).then(Watched::default),
        book: Mutex::default(),
    })
}

/// A room whose seats are all taken, by one permit.
pub(super) fn full_room(seats: u32, fairness: Fairness) -> (Room, Permit) {
    let room = room(seats as usize, fairness);
    let held = room.take(seats);
    (room, held)
}

/// The same, and those who wait for a seat each, in this order.
pub(super) fn contended_room<const N: usize>(
    seats: u32,
    fairness: Fairness,
) -> (Room, Permit, [Seeker; N]) {
    let (room, held) = full_room(seats, fairness);
    let seekers = room.seekers();
    (room, held, seekers)
}

/// A room whose seats are all taken, by a permit each.
pub(super) fn taken_seats<const N: usize>(fairness: Fairness) -> (Room, [Permit; N]) {
    let room = room(N, fairness);
    let held = [(); N].map(|()| room.take(1));
    (room, held)
}

/// A room whose seats are free, and somebody who was called for all of them and has not answered.
pub(super) fn called_seeker(seats: u32, fairness: Fairness) -> (Room, Seeker) {
    let (room, held) = full_room(seats, fairness);
    let waiting = room.seeker(seats);
    drop(held);
    (room, waiting)
}

/// Somebody in a room with one seat.
pub(crate) struct Sitting(Room, #[expect(dead_code, reason = "it is dropped")] Permit);

impl Lock for Room {
    type Guard = Sitting;

    fn open(fairness: Fairness) -> Self {
        room(1, fairness)
    }

    fn wait(&self) -> Pin<Box<Acquiring<Self>>> {
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
        assert!(self.enter_if_open(n, who), "it is closed");
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

    /// Waits for all threads; they have left nothing behind then, and `free` seats are free. Returns who was
    /// in.
    #[track_caller]
    pub(super) fn idle(&self, free: usize) -> Log {
        join_all();
        self.semaphore.assert_idle(free);
        self.book.lock().unwrap().clone()
    }

    /// Somebody who waits for `n` seats.
    #[track_caller]
    pub(super) fn seeker(&self, n: u32) -> Seeker {
        queued(self.acquire(n))
    }

    /// Several who wait for one seat each, in this order.
    #[track_caller]
    pub(super) fn seekers<const N: usize>(&self) -> [Seeker; N] {
        [(); N].map(|()| self.seeker(1))
    }

    /// One who waits for `n` seats, of this task.
    #[track_caller]
    pub(super) fn seeker_of(&self, task: &Task, n: u32) -> Seeker {
        task.queues(self.acquire(n))
    }

    /// One who waits finishes, sits and leaves.
    pub(super) fn seat(&self, seeker: Seeker, who: char) {
        assert!(self.seat_if_open(seeker, who), "it is closed");
    }

    /// The same, unless it is closed: whether it was in.
    pub(super) fn seat_if_open(&self, seeker: Seeker, who: char) -> bool {
        self.sit_if_open(seeker.finish(), who)
    }
}
