//! A platform that knows only what it is given decides as the whole one does.

use fundroute::journal::{Changes, Deadline};
use fundroute::payouts::{NewReserveHold, NewReservePlan, NewReserveRelease, ReserveCommand};
use fundroute::platform::Identity;
use fundroute::prelude::*;

use super::{Shop, percent};

/// A worker that knows nothing, and is given what it asks for; tells in how many rounds.
fn worked<T>(store: &Platform, now: Timestamp, mut step: impl FnMut(&mut Platform) -> Result<T, Error>) -> (T, usize) {
    let who = Identity { platform: store.id(), livemode: false };
    let mut worker = Platform::partial(who, store.rulebook().clone(), now);
    let mut round = 0;
    loop {
        match step(&mut worker) {
            Err(Error::NotLoaded(keys)) if round < 10 => {
                worker.load(keys.into_iter().map(|key| store.look_up(key)));
                round += 1;
            }
            done => return (done.unwrap(), round),
        }
    }
}

fn same(shop: &mut Shop, on: Option<fundroute::ids::AccountId>, command: Command) -> usize {
    let request = Request::new(shop.key(), command);
    let request = if let Some(account) = on { request.acting_as(account) } else { request };
    let (decided, rounds) = worked(&shop.platform, shop.platform.now(), |worker| worker.decide(&request));
    let whole = shop.platform.handle(request).unwrap();
    assert_eq!(decided.changes, whole.changes);
    rounds
}

fn fires(shop: &Shop, deadline: Deadline) -> Changes {
    let (changes, _) = worked(&shop.platform, deadline.due, |worker| worker.decide_due(deadline));
    changes
}

#[test]
fn a_worker_writes_the_same_journal() {
    let mut shop = Shop::open();
    let jo = shop.jo;
    let reserve = |command| Command::Reserve(command);
    let plan = NewReservePlan::rolling(jo, percent(25), 30);
    assert!(same(&mut shop, None, reserve(ReserveCommand::CreatePlan(plan))) <= 2);
    let plan = shop.platform.balance_settings(jo).unwrap().reserve_plan(USD).unwrap();
    let sales: Vec<_> = (0..40).map(|_| shop.direct(100_00)).collect();
    assert!(same(&mut shop, Some(jo), Command::CreateRefund(NewRefund::of(sales[0]))) <= 2);
    shop.wait(3);
    let hold = shop.held(sales[1]).id();
    let some = NewReserveRelease::of(hold).amount(usd(1_00));
    assert!(same(&mut shop, None, reserve(ReserveCommand::Release(some))) <= 3);
    let alone = NewReserveHold::of(jo, usd(5_00));
    assert!(same(&mut shop, None, reserve(ReserveCommand::Hold(alone))) <= 2);
    let disable = fundroute::payouts::DisableReservePlan { plan };
    assert!(same(&mut shop, None, reserve(ReserveCommand::DisablePlan(disable))) <= 2);
    // The clock: three goes, and what stands alone.
    let mut goes = 0;
    loop {
        let Some(deadline) = shop.platform.deadlines().next().copied() else { break };
        let changes = fires(&shop, deadline);
        let whole = shop.platform.advance_to(deadline.due).unwrap();
        assert_eq!(vec![changes], whole[..1], "{deadline:?}");
        goes += 1;
    }
    assert!(goes >= 4, "{goes}");
    assert_eq!(shop.purse().2, 0);
    shop.sound();
}
