//! Every stored part of a quote is read back as it was put.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says where it stopped"
)]

use std::collections::BTreeMap;

use jiff::Timestamp;
use lastmile_model::address::{NormalAddress, parse};
use lastmile_model::availability::Confidence;
use lastmile_model::carrier::{
    AskPersonReason, CarrierReference, FailureReason, Firmness, Location, NotServedReason, Pending,
    Price, Product, Retry, Service, Step, Term, TermAnswer, UnknownReason,
};
use lastmile_model::claim::{Kbps, Technology};
use lastmile_model::geography::Coordinates;
use lastmile_model::identity::{NAME_MAX_BYTES, ProviderName, TenantId};
use lastmile_model::money::{Currency, Money};
use lastmile_model::quote::request::{
    Asked, LOCATIONS_MAX, PROVIDERS_MAX, SERVICES_MAX, TERMS_MAX,
};
use lastmile_model::quote::state::RejectedBy;
use lastmile_model::quote::{
    Cell, CellCounts, Grid, Line, LineSet, Priced, ProviderProgress, QuoteHead, QuoteId,
    QuoteState, Slice, Source, SupplyPlan,
};
use lastmile_store::key::{Errand, QuoteKey, quote_progress};
use lastmile_store::record::quotes::{
    SliceOf, StoredErrand, case_item, document_item, errand_item, head_item, places_item,
    progress_item, read_case, read_document, read_errand_item, read_head, read_places,
    read_progress_item, read_slice_item, read_supplies, slice_item, supplies_item,
};
use lastmile_store::{Capacity, Consistency};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn provider(name: &str) -> ProviderName {
    ProviderName::new(name).unwrap()
}

fn tenant() -> TenantId {
    TenantId::new("north").unwrap()
}

fn id() -> QuoteId {
    QuoteId::new(at(1_790_000_000), [3; 10])
}

fn head(state: QuoteState, providers: Vec<ProviderName>) -> QuoteHead {
    let service = |access| Service {
        product: Product::AccessELine,
        down: Kbps(1_000_000),
        up: Kbps(1_000_000),
        access,
    };
    QuoteHead {
        id: id(),
        tenant: tenant(),
        state,
        revision: 7,
        grid: Grid {
            locations: 2_000,
            providers,
            services: vec![service(None), service(Some(Technology::Fiber))],
            terms: [12, 36].map(|months| Term::new(months).unwrap()).to_vec(),
        },
        repeats: true,
        firmness: Firmness::FirmSubjectToFeasibility,
        deadline: at(1_790_000_600),
        providers_left: 2,
        updated: at(1_790_000_001),
    }
}

#[test]
fn heads_in_every_state() {
    let states = [
        QuoteState::InProgress,
        QuoteState::Pending,
        QuoteState::Approved { valid_until: at(9) },
        QuoteState::Accepted { at: at(9) },
        QuoteState::Rejected {
            at: at(9),
            by: RejectedBy::Customer,
        },
        QuoteState::Rejected {
            at: at(9),
            by: RejectedBy::NoProvider,
        },
        QuoteState::Cancelled { at: at(9) },
    ];
    for state in states {
        let head = head(state, vec![provider("Acme"), provider("Beacon")]);
        assert_eq!(read_head(&head_item(&head)).unwrap(), head);
    }
}

fn a_price() -> Price {
    let usd = |minor| Money {
        minor,
        currency: Currency::Usd,
    };
    Price {
        mrc: usd(120_000),
        nrc: usd(0),
        install_interval_days: Some(45),
        confidence: Confidence::Yellow,
        firmness: Firmness::Firm,
        carrier_quote: CarrierReference::new("Q-0007").ok(),
        valid_until: Some(at(77)),
    }
}

/// An answer of every kind, for a term each.
fn settled(price: &Price) -> Vec<(Term, TermAnswer)> {
    let answers = [
        TermAnswer::Priced(price.clone()),
        TermAnswer::IndividualCase {
            carrier_quote: None,
        },
        TermAnswer::AskPerson(AskPersonReason::NoPrice.into()),
        TermAnswer::NotServed(NotServedReason::TermNotOffered.into()),
        TermAnswer::AddressUnknown {
            why: UnknownReason::NotFound.into(),
            alternatives: Vec::new(),
        },
        TermAnswer::Failed {
            why: FailureReason::TimedOut.into(),
            retry: Retry::No,
        },
    ];
    (1..).map_while(Term::new).zip(answers).collect()
}

