use std::sync::Arc;

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::assess::{assess_hint, best_first, is_stale};
use super::near::{NEAR_NET_MAX_HOUSES, NEAR_NET_MAX_M, Neighbour, interpolate, merge, near_net};
use super::sentence::MatchSentence;
use super::*;
use crate::Text;
use crate::address::NormalAddress;
use crate::claim::Standing;
use crate::geography::Cell;
use crate::identity::ListName;

const TODAY: Date = date(2026, 3, 20);
const AS_OF: Date = date(2026, 3, 3);

fn provider(name: &str) -> ProviderName {
    ProviderName::new(name).expect("a provider's name")
}

fn building(number: &str) -> BuildingKey {
    format!("82001:W-10TH-ST:{number}")
        .parse()
        .expect("a building key")
}

fn source(as_of: Date) -> Source {
    Source {
        list: ListId {
            provider: provider("Acme"),
            name: ListName::new("main").expect("a list's name"),
        },
        import: ImportNumber(3),
        as_of,
    }
}

fn claim(by: &str, number: &str, standing: Standing) -> Claim {
    Claim {
        provider: provider(by),
        building: building(number).into(),
        place: Arc::default(),
        technology: Technology::Fiber,
        product: None,
        smallest: None,
        down: Some(Kbps(1_000_000)),
        up: None,
        standing,
        price: None,
        coordinates: None,
        provider_building_id: None,
        underlying_provider: None,
    }
}

fn unit_claim(unit: &str) -> Claim {
    let place = NormalAddress {
        unit: Some(unit.into()),
        ..NormalAddress::default()
    };
    Claim {
        place: place.into(),
        ..claim("Acme", "318", Standing::Offered)
    }
}

fn lit(by: &str, number: &str, coordinates: Option<Coordinates>) -> Neighbour {
    Neighbour {
        claim: Box::new(Claim {
            coordinates,
            ..claim(by, number, Standing::Offered)
        }),
        source: source(AS_OF),
    }
}

/// A point `east_m` metres along W 10th Street.
fn along(east_m: f64) -> Option<Coordinates> {
    Some(Coordinates {
        latitude: 41.13,
        longitude: -104.82 + east_m / 83_850.0,
    })
}

#[test]
fn what_a_list_says_decides_outcome_confidence_and_reason() {
    let cases = [
        (
            Standing::Offered,
            "served",
            "green",
            "on-net list of 3 March 2026",
        ),
        (
            Standing::NotOffered,
            "not_served",
            "red",
            "listed as not available, list of 3 March 2026",
        ),
        (
            Standing::IndividualCase,
            "ask_person",
            "yellow",
            "priced case by case by a person (ICB), list of 3 March 2026",
        ),
        (
            Standing::NearNet,
            "ask_person",
            "yellow",
            "route at the building, construction needed, list of 3 March 2026",
        ),
        (
            Standing::Restricted,
            "not_served",
            "red",
            "on the list but not sellable, list of 3 March 2026",
        ),
    ];
    for (standing, outcome, confidence, reason) in cases {
        let finding = assess(claim("Acme", "318", standing), source(AS_OF), None, TODAY);
        assert_eq!(finding.outcome.as_str(), outcome);
        assert_eq!(finding.confidence.as_str(), confidence);
        assert_eq!(sentence(&finding).to_string(), reason);
    }
}

#[test]
fn a_list_of_more_than_180_days_is_believed_less_and_says_so() {
    let on_the_day = date(2026, 8, 30);
    assert!(!is_stale(AS_OF, on_the_day));
    assert!(is_stale(AS_OF, date(2026, 8, 31)));
    let old = assess(
        claim("Acme", "318", Standing::Offered),
        source(AS_OF),
        None,
        date(2026, 8, 31),
    );
    assert_eq!(
        (old.outcome, old.confidence),
        (Outcome::Served, Confidence::Yellow)
    );
    assert_eq!(
        sentence(&old).to_string(),
        "on-net list of 3 March 2026, list older than 180 days"
    );
}

