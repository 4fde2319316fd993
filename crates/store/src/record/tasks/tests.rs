use lastmile_model::Text;
use lastmile_model::address::matching::Correction;
use lastmile_model::address::{
    Address, AddressKind, NormalAddress, Parts, UnitKey, Unparsed, UnparsedReason, parse,
};
use lastmile_model::availability::assess::{assess, assess_hint};
use lastmile_model::availability::{
    Answer, Confidence, Criteria, Failure, Finding, KnownAddress, KnownUnit, Outcome, Place,
    PlaceMatch, Reason, Source, UnitFit, UnknownPlace, ValidationVerdict,
};
use lastmile_model::claim::{AreaHint, Claim, Kbps, ListPrice, Standing, Technology};
use lastmile_model::geography::{Cell, Coordinates};
use lastmile_model::identity::{ImportNumber, ListId, ListName, ProviderName};
use lastmile_model::money::{Currency, Money};
use proptest::prelude::*;
use proptest::sample::select;

use super::*;

const ADDRESSES: [&str; 5] = [
    "303 E 26th St Apt 4, Cheyenne, WY 82001",
    "12-34 Avenue C # 9, Queens, NY 11101",
    "100 1/2 Main St, Fargo, ND",
    "N165 W2123 Park Avenue West, Saint Cloud, WI 53079-1234",
    "1 North Ave, Cheyenne, WY 82001",
];

fn coded<T: Coded + std::fmt::Debug>() -> impl Strategy<Value = T> {
    select(T::ALL)
}

fn normal() -> impl Strategy<Value = NormalAddress> {
    select(&ADDRESSES[..]).prop_map(|text| NormalAddress::of(&parse(text)))
}

fn coordinates() -> impl Strategy<Value = Coordinates> {
    (-90_000_000..90_000_000_i32, -180_000_000..180_000_000_i32).prop_map(
        |(latitude, longitude)| Coordinates {
            latitude: f64::from(latitude) / 1e6,
            longitude: f64::from(longitude) / 1e6,
        },
    )
}

fn provider() -> impl Strategy<Value = ProviderName> {
    "[A-Za-z][A-Za-z0-9 .&'-]{0,20}[A-Za-z]"
        .prop_map(|name| ProviderName::new(&name).expect("a provider's name"))
}

fn claim() -> impl Strategy<Value = Claim> {
    let standing = select(vec![
        Standing::Offered,
        Standing::NotOffered,
        Standing::IndividualCase,
        Standing::NearNet,
        Standing::Restricted,
    ]);
    let speeds = proptest::collection::vec(proptest::option::of(any::<u64>()), 3);
    let texts = proptest::collection::vec(proptest::option::of(".{1,20}"), 2);
    (
        (provider(), normal(), standing, speeds),
        (
            texts,
            proptest::option::of(any::<i64>()),
            proptest::option::of(coordinates()),
        ),
        proptest::option::of(provider()),
    )
        .prop_map(
            |((provider, place, standing, speeds), (texts, mrc, at), underlying)| Claim {
                provider,
                building: place.building_key().expect("a building").into(),
                place: place.into(),
                technology: Technology::Fiber,
                product: texts[0].as_deref().map(Text::new),
                smallest: speeds[0].map(Kbps),
                down: speeds[1].map(Kbps),
                up: speeds[2].map(Kbps),
                standing,
                price: mrc.map(|minor| ListPrice {
                    mrc: Money {
                        minor,
                        currency: Currency::Usd,
                    },
                }),
                coordinates: at,
                provider_building_id: texts[1].as_deref().map(Text::new),
                underlying_provider: underlying,
            },
        )
}

fn source() -> impl Strategy<Value = Source> {
    (provider(), 1..u32::MAX, 0..20_000_i32).prop_map(|(provider, import, day)| Source {
        list: ListId {
            provider,
            name: ListName::new("main").expect("a list's name"),
        },
        import: ImportNumber(import),
        as_of: jiff::civil::date(1990, 1, 1).saturating_add(jiff::Span::new().days(day)),
    })
}

