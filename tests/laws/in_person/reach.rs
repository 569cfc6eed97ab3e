//! That the stories about readers come to everything that readers do.

use super::*;

/// What readers did in a journal, what was told of it late, and what the world was asked.
fn reached(journal: &[Changes]) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let asked = journal.iter().flat_map(|changes| &changes.instructions).filter(|asked| is_question(asked));
    reached.extend(asked.map(|asked| match asked.object() {
        ObjectId::Charge(_) => "an attempt asked about".to_owned(),
        _ => "a refund asked about".to_owned(),
    }));
    for write in journal.iter().flat_map(|changes| &changes.records) {
        if let Record::Reader(reader) = &write.record
            && let Some(action) = reader.action()
        {
            reached.insert(format!("{} {}", action.kind().as_str(), action.status()));
        } else if let Record::PastAction(past) = &write.record
            && write.read_at > 0
        {
            let saved = past.action().saved_card().map_or("", |_| " saved");
            reached.insert(format!("late {} {}{saved}", past.action().kind().as_str(), past.action().status()));
        } else if let Record::Refund(refund) = &write.record
            && refund.is_in_person()
        {
            reached.insert(format!("refund {}", refund.status()));
        }
    }
    reached
}

/// The search has been where it should: in one long run everything that readers do has happened.
#[test]
fn the_stories_reach_what_readers_do() {
    let (start, mut journal) = (opened(), Vec::new());
    let (mut platform, mut world) = start.clone();
    let mut seeds = Draw::of(7);
    for number in 0..100_000 {
        if number % 400 == 0 {
            (platform, world) = start.clone();
        }
        let mut draw = Draw::of(u64::try_from(seeds.below(1 << 60)).unwrap());
        match draw.below(12) {
            0 => wait(&mut platform, &mut world, &mut draw, &mut journal),
            1..=7 => {
                if let Ok(decided) = platform.handle(request(&mut draw, &platform)) {
                    journal.push(decided.changes);
                }
            }
            _ => {
                if let Some(report) = report(&mut draw, &platform) {
                    journal.push(platform.record(&report).unwrap().changes);
                }
            }
        }
    }
    let reached = reached(&journal);
    for goal in [
        "process_payment_intent succeeded",
        "process_payment_intent failed",
        "process_payment_intent canceled",
        "collect_payment_method succeeded",
        "confirm_payment_intent in_progress",
        "refund_payment succeeded",
        "refund_payment failed",
        "refund_payment canceled",
        "refund pending",
        "refund succeeded",
        "refund canceled",
        "refund failed",
        "process_setup_intent succeeded",
        "process_setup_intent failed",
        "process_setup_intent canceled",
        "late process_payment_intent succeeded",
        "late process_payment_intent failed",
        "late collect_payment_method succeeded",
        "late refund_payment succeeded",
        "late process_setup_intent succeeded saved",
        "an attempt asked about",
        "a refund asked about",
    ] {
        assert!(reached.contains(goal), "no {goal} in {reached:#?}");
    }
}