#[test]
fn a_claim_for_another_unit_is_believed_less_and_says_so() {
    let same = assess(unit_claim("4B"), source(AS_OF), Some("4B"), TODAY);
    assert_eq!(
        (same.confidence, same.unit_fit),
        (Confidence::Green, UnitFit::Same)
    );
    let whole = assess(unit_claim("4B"), source(AS_OF), None, TODAY);
    assert_eq!(
        (whole.confidence, whole.unit_fit),
        (Confidence::Green, UnitFit::Building)
    );
    let other = assess(unit_claim("4B"), source(AS_OF), Some("9"), TODAY);
    assert_eq!(
        (other.outcome, other.confidence),
        (Outcome::Served, Confidence::Yellow)
    );
    assert_eq!(
        sentence(&other).to_string(),
        "on-net list of 3 March 2026, for unit 4B of the building"
    );
}

#[test]
fn near_net_names_the_nearest_lit_neighbour_of_each_provider() {
    let neighbours = [
        lit("Acme", "300", along(0.0)),
        lit("Acme", "318", along(180.0)),
        lit("Bolt", "340", along(400.0)),
        lit("Cord", "500", along(2_000.0)),
    ];
    let findings = near_net(&building("310"), along(100.0), &neighbours, TODAY);
    let said: Vec<_> = findings
        .iter()
        .map(|finding| {
            (
                finding.basis.provider().as_str(),
                sentence(finding).to_string(),
            )
        })
        .collect();
    assert_eq!(
        said,
        [
            (
                "Acme",
                "near-net 80 m from 318 W 10TH ST, list of 3 March 2026".to_owned()
            ),
            (
                "Bolt",
                "near-net 300 m from 340 W 10TH ST, list of 3 March 2026".to_owned()
            ),
        ]
    );
    assert!(findings.iter().all(|finding| {
        (finding.outcome, finding.confidence) == (Outcome::AskPerson, Confidence::Yellow)
    }));
}

#[test]
fn without_coordinates_houses_are_counted() {
    let mut neighbours: Vec<_> = (0..30_u32)
        .map(|step| {
            let number = (320 + 2 * step).to_string();
            Neighbour {
                claim: claim("Dull", &number, Standing::NotOffered).into(),
                source: source(AS_OF),
            }
        })
        .collect();
    neighbours.push(lit("Acme", "324", None));
    neighbours.push(lit("Bolt", "370", None));
    let findings = near_net(&building("310"), None, &neighbours, TODAY);
    assert_eq!(
        findings.len(),
        1,
        "Bolt is more than {NEAR_NET_MAX_HOUSES} houses away"
    );
    assert_eq!(
        sentence(&findings[0]).to_string(),
        "near-net 3 houses from 324 W 10TH ST, list of 3 March 2026"
    );
}

#[test]
fn wireless_and_unsellable_neighbours_are_not_near_net() {
    let mut wireless = lit("Acme", "312", along(10.0));
    wireless.claim.technology = Technology::LicensedFixedWireless;
    let mut restricted = lit("Bolt", "312", along(10.0));
    restricted.claim.standing = Standing::Restricted;
    let mut stubbed = lit("Cord", "312", along(10.0));
    stubbed.claim.standing = Standing::NearNet;
    let neighbours = [wireless, restricted, stubbed];
    assert_eq!(
        near_net(&building("310"), along(0.0), &neighbours, TODAY),
        []
    );
}

#[test]
fn a_restricted_building_stays_restricted_however_near_its_neighbour() {
    let own = vec![assess(
        claim("Acme", "310", Standing::Restricted),
        source(AS_OF),
        None,
        TODAY,
    )];
    let neighbours = [
        lit("Acme", "312", along(10.0)),
        lit("Bolt", "312", along(10.0)),
    ];
    let near = near_net(&building("310"), along(0.0), &neighbours, TODAY);
    let hint = AreaHint {
        provider: provider("BOLT"),
        cell: Cell(1),
        technology: Technology::Fiber,
        down: None,
        up: None,
    };
    let hints = vec![assess_hint(hint, source(AS_OF), TODAY)];
    let merged = merge(own, near, hints);
    let said: Vec<_> = merged
        .iter()
        .map(|finding| (finding.basis.provider().as_str(), finding.outcome.as_str()))
        .collect();
    assert_eq!(said, [("Bolt", "ask_person"), ("Acme", "not_served")]);
}