fn finding() -> impl Strategy<Value = Finding> {
    let today = jiff::civil::date(2026, 3, 3);
    let of_claim = (claim(), source())
        .prop_map(move |(claim, source)| assess(claim, source, Some("4"), today));
    let of_hint = (provider(), any::<u64>(), source()).prop_map(move |(provider, cell, source)| {
        let hint = AreaHint {
            provider,
            cell: Cell(cell),
            technology: Technology::Cable,
            down: Some(Kbps(cell)),
            up: None,
        };
        assess_hint(hint, source, today)
    });
    let near = (any::<Option<u32>>(), any::<Option<u32>>(), normal());
    let any_finding = prop_oneof![3 => of_claim, 1 => of_hint];
    let rest = (
        coded::<Outcome>(),
        coded::<Confidence>(),
        coded::<UnitFit>(),
    );
    (any_finding, proptest::option::of(near), rest).prop_map(|(mut finding, near, rest)| {
        if let Some((distance_m, houses, neighbour)) = near {
            finding.reason = Reason::NearNet {
                distance_m,
                houses,
                neighbour: neighbour.building_key().expect("a building").into(),
            };
        }
        (finding.outcome, finding.confidence, finding.unit_fit) = rest;
        finding
    })
}

fn matched() -> impl Strategy<Value = PlaceMatch> {
    let building = || normal().prop_map(|place| place.building_key().expect("a building"));
    let corrections = proptest::collection::vec(coded::<Correction>(), 0..4);
    prop_oneof![
        building().prop_map(PlaceMatch::Exact),
        (building(), corrections).prop_map(|(building, corrections)| PlaceMatch::Corrected {
            building,
            corrections
        }),
        proptest::collection::vec(building(), 1..5).prop_map(PlaceMatch::Alternatives),
        coded::<UnknownPlace>().prop_map(PlaceMatch::None),
    ]
}

fn place_answer() -> impl Strategy<Value = PlaceAnswer> {
    let findings = proptest::collection::vec(finding(), 0..4);
    prop_oneof![
        4 => (matched(), findings, any::<bool>()).prop_map(|(matched, findings, findings_cut)| {
            PlaceAnswer::Answered(Answer { matched, findings, findings_cut })
        }),
        1 => coded::<Failure>().prop_map(PlaceAnswer::Failed),
    ]
}

fn verdict() -> impl Strategy<Value = CheckVerdict> {
    let findings = || proptest::collection::vec(finding(), 0..3);
    (
        coded::<Outcome>(),
        proptest::option::of(matched()),
        findings(),
        any::<bool>(),
        findings(),
        proptest::option::of(coded::<Failure>()),
    )
        .prop_map(
            |(outcome, matched, findings, findings_cut, alternates, failure)| CheckVerdict {
                outcome,
                matched,
                findings,
                findings_cut,
                alternates,
                failure,
            },
        )
}

fn known() -> impl Strategy<Value = KnownAddress> {
    let units = proptest::collection::vec(("[A-Z0-9]{1,4}", any::<bool>()), 0..4);
    (
        normal(),
        proptest::option::of(coordinates()),
        units,
        any::<bool>(),
    )
        .prop_map(|(address, coordinates, units, units_cut)| {
            let building = address.building_key().expect("a building");
            let known_unit = |(unit, typed): (String, bool)| KnownUnit {
                key: UnitKey {
                    building: building.clone(),
                    unit: unit.into(),
                },
                unit_type: typed.then(|| "APT".into()),
            };
            KnownAddress {
                units: units.into_iter().map(known_unit).collect(),
                building,
                address,
                coordinates,
                units_cut,
            }
        })
}

fn validation() -> impl Strategy<Value = Validation> {
    let corrections = proptest::collection::vec(coded::<Correction>(), 0..3);
    let verdict = prop_oneof![
        known().prop_map(|known| ValidationVerdict::Valid(Box::new(known))),
        (known(), corrections, any::<bool>()).prop_map(|(known, corrections, unit_unknown)| {
            ValidationVerdict::Partial {
                known: Box::new(known),
                corrections,
                unit_unknown,
            }
        }),
        coded::<UnknownPlace>().prop_map(ValidationVerdict::Unknown),
    ];
    (verdict, proptest::collection::vec(known(), 0..3)).prop_map(|(verdict, alternatives)| {
        Validation {
            verdict,
            alternatives,
        }
    })
}

fn results() -> impl Strategy<Value = (TaskKind, u32, TaskResults)> {
    let count = |count: usize| u32::try_from(count).expect("a small count");
    prop_oneof![
        proptest::collection::vec(place_answer(), 1..6).prop_map(move |all| (
            TaskKind::Query,
            count(all.len()),
            TaskResults::Query(all)
        )),
        proptest::collection::vec(verdict(), 1..6).prop_map(move |all| (
            TaskKind::Check,
            count(all.len()),
            TaskResults::Check(all)
        )),
        validation().prop_map(|one| (
            TaskKind::Validation,
            1,
            TaskResults::Validation(Box::new(one))
        )),
    ]
}

