//! Found by reading: wakers that do something between two batches of a call, in a clone that is not
//! needed, or when an item was put back.

use std::cell::RefCell;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::task::{Context, Poll, RawWaker, RawWakerVTable, Wake, Waker};
use wakeful::{Fairness, Mutex, Queue, queue};

struct Count(AtomicUsize);
impl Wake for Count {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, SeqCst);
    }
}
fn counter() -> (Arc<Count>, Waker) {
    let c = Arc::new(Count(AtomicUsize::new(0)));
    (c.clone(), c.into())
}

// A waker that runs closures on wake / clone / drop (single thread).
type Hook = Box<dyn FnMut()>;
struct Hooks {
    wake: RefCell<Option<Hook>>,
    clone: RefCell<Option<Hook>>,
    drop: RefCell<Option<Hook>>,
}
fn run(h: &RefCell<Option<Hook>>) {
    let f = h.borrow_mut().take();
    if let Some(mut f) = f {
        f();
    }
}
static VT: RawWakerVTable = RawWakerVTable::new(
    |p| unsafe {
        let h = p.cast::<Hooks>();
        Rc::increment_strong_count(h);
        run(&(*h).clone);
        RawWaker::new(p, &VT)
    },
    |p| unsafe {
        let h = Rc::from_raw(p.cast::<Hooks>());
        run(&h.wake);
    },
    |p| unsafe {
        run(&(*p.cast::<Hooks>()).wake);
    },
    |p| unsafe {
        let h = Rc::from_raw(p.cast::<Hooks>());
        run(&h.drop);
    },
);
fn hooks() -> (Rc<Hooks>, Waker) {
    let h = Rc::new(Hooks {
        wake: None.into(),
        clone: None.into(),
        drop: None.into(),
    });
    let w = unsafe { Waker::from_raw(RawWaker::new(Rc::into_raw(h.clone()).cast(), &VT)) };
    (h, w)
}

#[test]
fn a_pop_that_its_own_poll_sends_away_waits_on() {
    let (tx, rx) = queue::bounded::<u32>(4);
    let permit = tx.try_reserve().unwrap();
    let rx: &'static _ = Box::leak(Box::new(rx));
    let (h, hw) = hooks();
    let mut first = Box::pin(rx.recv());
    assert!(
        first
            .as_mut()
            .poll(&mut Context::from_waker(&hw))
            .is_pending()
    );
    let mut others: Vec<_> = (0..18).map(|_| Box::pin(rx.recv())).collect();
    let (_c0, w0) = counter();
    for o in &mut others {
        assert!(o.as_mut().poll(&mut Context::from_waker(&w0)).is_pending());
    }
    let (c, w) = counter();
    let last = Rc::new(RefCell::new(Box::pin(rx.recv())));
    assert!(
        last.borrow_mut()
            .as_mut()
            .poll(&mut Context::from_waker(&w))
            .is_pending()
    );
    let l = last.clone();
    let w2 = w.clone();
    *h.wake.borrow_mut() = Some(Box::new(move || {
        // polled by its own task (spuriously, say) between two batches of the close
        assert!(
            l.borrow_mut()
                .as_mut()
                .poll(&mut Context::from_waker(&w2))
                .is_pending()
        );
    }));
    tx.close();
    // everybody else cancels
    drop(first);
    drop(others);
    let before = c.0.load(SeqCst);
    permit.send(7);
    assert!(
        c.0.load(SeqCst) > before || before > 0,
        "lost wake-up: an item is queued, {} , nobody was woken",
        rx.len()
    );
}

#[test]
fn force_push_with_an_item_put_back_overflows_no_ring() {
    let q: &'static Queue<String> = Box::leak(Box::new(Queue::bounded(1)));
    q.try_push("X".to_string()).unwrap();
    let (h, hw) = hooks();
    let mut p = Box::pin(q.push("P".to_string()));
    assert!(p.as_mut().poll(&mut Context::from_waker(&hw)).is_pending());
    let p = Rc::new(RefCell::new(p));
    let p2 = p.clone();
    *h.wake.borrow_mut() = Some(Box::new(move || {
        let (_, w) = counter();
        assert!(
            p2.borrow_mut()
                .as_mut()
                .poll(&mut Context::from_waker(&w))
                .is_ready()
        );
        panic!("waker");
    }));
    assert!(catch_unwind(AssertUnwindSafe(|| q.try_pop())).is_err());
    let out = q.force_push("F".to_string()).unwrap();
    let mut got = vec![];
    while q.len() > 0 {
        got.push(q.try_pop().unwrap());
    }
    let ptrs: Vec<_> = got.iter().map(|s| s.as_ptr()).collect();
    std::mem::forget(got);
    assert!(
        ptrs.len() < 2 || ptrs[0] != ptrs[1],
        "the same String was popped twice: double free"
    );
}