#[test]
fn lines_and_cells_of_every_kind() {
    let price = a_price();
    let priced = |source, note: Option<&str>| {
        Cell::Priced(Box::new(Priced {
            price: price.clone(),
            source,
            note: note.map(str::to_owned),
        }))
    };
    let mut cells = vec![
        priced(Source::Carrier, None),
        priced(Source::RateCard, None),
        priced(Source::Supplier(provider("Cable")), None),
        priced(Source::Person, Some("by telephone")),
        Cell::IcbPending(None),
        Cell::NotServed(None),
        Cell::Expired,
    ];
    cells.extend(AskPersonReason::ALL.map(|reason| Cell::IcbPending(Some(reason))));
    cells.extend(NotServedReason::ALL.map(|reason| Cell::NotServed(Some(reason))));
    cells.extend(UnknownReason::ALL.map(Cell::AddressUnknown));
    cells.extend(FailureReason::ALL.map(Cell::Failed));
    let settled = settled(&price);
    let pending = |step| {
        Line::Pending(Pending {
            step,
            id: CarrierReference::new("77").unwrap(),
            item: 3,
            place: CarrierReference::new("place").ok(),
            confidence: Some(Confidence::Green),
            ask_again_at: at(5),
            settled: settled.clone(),
        })
    };
    let mut lines = vec![
        Line::Waiting,
        Line::Partly(settled.clone()),
        Line::OffNet,
        Line::NotAsked,
        Line::Answered { cells, at: at(6) },
    ];
    lines.extend(Step::ALL.map(pending));
    let slice = Slice {
        services: 2,
        lines,
        asked_until: Some(at(8)),
        failures: 3,
        revision: 4,
    };
    let tenant = tenant();
    let quote = QuoteKey {
        tenant: &tenant,
        id: id(),
    };
    let acme = provider("Acme");
    for of in [SliceOf::Provider(&acme), SliceOf::Supplier(&acme)] {
        let item = slice_item(quote, 3, of, &slice);
        assert_eq!(read_slice_item(&item).unwrap(), slice);
    }
}

#[test]
fn places_plans_cases_errands_and_the_document() {
    let tenant = tenant();
    let quote = QuoteKey {
        tenant: &tenant,
        id: id(),
    };
    let written = "133 N Main St Apt 4, Port Alden, NH 03611";
    let place = |label: Option<&str>, coordinates| Asked {
        label: label.map(str::to_owned),
        written: written.to_owned(),
        location: Location {
            address: NormalAddress::of(&parse(written)),
            coordinates,
            carrier_place: None,
        },
    };
    let at_main = Coordinates {
        latitude: 43.5,
        longitude: -70.25,
    };
    let places = [place(None, None), place(Some("Shop 7"), Some(at_main))];
    let repeats = [None, Some(0)];
    let item = places_item(quote, 0, places.iter().zip(repeats));
    let read = read_places(&item).unwrap();
    assert_eq!(read.asked, places);
    assert_eq!(read.repeats, repeats);

    let plan = SupplyPlan {
        own_left: 3,
        wanted: BTreeMap::from([
            (provider("Acme"), LineSet::from_bits(1 << 79)),
            (provider("Beacon"), LineSet::from_bits(5)),
        ]),
        suppliers_left: 2,
        revision: 9,
    };
    assert_eq!(
        read_supplies(&supplies_item(quote, 0, &plan)).unwrap(),
        plan
    );

    let acme = provider("Acme");
    let case = read_case(&case_item(quote, 12, &acme, 60)).unwrap();
    assert_eq!((case.slice, &case.provider, case.cells), (12, &acme, 60));

    for errand in [Errand::Start, Errand::AskSuppliers(2), Errand::RollUp(2)] {
        let stored = StoredErrand {
            tenant: tenant.clone(),
            id: id(),
            errand,
        };
        let item = errand_item(&stored);
        assert!(item.streamed, "the relay hears of it");
        assert_eq!(read_errand_item(&item).unwrap(), stored);
    }
    let document = document_item(quote, "{\"description\":\"x\"}");
    assert_eq!(read_document(&document).unwrap(), "{\"description\":\"x\"}");
}

#[test]
fn the_progress_of_the_largest_quote_is_one_read_unit() {
    let longest = |number: usize| format!("{number:0NAME_MAX_BYTES$}");
    // Stands in the key of every item: with a name of more than 36 bytes it may be two units.
    let tenant = TenantId::new(&"t".repeat(36)).unwrap();
    let quote = QuoteKey {
        tenant: &tenant,
        id: id(),
    };
    // No more than all of a provider's cells: each location with every service and term.
    let cells = u64::try_from(LOCATIONS_MAX * SERVICES_MAX * TERMS_MAX).unwrap();
    let progress = ProviderProgress {
        slices_left: 100,
        counts: CellCounts {
            priced: cells / 6,
            icb_pending: cells / 6,
            not_served: cells / 6,
            address_unknown: cells / 6,
            failed: cells / 6,
            expired: cells / 6,
        },
        valid_until: Some(at(1_790_000_000)),
        revision: 100_000,
    };
    let mut weight = 0;
    for place in (0..).take(PROVIDERS_MAX) {
        let item = progress_item(quote, place, &progress);
        weight += item.weight();
        assert_eq!(read_progress_item(&item).unwrap(), (place, progress));
    }
    let mut head = head(QuoteState::InProgress, Vec::new());
    head.tenant = tenant.clone();
    let providers = (0..PROVIDERS_MAX).map(|number| provider(&longest(number)));
    head.grid.providers = providers.collect();
    let services = head.grid.services.iter().cycle().take(SERVICES_MAX);
    head.grid.services = services.cloned().collect();
    head.grid.terms = (1..).map_while(Term::new).take(TERMS_MAX).collect();
    weight += head_item(&head).weight();
    assert_eq!(quote_progress(quote).consistency, Consistency::Eventual);
    let read = Capacity::of_read(weight, Consistency::Eventual);
    assert!(read.read_units() <= 1.0, "{weight} bytes");
}
