//! `docs/moving-over.md` names what there is, and shows what was touched.

use std::collections::BTreeSet;
use std::future::Ready;

const PAGE: &str = include_str!("../../docs/moving-over.md");

/// Names that compile, as the page writes them.
macro_rules! names {
    (types: $($type:ident)*; guards: $($guard:ident)*; values: $($value:expr,)*) => {{
        $( let _ = size_of::<$type>(); )*
        $(
            let _ = |guard: $guard| $guard::map(guard, |value| value);
            let _ = |guard: $guard| $guard::try_map(guard, |value| Some(value));
        )*
        $( let _ = $value; )*
        let types = [$( stringify!($type), )*];
        let guards = [$( concat!(stringify!($guard), "::map"), concat!(stringify!($guard), "::try_map"), )*];
        let values = [$( stringify!($value), )*];
        types.into_iter().chain(guards).chain(values).map(in_short).collect::<BTreeSet<_>>()
    }};
}

/// Without `queue::` and the type that a generic name needs here.
fn in_short(name: &str) -> &str {
    let name = name.strip_prefix("queue::").unwrap_or(name);
    name.split("::<").next().unwrap_or(name)
}

#[rustfmt::skip]
fn names_that_compile() -> BTreeSet<&'static str> {
    use wakeful::queue::{RecvTimeoutError, TryRecvError, bounded, channel, unbounded, unbounded_channel};
    use wakeful::{Acquire, AcquireError, AcquireOwned, OwnedSemaphorePermit, Semaphore};
    use wakeful::{TryAcquireError, TryLockError, yield_now};

    type Closed = wakeful::queue::Closed<'static, u8>;
    type LifoQueue = wakeful::queue::LifoQueue<u8>;
    type Lock = wakeful::Lock<'static, u8>;
    type LockOwned = wakeful::LockOwned<u8>;
    type MappedMutexGuard = wakeful::MappedMutexGuard<'static, u8>;
    type Mutex = wakeful::Mutex<u8>;
    type MutexGuard = wakeful::MutexGuard<'static, u8>;
    type OwnedMappedMutexGuard = wakeful::OwnedMappedMutexGuard<u8>;
    type OwnedMutexGuard = wakeful::OwnedMutexGuard<u8>;
    type OwnedPermit = wakeful::queue::OwnedPermit<u8>;
    type Permit = wakeful::queue::Permit<'static, u8>;
    type PermitIterator = wakeful::queue::PermitIterator<'static, u8>;
    type Pop = wakeful::queue::Pop<'static, u8>;
    type PriorityQueue = wakeful::queue::PriorityQueue<u8>;
    type Push = wakeful::queue::Push<'static, u8>;
    type Queue = wakeful::Queue<u8>;
    type Receiver = wakeful::queue::Receiver<u8>;
    type SemaphorePermit = wakeful::SemaphorePermit<'static>;
    type SendError = wakeful::queue::SendError<u8>;
    type SendTimeoutError = wakeful::queue::SendTimeoutError<u8>;
    type SendUntilError = wakeful::queue::SendUntilError<u8>;
    type Sender = wakeful::queue::Sender<u8>;
    type TrySendError = wakeful::queue::TrySendError<u8>;
    type UnboundedReceiver = wakeful::queue::UnboundedReceiver<u8>;
    type UnboundedSender = wakeful::queue::UnboundedSender<u8>;
    type WeakReceiver = wakeful::queue::WeakReceiver<u8>;
    type WeakSender = wakeful::queue::WeakSender<u8>;
    type WeakUnboundedSender = wakeful::queue::WeakUnboundedSender<u8>;

    names! {
        types: Acquire AcquireError AcquireOwned Closed LifoQueue Lock LockOwned Mutex MutexGuard OwnedMutexGuard
            PermitIterator Pop PriorityQueue Push Receiver SemaphorePermit SendError Sender TryLockError UnboundedReceiver;
        guards: MappedMutexGuard MutexGuard OwnedMappedMutexGuard OwnedMutexGuard;
        values:
            Mutex::new, Mutex::const_new, Mutex::lock, Mutex::lock_owned, Mutex::try_lock,
            Mutex::try_lock_owned, Mutex::blocking_lock, Mutex::blocking_lock_owned, Mutex::get_mut,
            Mutex::into_inner, Mutex::is_locked, MutexGuard::mutex, OwnedMutexGuard::mutex,

            Semaphore::new, Semaphore::const_new, Semaphore::MAX_PERMITS, Semaphore::acquire,
            Semaphore::acquire_many, Semaphore::acquire_owned, Semaphore::acquire_many_owned,
            Semaphore::try_acquire, Semaphore::try_acquire_many, Semaphore::try_acquire_owned,
            Semaphore::try_acquire_many_owned, Semaphore::blocking_acquire,
            Semaphore::blocking_acquire_many, Semaphore::blocking_acquire_owned,
            Semaphore::blocking_acquire_many_owned, Semaphore::available_permits,
            Semaphore::add_permits, Semaphore::forget_permits, Semaphore::close, Semaphore::is_closed,
            SemaphorePermit::forget, SemaphorePermit::merge, SemaphorePermit::split,
            SemaphorePermit::num_permits, SemaphorePermit::semaphore, OwnedSemaphorePermit::forget,
            OwnedSemaphorePermit::merge, OwnedSemaphorePermit::split,
            OwnedSemaphorePermit::num_permits, OwnedSemaphorePermit::semaphore,
            TryAcquireError::Closed, TryAcquireError::NoPermits,

            bounded::<u8>, channel::<u8>, unbounded::<u8>, unbounded_channel::<u8>, yield_now,
            Queue::bounded, Queue::unbounded, Queue::push, Queue::push_until::<Ready<()>>, Queue::try_push,
            Queue::pop, Queue::try_pop,
            Queue::len, Queue::is_empty, Queue::is_full, Queue::max_capacity, Queue::close,
            Queue::close_and_drain, Queue::task_done, Queue::join,

            Sender::send, Sender::try_send, Sender::force_send, Sender::send_until::<Ready<()>>,
            Sender::blocking_send, Sender::blocking_send_timeout, Sender::reserve,
            Sender::reserve_many, Sender::reserve_owned, Sender::try_reserve, Sender::try_reserve_many,
            Sender::try_reserve_owned, Sender::closed, Sender::close, Sender::is_closed,
            Sender::same_channel, Sender::len, Sender::is_empty, Sender::is_full, Sender::capacity,
            Sender::max_capacity, Sender::downgrade, Sender::strong_count, Sender::weak_count,
            Sender::sender_count, Sender::receiver_count,
            UnboundedSender::send, UnboundedSender::closed, UnboundedSender::is_closed,
            UnboundedSender::same_channel, UnboundedSender::downgrade, UnboundedSender::strong_count,
            UnboundedSender::weak_count, WeakSender::upgrade, WeakSender::strong_count,
            WeakSender::weak_count, WeakUnboundedSender::upgrade, WeakUnboundedSender::strong_count,
            WeakUnboundedSender::weak_count, WeakReceiver::upgrade,
            Permit::send, OwnedPermit::send, OwnedPermit::release, OwnedPermit::same_channel,
            OwnedPermit::same_channel_as_sender,

            Receiver::recv, Receiver::recv_many, Receiver::try_recv, Receiver::blocking_recv,
            Receiver::blocking_recv_timeout, Receiver::poll_recv, Receiver::close,
            Receiver::is_closed, Receiver::len, Receiver::is_empty, Receiver::is_full,
            Receiver::capacity, Receiver::max_capacity, Receiver::drain, Receiver::downgrade,
            Receiver::same_channel, Receiver::sender_count, Receiver::receiver_count,
            Receiver::sender_strong_count, Receiver::sender_weak_count,

            TrySendError::Full, TrySendError::Closed, TrySendError::into_inner,
            SendTimeoutError::Timeout, SendTimeoutError::Closed, SendTimeoutError::into_inner,
            SendUntilError::Interrupted, SendUntilError::Closed, TryRecvError::Empty,
            TryRecvError::Disconnected, RecvTimeoutError::Timeout, RecvTimeoutError::Disconnected,
    }
}