#[test]
fn coordinates_are_interpolated_between_the_neighbours_on_either_side_only() {
    let neighbours = [
        lit("Acme", "300", along(0.0)),
        lit("Acme", "340", along(200.0)),
        lit("Acme", "400", along(3_000.0)),
    ];
    let at = interpolate(&building("310"), &neighbours).expect("between 300 and 340");
    let wanted = along(50.0).expect("a point");
    assert!(at.distance_m(wanted) < 1.0);
    assert_eq!(
        interpolate(&building("290"), &neighbours),
        None,
        "nothing below"
    );
    assert_eq!(
        interpolate(&building("410"), &neighbours),
        None,
        "nothing above"
    );
    assert_eq!(
        interpolate(&building("350"), &neighbours),
        None,
        "the stretch is too long"
    );
}

#[test]
fn criteria_must_all_hold() {
    let finding = assess(
        claim("Acme", "318", Standing::Offered),
        source(AS_OF),
        None,
        TODAY,
    );
    let any = Criteria::default();
    assert!(any.is_any() && any.admits(&finding));
    let fiber = Criteria {
        providers: vec![provider("ACME")],
        technologies: criteria::Category::Wired.technologies().to_vec(),
        min_down: Some(Kbps(1_000_000)),
        min_up: None,
    };
    assert!(fiber.admits(&finding));
    let faster = Criteria {
        min_down: Some(Kbps(1_000_001)),
        ..fiber.clone()
    };
    assert!(!faster.admits(&finding));
    let upload = Criteria {
        min_up: Some(Kbps(1)),
        ..fiber.clone()
    };
    assert!(!upload.admits(&finding), "the claim names no upload");
    let wireless = Criteria {
        technologies: criteria::Category::FixedWireless.technologies().to_vec(),
        ..fiber
    };
    assert!(!wireless.admits(&finding));
}

#[test]
fn a_match_says_its_corrections() {
    let corrected = PlaceMatch::Corrected {
        building: building("318"),
        corrections: vec![Correction::Spelling, Correction::Suffix],
    };
    assert_eq!(
        MatchSentence(&corrected).to_string(),
        "corrected (spelling, suffix)"
    );
    assert_eq!(
        MatchSentence(&PlaceMatch::Exact(building("318"))).to_string(),
        "exact"
    );
}

fn any_finding() -> impl Strategy<Value = Finding> {
    let standing = prop_oneof![
        Just(Standing::Offered),
        Just(Standing::NotOffered),
        Just(Standing::IndividualCase),
        Just(Standing::NearNet),
        Just(Standing::Restricted),
    ];
    let unit = prop_oneof![Just(None), Just(Some("4B")), Just(Some("9"))];
    (
        "[A-D]",
        standing,
        unit,
        proptest::option::of(0..5_u64),
        0..400_i64,
    )
        .prop_map(|(by, standing, unit, down, age_days)| {
            let mut claim = unit_claim(unit.unwrap_or("1"));
            Arc::make_mut(&mut claim.place).unit = unit.map(Text::new);
            claim.provider = provider(&by);
            claim.standing = standing;
            claim.down = down.map(Kbps);
            let as_of = TODAY.saturating_sub(jiff::Span::new().days(age_days));
            assess(claim, source(as_of), Some("4B"), TODAY)
        })
}