fn task_item() -> impl Strategy<Value = TaskItem> {
    let text = || proptest::option::of(".{1,12}".prop_map(Text::from));
    let parts = (
        text(),
        text(),
        text(),
        text(),
        text(),
        text(),
        text(),
        text(),
        text(),
        text(),
    )
        .prop_map(
            |(number, predirectional, street, suffix, unit_type, unit, city, state, zip, zip4)| {
                Parts {
                    number,
                    predirectional,
                    street,
                    suffix,
                    postdirectional: None,
                    unit_type,
                    unit,
                    city,
                    state,
                    zip,
                    zip4,
                }
            },
        );
    let unparsed =
        (".{0,9}", coded::<UnparsedReason>()).prop_map(|(text, reason)| Unparsed { text, reason });
    let criteria = (
        proptest::collection::vec(provider(), 0..3),
        any::<Option<u64>>(),
        any::<Option<u64>>(),
    )
        .prop_map(|(providers, down, up)| Criteria {
            providers,
            technologies: vec![Technology::Fiber, Technology::NotFiber, Technology::Other],
            min_down: down.map(Kbps),
            min_up: up.map(Kbps),
        });
    (
        ".{0,40}",
        (
            coded::<AddressKind>(),
            parts,
            proptest::collection::vec(unparsed, 0..3),
        ),
        proptest::option::of(coordinates()),
        criteria,
    )
        .prop_map(
            |(document, (kind, parts, unparsed), coordinates, criteria)| TaskItem {
                document,
                place: Place {
                    address: Address {
                        kind,
                        parts,
                        unparsed,
                    },
                    coordinates,
                },
                criteria,
            },
        )
}

fn gist() -> impl Strategy<Value = Gist> {
    prop_oneof![
        Just(Gist::Query),
        proptest::option::of(coded::<Qualification>()).prop_map(Gist::Check),
        Just(Gist::Valid),
        any::<bool>().prop_map(|unit_unknown| Gist::Partial { unit_unknown }),
        coded::<UnknownPlace>().prop_map(Gist::Unknown),
    ]
}

fn state() -> impl Strategy<Value = TaskState> {
    let time = || {
        (0..4_000_000_000_000_000_i64)
            .prop_map(|us| Timestamp::from_microsecond(us).expect("in range"))
    };
    prop_oneof![
        Just(TaskState::Acknowledged),
        Just(TaskState::InProgress),
        (time(), proptest::option::of(gist())).prop_map(|(at, gist)| TaskState::Done { at, gist }),
        (time(), coded::<TaskFailure>())
            .prop_map(|(at, error)| TaskState::TerminatedWithError { at, error }),
    ]
}

fn header(kind: TaskKind, item_count: u32) -> TaskHeader {
    let created = Timestamp::from_second(1_772_539_200).expect("in range");
    TaskHeader {
        id: TaskId::new(created, [7; 10]),
        tenant: TenantId::new("north & south").expect("a tenant's name"),
        kind,
        state: TaskState::new(),
        version: 1,
        updated: created,
        expires: created,
        document: "{}".to_owned(),
        terms: Terms::default(),
        item_count,
    }
}

proptest! {
    #[test]
    fn headers_round_trip(
        kind in coded::<TaskKind>(),
        state in state(),
        (version, count) in any::<(u32, u32)>(),
        document in ".{0,60}",
        near_net in coded::<NearNet>(),
        provide_alternative in any::<bool>(),
        random in any::<[u8; 10]>(),
    ) {
        let plain = header(kind, count);
        let header = TaskHeader {
            id: TaskId::new(plain.created(), random),
            state,
            version,
            document,
            terms: Terms { near_net, provide_alternative },
            ..plain
        };
        let waiting = read_waiting(&waiting_item(&header)).expect("readable");
        let read = read_header(&header_item(&header)).expect("readable");
        prop_assert_eq!(&read, &header);
        let TaskHeader { tenant, kind, id, .. } = header;
        prop_assert_eq!(waiting, Waiting { tenant, kind, id });
    }

    #[test]
    fn items_round_trip_in_order(items in proptest::collection::vec(task_item(), 1..8)) {
        let header = header(TaskKind::Check, 0);
        let mut read = Vec::new();
        for chunk in item_chunks(&header, &items).expect("small items") {
            prop_assert!(matches!(key::read_task_part(&chunk.key), Some(TaskPart::Items(_))));
            read.extend(read_items(&chunk).expect("readable"));
        }
        prop_assert_eq!(read, items);
    }

    #[test]
    fn results_round_trip((kind, count, results) in results()) {
        let header = header(kind, count);
        let mut gathered = no_results(kind);
        for chunk in result_chunks(&header, &results).expect("small results") {
            prop_assert!(matches!(key::read_task_part(&chunk.key), Some(TaskPart::Results(_))));
            gathered.add(&chunk).expect("readable");
        }
        prop_assert_eq!(gathered.complete(count), Some(results));
    }

    #[test]
    fn chunks_are_small_and_lose_nothing(sizes in proptest::collection::vec(0..120_000_usize, 1..20)) {
        let header = header(TaskKind::Query, 0);
        let items: Vec<TaskItem> = sizes
            .iter()
            .map(|size| TaskItem {
                document: "x".repeat(*size),
                place: Place { address: parse("303 E 26th St, Cheyenne, WY"), coordinates: None },
                criteria: Criteria::default(),
            })
            .collect();
        let chunks = item_chunks(&header, &items).expect("each item fits");
        prop_assert!(chunks.iter().all(|chunk| chunk.weight() <= crate::limits::ITEM_MAX_BYTES));
        prop_assert!(chunks.windows(2).all(|pair| pair[0].key < pair[1].key));
        let read: Vec<TaskItem> =
            chunks.iter().flat_map(|chunk| read_items(chunk).expect("readable")).collect();
        prop_assert_eq!(read, items);
    }
}