/// What is marked as code in the middle column of every table.
fn names_on_the_page() -> BTreeSet<&'static str> {
    let rows = PAGE.lines().filter(|line| line.starts_with("| `"));
    let cells = rows.map(|row| row.split(" | ").nth(1).expect("three columns"));
    let names = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2));
    names.map(in_short).collect()
}

#[test]
fn every_name_of_ours_is_one() {
    assert_eq!(names_on_the_page(), names_that_compile());
}

/// Without what a diff takes out of it, or puts into it.
fn without<'a>(text: &'a str, diff: &str, mark: char) -> Vec<&'a str> {
    let mut marked = diff
        .lines()
        .filter_map(|line| line.strip_prefix(mark))
        .peekable();
    let rest = text
        .lines()
        .filter(|line| marked.next_if_eq(line).is_none());
    let rest = rest.collect();
    assert_eq!(marked.next(), None, "a line of the diff that is not there");
    rest
}

#[test]
fn the_diffs_are_all_that_was_touched() {
    let programs = [
        (
            include_str!("scheduler_tokio.rs"),
            include_str!("scheduler_wakeful.rs"),
        ),
        (
            include_str!("pool_tokio.rs"),
            include_str!("pool_wakeful.rs"),
        ),
    ];
    let diffs = PAGE
        .split("```diff\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap());
    let diffs: Vec<_> = diffs.collect();
    assert_eq!(diffs.len(), programs.len());
    for ((before, after), diff) in programs.into_iter().zip(diffs) {
        assert_eq!(without(before, diff, '-'), without(after, diff, '+'));
    }
}