proptest! {
    #[test]
    fn green_is_served_by_a_fresh_list_for_the_unit(finding in any_finding()) {
        if finding.confidence == Confidence::Green {
            prop_assert_eq!(finding.outcome, Outcome::Served);
            prop_assert!(!finding.stale);
            prop_assert_ne!(finding.unit_fit, UnitFit::Other);
        }
        prop_assert_eq!(finding.confidence == Confidence::Red, finding.outcome == Outcome::NotServed);
    }

    #[test]
    fn the_order_is_total_and_puts_served_first(
        mut findings in proptest::collection::vec(any_finding(), 0..12),
    ) {
        findings.sort_by(best_first);
        for pair in findings.windows(2) {
            prop_assert_ne!(best_first(&pair[0], &pair[1]), std::cmp::Ordering::Greater);
            let served = |finding: &Finding| finding.outcome == Outcome::Served;
            prop_assert!(served(&pair[0]) || !served(&pair[1]));
        }
    }

    #[test]
    fn near_net_is_never_served_and_never_far(
        houses in proptest::collection::vec((1..60_u32, 0.0..2_000.0_f64, any::<bool>()), 0..20),
        asked in 1..60_u32,
        known in any::<bool>(),
    ) {
        let neighbours: Vec<_> = houses
            .iter()
            .map(|(number, east_m, geocoded)| {
                lit("Acme", &number.to_string(), along(*east_m).filter(|_| *geocoded))
            })
            .collect();
        let asked = building(&asked.to_string());
        let at = along(0.0).filter(|_| known);
        for finding in near_net(&asked, at, &neighbours, TODAY) {
            prop_assert_eq!(finding.outcome, Outcome::AskPerson);
            prop_assert_eq!(finding.confidence, Confidence::Yellow);
            let Reason::NearNet { distance_m, houses, neighbour } = finding.reason else {
                return Err(TestCaseError::fail("not near-net"));
            };
            prop_assert_ne!(&*neighbour, &asked);
            prop_assert!(distance_m.is_none_or(|metres| metres <= NEAR_NET_MAX_M));
            prop_assert!(distance_m.is_some() || houses.is_some_and(|houses| houses <= NEAR_NET_MAX_HOUSES));
        }
    }

    #[test]
    fn task_ids_round_trip_and_sort_by_time(first in 0..4_000_000_000_000_i64, later in 1..1_000_000_i64, random in any::<[u8; 10]>(), other in any::<[u8; 10]>()) {
        let at = |ms: i64| jiff::Timestamp::from_millisecond(ms).expect("in range");
        let id = task::TaskId::new(at(first), random);
        prop_assert_eq!(id.to_string().parse(), Ok(id));
        prop_assert_eq!(id.created(), at(first));
        let next = task::TaskId::new(at(first + later), other);
        prop_assert!(id < next && id.to_string() < next.to_string());
    }
}

#[test]
fn a_finished_task_refuses_every_move() {
    use task::{Gist, TaskFailure, TaskState};
    let at = jiff::Timestamp::UNIX_EPOCH;
    let begun = TaskState::new().begin().expect("acknowledged may begin");
    assert_eq!(
        begun.begin(),
        Ok(TaskState::InProgress),
        "a worker may begin again"
    );
    assert!(
        TaskState::new().finish(at, Gist::Query).is_err(),
        "nothing is done that was not begun"
    );
    let done = begun
        .finish(at, Gist::Query)
        .expect("in progress may finish");
    let given_up = begun
        .give_up(at, TaskFailure::StoreFailed)
        .expect("may be given up");
    for last in [done, given_up] {
        assert!(last.is_final());
        assert!(last.begin().is_err());
        assert!(last.finish(at, Gist::Query).is_err());
        assert!(last.give_up(at, TaskFailure::StoreFailed).is_err());
    }
    let refused = done.begin().expect_err("done stays done");
    assert_eq!(
        refused.to_string(),
        "a task that is done cannot become inProgress"
    );
}

#[test]
fn text_that_is_no_task_id_is_refused() {
    for text in [
        "",
        "12",
        "+0000000000000000000000000000001",
        "0000000000000000000000000000000G",
    ] {
        assert_eq!(text.parse::<task::TaskId>(), Err(task::BadTaskId));
    }
}