#[test]
fn a_panic_in_the_drop_of_a_spare_waker_holds_no_lock() {
    let m: &'static Mutex<()> = Box::leak(Box::new(Mutex::new(())));
    let guard = Rc::new(RefCell::new(Some(m.try_lock().unwrap())));
    let (h, hw) = hooks();
    let g = guard.clone();
    *h.clone.borrow_mut() = Some(Box::new(move || {
        g.borrow_mut().take();
    }));
    *h.drop.borrow_mut() = Some(Box::new(|| panic!("drop of a waker")));
    let mut lock = Box::pin(m.lock());
    let r = catch_unwind(AssertUnwindSafe(|| {
        let p = lock.as_mut().poll(&mut Context::from_waker(&hw));
        p.is_ready()
    }));
    drop(lock);
    std::mem::forget(hw);
    assert!(m.try_lock().is_ok(), "locked for ever");
}
#[test]
fn a_panic_in_the_drop_of_a_spare_waker_loses_no_item() {
    let q: &'static Queue<u32> = Box::leak(Box::new(Queue::bounded(2)));
    let (h, hw) = hooks();
    *h.clone.borrow_mut() = Some(Box::new(move || {
        q.try_push(1).unwrap();
    }));
    *h.drop.borrow_mut() = Some(Box::new(|| panic!("drop of a waker")));
    let mut pop = Box::pin(q.pop());
    let r = catch_unwind(AssertUnwindSafe(|| {
        let _p = pop.as_mut().poll(&mut Context::from_waker(&hw));
    }));
    assert!(r.is_err());
    drop(pop);
    std::mem::forget(hw);
    assert_eq!(q.len(), 1, "the item is lost");
}

#[test]
fn a_stream_is_terminated_only_after_it_gave_none() {
    use futures::stream::FusedStream;
    let (tx, rx) = queue::bounded::<u32>(1);
    drop(tx);
    assert!(!rx.is_terminated(), "this handle gave no None yet");
}

#[test]
fn at_a_rendezvous_what_was_put_back_comes_first() {
    let q: &'static Queue<u32> = Box::leak(Box::new(Queue::bounded(0)));
    let (h, hw) = hooks();
    let (_, w) = counter();
    let mut a = Box::pin(q.push(1));
    let mut b = Box::pin(q.push(2));
    assert!(a.as_mut().poll(&mut Context::from_waker(&hw)).is_pending());
    assert!(b.as_mut().poll(&mut Context::from_waker(&w)).is_pending());
    *h.wake.borrow_mut() = Some(Box::new(|| panic!("waker")));
    assert!(catch_unwind(AssertUnwindSafe(|| q.try_pop())).is_err());
    assert_eq!(q.try_pop(), Ok(1));
}

#[cfg(feature = "futures-sink")]
#[test]
fn a_stored_push_that_its_own_poll_sends_away_goes_on() {
    use futures::Sink;
    const N: usize = 1 << 20;
    let q = Queue::<u32>::bounded(N).with_fairness(Fairness::FIFO);
    let (tx, rx) = q.into_channel();
    for i in 0..N as u32 {
        tx.try_send(i).unwrap();
    }
    let tx2: &'static _ = Box::leak(Box::new(tx.clone()));
    let (h, hw) = hooks();
    let mut first = Box::pin(tx2.send(0));
    assert!(
        first
            .as_mut()
            .poll(&mut Context::from_waker(&hw))
            .is_pending()
    );
    let (_c0, w0) = counter();
    let mut others: Vec<_> = (0..18).map(|_| Box::pin(tx2.send(1))).collect();
    for o in &mut others {
        assert!(o.as_mut().poll(&mut Context::from_waker(&w0)).is_pending());
    }
    let (c, w) = counter();
    let sink = Rc::new(RefCell::new(tx.clone()));
    Pin::new(&mut *sink.borrow_mut()).start_send(99).unwrap();
    assert!(
        Pin::new(&mut *sink.borrow_mut())
            .poll_flush(&mut Context::from_waker(&w))
            .is_pending()
    );
    let s = sink.clone();
    let w2 = w.clone();
    *h.wake.borrow_mut() = Some(Box::new(move || {
        let flushed = Pin::new(&mut *s.borrow_mut()).poll_flush(&mut Context::from_waker(&w2));
        assert!(flushed.is_ready());
    }));
    assert_eq!(rx.drain().len(), N);
    // all others finish
    let (_c, w1) = counter();
    assert!(
        first
            .as_mut()
            .poll(&mut Context::from_waker(&w1))
            .is_ready()
    );
    for o in &mut others {
        assert!(o.as_mut().poll(&mut Context::from_waker(&w1)).is_ready());
    }
    while rx.try_recv().is_ok() {}
    for i in 0..10 {
        tx.try_send(i).unwrap();
        rx.try_recv().unwrap();
    }
}