#[test]
fn an_item_larger_than_a_chunk_is_refused() {
    let item = TaskItem {
        document: "x".repeat(TASK_CHUNK_MAX_BYTES),
        place: Place {
            address: parse(""),
            coordinates: None,
        },
        criteria: Criteria::default(),
    };
    let refused = item_chunks(&header(TaskKind::Query, 1), &[item]).expect_err("too large");
    assert!(refused.bytes > TASK_CHUNK_MAX_BYTES);
}

#[test]
fn missing_results_are_not_complete_and_damage_is_told() {
    let header = header(TaskKind::Query, 2);
    let one = TaskResults::Query(vec![PlaceAnswer::Failed(Failure::StoreBusy)]);
    let mut chunk = result_chunks(&header, &one).expect("small").remove(0);
    let mut gathered = no_results(TaskKind::Query);
    gathered.add(&chunk).expect("readable");
    assert_eq!(gathered.complete(2), None);
    chunk.attributes.insert(VALUE, Value::B(vec![0xFF, 0x00]));
    let damaged = no_results(TaskKind::Query).add(&chunk);
    assert!(matches!(damaged, Err(StoreError::Corrupt { .. })));
}

/// As headers were written before their state had a gist.
#[derive(Encode, Decode)]
enum OlderStateValue {
    #[n(2)]
    Done(#[n(0)] i64),
}

#[test]
fn a_state_without_a_gist_is_read_and_one_with_it_by_an_older_program() {
    let older = encoded(&OlderStateValue::Done(7));
    let read: StateValue = minicbor::decode(&older).expect("readable");
    assert!(matches!(read, StateValue::Done(7, None)));
    for gist in [Gist::Query, Gist::Check(Some(Qualification::Alternate))] {
        let newer = encoded(&StateValue::Done(7, Some(GistValue::of(gist))));
        let OlderStateValue::Done(at) = minicbor::decode(&newer).expect("readable");
        assert_eq!(at, 7);
    }
}

#[test]
fn every_code_is_unique_and_read_back() {
    fn check<T: Coded + PartialEq + std::fmt::Debug>() {
        for variant in T::ALL {
            assert_eq!(T::of(variant.code()), Some(*variant));
        }
        assert_eq!(T::of(u8::MAX), None);
    }
    check::<AddressKind>();
    check::<UnparsedReason>();
    check::<Correction>();
    check::<TaskKind>();
    check::<TaskFailure>();
    check::<Confidence>();
    check::<Failure>();
    check::<NearNet>();
    check::<Outcome>();
    check::<UnitFit>();
    check::<Qualification>();
    check::<UnknownPlace>();
}

#[test]
fn the_parts_of_a_task_sort_header_first_and_only_task_keys_are_read_as_such() {
    let header = header(TaskKind::Query, 1);
    let task = TaskKey {
        tenant: &header.tenant,
        kind: header.kind,
        id: header.id,
    };
    let parts = [
        TaskPart::Header,
        TaskPart::Items(0),
        TaskPart::Items(10),
        TaskPart::Results(0),
        TaskPart::Results(99_999),
    ];
    let keys = parts.map(|part| part_key(task, part));
    assert!(keys.is_sorted());
    for (key, part) in keys.iter().zip(parts) {
        assert_eq!(key.pk, key::task_parts(task).pk);
        assert_eq!(key::read_task_part(key), Some(part));
        assert_eq!(key::read_waiting_task(key), None);
    }
    let waiting = Key::WaitingTask { id: header.id }.primary();
    assert_eq!(key::read_waiting_task(&waiting), Some(header.id));
}
