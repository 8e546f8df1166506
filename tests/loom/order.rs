//! Who enters before whom: FIFO, and how often newcomers overtake (P1). The line is made by hand, so
//! that its order is known. Patience never ends, so every waiter answers in time by definition.

use crate::support::*;

/// How many newcomers entered before `who`.
pub(crate) fn overtook(log: &[char], who: char) -> usize {
    let at = log.iter().position(|&w| w == who).expect("entered");
    log[..at].iter().filter(|&&w| w == 'n').count()
}

/// In line: 1, 2; both finish on threads of their own, and a newcomer tries.
/// Bounded: three threads.
fn fifo<L: Lock>() {
    let (mutex, held, [first, second]) = contended::<L, 2>(Fairness::FIFO);
    spawn(move || sign(first.finish(), '1'));
    spawn(move || sign(second.finish(), '2'));
    drop(held);
    let entered = barge(&mutex, 'n');
    let log = idle(&mutex);
    assert_eq!(log[..2], ['1', '2']);
    assert_eq!(log.len(), 2 + usize::from(entered));
}

/// A newcomer that waits queues behind those that already wait.
#[test]
fn fifo_with_a_newcomer_that_waits() {
    model(UNBOUNDED, || {
        let (mutex, held, [first]) = contended::<Shared, 1>(Fairness::FIFO);
        spawn(move || sign(first.finish(), '1'));
        drop(held);
        enter(&mutex, 'n');
        assert_eq!(idle(&mutex), ['1', 'n']);
    });
}

/// P1 with one newcomer that tries `tries` times while the waiter finishes on a thread of its own:
/// in some schedule `k` tries succeed before the waiter does, and in none more.
pub(crate) fn exactly<L: Lock>(k: u16, tries: usize) {
    let (mutex, held, [waiting]) = contended::<L, 1>(patient(k));
    spawn(move || sign(waiting.finish(), 'w'));
    drop(held);
    for _ in 0..tries {
        barge(&mutex, 'n');
    }
    let overtook = overtook(&idle(&mutex), 'w');
    assert!(overtook <= k.into(), "{overtook} newcomers overtook");
    saw(overtook == usize::from(k), "as many as may overtake");
}

models! {
    /// Bounded, as is every loop of tries.
    credit_of_one: 5, exactly::<Shared>(1, 3);
    /// Bounded, as above.
    credit_of_two: 4, exactly::<Shared>(2, 4);
    no_credit: UNBOUNDED, exactly::<Shared>(0, 2);
}

/// P1 with newcomers on two threads. Bounded: three threads.
fn credit_is_shared<L: Lock>() {
    let (mutex, waiting) = called_waiter::<L>(patient(1));
    spawn(move || sign(waiting.finish(), 'w'));
    spawn_with(&mutex, move |theirs| barge(&theirs, 'n'));
    barge(&mutex, 'n');
    let overtook = overtook(&idle(&mutex), 'w');
    assert!(overtook <= 1);
    saw(overtook == 1, "a newcomer overtakes");
}

/// Who stands second starts with credit of its own when it becomes first, and not before. Bounded:
/// three threads.
#[test]
fn credit_of_the_second() {
    model(3, || {
        let (mutex, held, [first, second]) = contended::<Shared, 2>(patient(1));
        drop(held);
        assert!(barge(&mutex, 'n'), "the first has credit");
        spawn(move || sign(first.finish(), '1'));
        spawn(move || sign(second.finish(), '2'));
        barge(&mutex, 'n');
        let log = idle(&mutex);
        assert_eq!(overtook(&log, '1'), 1);
        assert!(overtook(&log, '2') <= 2);
        // The second could overtake the first only as anybody may, and there is no credit left.
        assert!(before(&log, '1', '2'));
        saw(overtook(&log, '2') == 2, "a newcomer overtakes each");
    });
}

/// P1 with a newcomer that waits if it has to: it overtakes at most by what credit there is.
/// Bounded: it comes twice.
#[test]
fn newcomer_that_waits() {
    model(4, || {
        let (mutex, held, [waiting]) = contended::<Shared, 1>(patient(1));
        spawn(move || sign(waiting.finish(), 'w'));
        drop(held);
        enter(&mutex, 'n');
        enter(&mutex, 'n');
        let overtook = overtook(&idle(&mutex), 'w');
        assert!(overtook <= 1);
        saw(overtook == 1, "a newcomer overtakes");
    });
}

/// An answer in vain halves what is left: of four, the first is used up, and of the other three one
/// is left, so that two overtake in all.
/// Bounded, as above.
#[test]
fn answer_in_vain() {
    model(5, || {
        let (mutex, mut waiting) = called_waiter::<Shared>(patient(4));
        let mut overtaker = mutex.try_lock().expect("there is credit");
        overtaker.push('n');
        assert!(waiting.poll().is_none());
        spawn(move || sign(waiting.finish(), 'w'));
        drop(overtaker);
        barge(&mutex, 'n');
        barge(&mutex, 'n');
        let overtook = overtook(&idle(&mutex), 'w');
        assert!(overtook <= 2, "{overtook} newcomers overtook");
        saw(overtook == 2, "as many as may overtake");
    });
}

of_both! {
    fifo: 5, 3;
    credit_is_shared: 3, 3;
}
