//! The value: how it comes in, and out again without a lock.

use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use wakeful::{Fairness, Mutex};

use crate::support::{Waiting, called, hold, without_credit};

static NEW: Mutex<u32> = Mutex::new(5);
static CONST_NEW: Mutex<Vec<u8>> = Mutex::const_new(Vec::new());
static FAIR: Mutex<Option<&str>> = Mutex::with_fairness(None, Fairness::FIFO);

#[test]
fn every_constructor_makes_a_static() {
    *hold(&NEW) += 1;
    hold(&CONST_NEW).push(1);
    *hold(&FAIR) = Some("set");
    assert_eq!(*hold(&NEW), 6);
    assert_eq!(*hold(&CONST_NEW), [1]);
    assert_eq!(*hold(&FAIR), Some("set"));
}

#[test]
fn default_and_from_hold_the_value() {
    assert_eq!(Mutex::<u32>::default().into_inner(), 0);
    assert_eq!(Mutex::from("text").into_inner(), "text");
}

#[test]
fn get_mut_and_into_inner_need_no_lock() {
    let mut mutex = Mutex::new(1);
    *mutex.get_mut() = 2;
    drop(called(&mutex));
    *mutex.get_mut() += 1;
    assert_eq!(*hold(&mutex), 3);
    assert_eq!(mutex.into_inner(), 3);
}

#[test]
fn into_inner_gives_the_value_and_a_drop_drops_it_once() {
    let value = Arc::new(());
    let mutex = Mutex::new(Arc::clone(&value));
    let out = mutex.into_inner();
    assert_eq!(Arc::strong_count(&value), 2);
    drop(out);
    drop(Mutex::new(Arc::clone(&value)));
    assert_eq!(Arc::strong_count(&value), 1);
}

#[test]
fn a_slice_can_be_locked() {
    let mutex: &mut Mutex<[u8]> = &mut Mutex::new([1, 2, 3]);
    hold(mutex)[1] = 7;
    assert_eq!(format!("{mutex:?}"), "Mutex { data: [1, 7, 3] }");
    mutex.get_mut()[0] = 9;
    drop(called(mutex));
    assert_eq!(*mutex.blocking_lock(), [9, 7, 3]);
}

#[test]
fn a_trait_object_can_be_locked_in_every_way() {
    let mutex: Arc<Mutex<dyn Debug + Send>> = Arc::new(Mutex::new(5));
    assert_eq!(format!("{:?}", hold(&mutex)), "5");
    let held = Arc::clone(&mutex).try_lock_owned().expect("free");
    let mut waiter = Waiting::new(Arc::clone(&mutex).lock_owned());
    assert!(waiter.is_pending());
    drop(held);
    let guard = waiter.poll().expect("its turn");
    assert_eq!(format!("{guard:?}"), "5");
    drop(guard);
    let guard = Arc::clone(&mutex).blocking_lock_owned();
    assert_eq!(format!("{guard:?}"), "5");
}

#[test]
fn fairness_is_what_was_asked_for() {
    let default = Fairness::default();
    assert_eq!(default, Fairness::DEFAULT);
    assert!((1..=1024).contains(&default.limit()));
    let (least, most) = (Duration::from_micros(200), Duration::from_millis(2));
    assert!((least..=most).contains(&default.patience()));
    assert_eq!(Fairness::FIFO.limit(), 0);
    assert_eq!(Fairness::FIFO.patience(), Duration::MAX);
    assert_eq!(Fairness::FIFO, without_credit(Duration::MAX));
    let given = Fairness::overtakes(7);
    assert_eq!((given.limit(), given.patience()), (7, default.patience()));
    for patience in [Duration::ZERO, Duration::from_millis(3), Duration::MAX] {
        let twice = given.with_patience(Duration::from_secs(9));
        for given in [given, twice].map(|given| given.with_patience(patience)) {
            assert_eq!((given.limit(), given.patience()), (7, patience));
        }
    }
}
