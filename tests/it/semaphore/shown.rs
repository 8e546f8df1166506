//! What `Debug` and `Display` show, without waiting.

use std::error::Error;
use std::sync::Arc;

use wakeful::{AcquireError, AcquireTimeoutError, Semaphore, TryAcquireError};

use super::{asleep, hold};
use crate::support::Waiting;

#[test]
fn the_semaphore_shows_its_permits_and_whether_it_is_closed() {
    let semaphore = Semaphore::new(3);
    let shown = |what: &str| {
        let shown = format!("{semaphore:?}");
        assert!(shown.starts_with("Semaphore {"), "{shown}");
        assert!(shown.contains(what), "{shown} has no {what}");
    };
    shown("permits: 3");
    shown("closed: false");
    let held = hold(&semaphore, 2);
    shown("permits: 1");
    let waiter = asleep(&semaphore, 3);
    shown("permits: 1");
    semaphore.reduce_permits(9);
    shown("permits: 0");
    semaphore.add_permits(9);
    semaphore.close();
    shown("closed: true");
    drop((held, waiter));
    shown("permits: 3");
}

#[test]
fn permits_show_how_many_they_are() {
    let semaphore = Arc::new(Semaphore::new(3));
    let borrowed = format!("{:?}", hold(&semaphore, 2));
    assert!(borrowed.starts_with("SemaphorePermit {"), "{borrowed}");
    assert!(borrowed.contains("permits: 2"), "{borrowed}");
    let owned = Arc::clone(&semaphore).try_acquire_many_owned(3);
    let owned = format!("{:?}", owned.unwrap());
    assert!(owned.starts_with("OwnedSemaphorePermit {"), "{owned}");
    assert!(owned.contains("permits: 3"), "{owned}");
}

#[test]
fn errors_say_what_is_wrong() {
    fn said(error: impl Error + Copy + Eq + Send + Sync + 'static) -> String {
        assert!(error.source().is_none());
        let boxed: Box<dyn Error + Send + Sync> = error.into();
        boxed.to_string()
    }

    let semaphore = Semaphore::new(0);
    let none = semaphore.try_acquire().unwrap_err();
    let late = semaphore.blocking_acquire_timeout(std::time::Duration::ZERO);
    let late = late.unwrap_err();
    semaphore.close();
    let closed: AcquireError = Waiting::new(semaphore.acquire())
        .poll()
        .unwrap()
        .unwrap_err();
    assert_eq!(said(closed), "semaphore closed");
    assert_eq!(said(none), "no permits available");
    assert_eq!(said(TryAcquireError::Closed), "semaphore closed");
    assert_eq!(said(AcquireTimeoutError::Closed), "semaphore closed");
    assert_eq!(late, AcquireTimeoutError::Timeout);
    assert!(said(late).contains("timed out"));
    // As tokio has it.
    let theirs = tokio::sync::Semaphore::new(0);
    let tries = || theirs.try_acquire().unwrap_err().to_string();
    assert_eq!(none.to_string(), tries());
    theirs.close();
    assert_eq!(TryAcquireError::Closed.to_string(), tries());
    assert_eq!(format!("{closed:?}"), "AcquireError(())");
    assert_eq!(format!("{none:?} {late:?}"), "NoPermits Timeout");
}
