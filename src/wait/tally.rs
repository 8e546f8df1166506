//! The total needs of a line's front, which rules 1 to 3 ask for most: counted in one way for a mutex, in
//! another for permits and items, in a third for slots.

/// The total needs of a line's front.
pub(crate) trait Tally {
    const NOTHING: Self;

    fn add(&mut self, need: u32);

    fn sub(&mut self, need: u32);

    /// The needs of the front, where they are counted.
    fn needs(&self) -> u64;

    /// What is free beyond the needs of the front.
    #[inline]
    fn spare(&self, _front_is_empty: bool, free: usize) -> usize {
        (free as u64).saturating_sub(self.needs()) as usize
    }

    /// Whether that is at least `need`.
    #[inline]
    fn fits(&self, _front_is_empty: bool, need: u32, free: usize) -> bool {
        self.needs() + u64::from(need) <= free as u64
    }

    /// Whether enough is free for the whole front, which has more than one waiter.
    #[inline]
    fn is_met_by(&self, free: usize) -> bool {
        free as u64 >= self.needs()
    }

    /// Whether the number of called waiters permits calling one more, behind the front.
    #[inline]
    fn may_call(&self, _free: usize) -> bool {
        true
    }

    /// The same for the waiter at `place` in the queue, counted from 0.
    #[inline]
    fn may_call_at(_place: usize, _free: usize) -> bool {
        true
    }
}

/// The tally of a mutex, which has only one permit: nothing to count.
#[derive(Debug)]
pub(crate) struct One;

/// The tally of waiters that are called as soon as enough is free.
#[derive(Debug)]
pub(crate) struct Needs(u64);

/// The tally of waiters that are called a few at a time.
#[derive(Debug)]
pub(crate) struct Few {
    needs: u64,
    called: u32,
}

/// How many waiters may be called while `free` units are free: 1 + log2.
#[inline]
fn few(free: usize) -> u32 {
    usize::BITS - free.leading_zeros()
}

impl Tally for One {
    const NOTHING: Self = Self;

    #[inline]
    fn add(&mut self, _: u32) {}

    #[inline]
    fn sub(&mut self, _: u32) {}

    #[inline]
    fn needs(&self) -> u64 {
        0
    }

    #[inline]
    fn spare(&self, front_is_empty: bool, free: usize) -> usize {
        if front_is_empty { free } else { 0 }
    }

    #[inline]
    fn fits(&self, front_is_empty: bool, _: u32, free: usize) -> bool {
        front_is_empty && free > 0
    }

    #[inline]
    fn is_met_by(&self, _: usize) -> bool {
        false
    }
}

impl Tally for Needs {
    const NOTHING: Self = Self(0);

    #[inline]
    fn add(&mut self, need: u32) {
        self.0 += u64::from(need);
    }

    #[inline]
    fn sub(&mut self, need: u32) {
        self.0 -= u64::from(need);
    }

    #[inline]
    fn needs(&self) -> u64 {
        self.0
    }
}

impl Tally for Few {
    const NOTHING: Self = Self {
        needs: 0,
        called: 0,
    };

    #[inline]
    fn add(&mut self, need: u32) {
        self.needs += u64::from(need);
        self.called += 1;
    }

    #[inline]
    fn sub(&mut self, need: u32) {
        self.needs -= u64::from(need);
        self.called -= 1;
    }

    #[inline]
    fn needs(&self) -> u64 {
        self.needs
    }

    #[inline]
    fn may_call(&self, free: usize) -> bool {
        // The same as `self.called < few(free)`.
        free.checked_shr(self.called).is_some_and(|rest| rest != 0)
    }

    #[inline]
    fn may_call_at(place: usize, free: usize) -> bool {
        place < few(free) as usize
    }
}
