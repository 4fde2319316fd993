//! One small file for each format.

use std::sync::Arc;

use lastmile_app::imports::{LoadError, Summary};
use lastmile_model::claim::{Claim, Kbps, Standing, Technology};
use lastmile_model::listing::layout::LayoutError;
use lastmile_model::listing::{Counts, Format};

use crate::world::{Watcher, World, as_format, mapped, request};

async fn loaded(text: &str) -> (World, Summary, Arc<Watcher>) {
    let (world, _) = World::new();
    let watcher = Arc::new(Watcher::default());
    let summary = world
        .watch(&request("Acme"), text, Arc::clone(&watcher))
        .await
        .expect("loaded");
    (world, summary, watcher)
}

/// What is compared of a claim: product, standing, bandwidths in Mbit/s, price in cents.
type Told<'c> = (&'c str, Standing, Option<u64>, Option<u64>, Option<i64>);

fn told(claims: &[Claim]) -> Vec<Told<'_>> {
    let mbps = |kbps: Option<Kbps>| kbps.map(|Kbps(kbps)| kbps / 1000);
    let mut told: Vec<_> = claims
        .iter()
        .map(|claim| {
            (
                claim.product.as_deref().unwrap_or_default(),
                claim.standing,
                mbps(claim.smallest),
                mbps(claim.down),
                claim.price.map(|price| price.mrc.minor),
            )
        })
        .collect();
    told.sort_unstable();
    told
}

#[tokio::test]
async fn offers() {
    let (world, summary, watcher) = loaded(include_str!("files/offers.csv")).await;
    assert_eq!(summary.format, Format::Offers);
    assert_eq!(summary.as_of.to_string(), "2022-04-17");
    assert_eq!(
        summary.counts,
        Counts {
            rows: 9,
            imported: 5,
            duplicates: 1,
            rejected: 3,
            warnings: 2,
            claims: 5,
            ..Counts::default()
        }
    );
    assert_eq!(
        watcher.rejected(),
        [(6, "not_a_building"), (7, "missing"), (8, "bad_bandwidth")]
    );
    assert_eq!(
        watcher.warned(),
        [(9, "price_dropped"), (9, "coordinates_dropped")]
    );
    let claims = world
        .claims("303 East 26th Street, Cheyenne, WY 82001")
        .await;
    assert_eq!(
        told(&claims),
        [
            ("DSL 10", Standing::Offered, None, Some(10), Some(5000)),
            ("Resold 10", Standing::Offered, None, Some(10), Some(4995)),
        ]
    );
    let resold = claims
        .iter()
        .find(|claim| claim.underlying_provider.is_some())
        .expect("a resold line");
    assert_eq!(resold.provider.as_str(), "Reseller");
    assert_eq!(resold.technology, Technology::Copper);
    assert!(resold.coordinates.is_some());
    let not_served = world.claims("307 E 26TH ST, CHEYENNE, WY 82001").await;
    assert_eq!(
        told(&not_served),
        [("", Standing::NotOffered, None, None, None)]
    );
}

#[tokio::test]
async fn lit_buildings_by_speed() {
    let (world, summary, watcher) = loaded(include_str!("files/lit_speeds.csv")).await;
    assert_eq!(summary.format, Format::LitSpeeds);
    assert_eq!(
        (
            summary.counts.imported,
            summary.counts.rejected,
            summary.counts.claims
        ),
        (3, 1, 8)
    );
    assert_eq!(watcher.rejected(), [(4, "nothing_said")]);
    assert_eq!(watcher.warned(), [(2, "zip_padded"), (5, "cell_dropped")]);
    let claims = world.claims("25 Commerce Court, Cheshire, CT 06410").await;
    assert_eq!(
        told(&claims),
        [
            (
                "10-100M Ethernet",
                Standing::Offered,
                Some(10),
                Some(100),
                None
            ),
            (
                "10G Ethernet",
                Standing::NotOffered,
                None,
                Some(10_000),
                None
            ),
            (
                "1G Ethernet",
                Standing::IndividualCase,
                None,
                Some(1_000),
                None
            ),
        ]
    );
    assert!(claims.iter().all(|claim| claim.provider.as_str() == "Acme"));
    assert_eq!(claims[0].provider_building_id.as_deref(), Some("CHSHCT01"));
}

#[tokio::test]
async fn lit_buildings_by_bandwidth() {
    let (world, summary, watcher) = loaded(include_str!("files/lit_bandwidth.csv")).await;
    assert_eq!(summary.format, Format::LitBandwidth);
    assert_eq!((summary.counts.imported, summary.counts.rejected), (2, 2));
    assert_eq!(watcher.rejected(), [(4, "bad_bandwidth"), (5, "missing")]);
    let claims = world.claims("1630 Douglas St, Uxbridge, MA 01569").await;
    assert_eq!(
        told(&claims),
        [(
            "Switched Ethernet",
            Standing::Offered,
            Some(10),
            Some(10_000),
            None
        )]
    );
    assert_eq!(claims[0].place.zip4.as_deref(), Some("2001"));
}

#[tokio::test]
async fn fcc_coverage() {
    let (world, summary, watcher) = loaded(include_str!("files/fcc_bdc.csv")).await;
    assert_eq!(summary.format, Format::FccBdc);
    assert_eq!(
        summary.counts,
        Counts {
            rows: 9,
            imported: 5,
            excluded: 2,
            rejected: 2,
            warnings: 1,
            claims: 4,
            ..Counts::default()
        }
    );
    assert_eq!(
        watcher.rejected(),
        [(10, "bad_cell"), (11, "bad_technology")]
    );
    assert_eq!(watcher.warned(), [(5, "name_folded")]);
    let cell = lastmile_model::geography::Cell(0x0882_bab5_303f_ffff);
    let page = world
        .context
        .store
        .query(&lastmile_store::key::area_hints(cell))
        .await
        .expect("a page");
    let mut hints: Vec<_> = page
        .value
        .items
        .iter()
        .map(|item| {
            lastmile_store::record::hint::from_item(item)
                .expect("a hint")
                .hint
        })
        .map(|hint| {
            (
                hint.provider.to_string(),
                hint.down.map(|Kbps(kbps)| kbps),
                hint.up.map(|Kbps(kbps)| kbps),
            )
        })
        .collect();
    hints.sort();
    assert_eq!(
        hints,
        [
            ("Acme Telecom".to_owned(), Some(1_000_000), Some(200_000)),
            ("Acme Wireless".to_owned(), None, None),
            ("Two Lines Inc".to_owned(), Some(500_000), None),
        ]
    );
}

#[tokio::test]
async fn a_list_of_its_own_by_a_column_map() {
    let map = include_str!("../../../../docs/examples/on-net-types.toml");
    let list = include_str!("../../../../docs/examples/on-net-types.csv");
    let (world, _) = World::new();
    let watcher = Arc::new(Watcher::default());
    let summary = world
        .watch(&mapped("Acme", map), list, Arc::clone(&watcher))
        .await
        .expect("loaded");
    assert_eq!(summary.format, Format::Mapped);
    assert_eq!(watcher.rejected(), [(8, "bad_standing")]);
    assert_eq!((summary.counts.imported, summary.counts.rejected), (5, 1));
    for (number, standing) in [
        (100, Standing::Offered),
        (102, Standing::NearNet),
        (104, Standing::NearNet),
        (106, Standing::Restricted),
        (108, Standing::Offered),
    ] {
        let claims = world
            .claims(&format!("{number} Main St, Springfield, IL 62701"))
            .await;
        assert_eq!(claims.len(), 1, "{number}");
        assert_eq!(claims[0].standing, standing, "{number}");
        assert_eq!(claims[0].technology, Technology::Fiber);
        assert!(claims[0].provider_building_id.is_some());
    }
}

#[tokio::test]
async fn speed_columns_prices_and_providers_by_a_column_map() {
    let map = r#"
        [header]
        delimiter = ";"
        [columns]
        number = "no"
        street = "street"
        city = "town"
        state = "st"
        zip = "zip"
        provider = "who"
        mrc = "monthly"
        standing = "sold"
        [fixed]
        technology = "fiber"
        [words.standing]
        stopped = "restricted"
        [[speeds]]
        column = "1G"
        [[speeds]]
        column = "big"
        product = "Big Pipe"
        down = "10 Gbps"
        up = "5 Gbps"
    "#;
    let list = "no;street;town;st;zip;who;monthly;sold;1G;big\n\
        5;Oak Ave;Fargo;ND;58102;Beta;$1,250.00;;Y;ICB\n\
        7;Oak Ave;Fargo;ND;58102;Beta;ICB;;Y;N\n\
        9;Oak Ave;Fargo;ND;58102;Gamma;90;stopped;Y;\n";
    let (world, _) = World::new();
    let summary = world
        .load(&mapped("Collector", map), list)
        .await
        .expect("loaded");
    assert_eq!((summary.counts.imported, summary.counts.claims), (3, 5));
    assert_eq!(
        told(&world.claims("5 Oak Ave, Fargo, ND 58102").await),
        [
            ("1G", Standing::Offered, None, Some(1_000), Some(125_000)),
            (
                "Big Pipe",
                Standing::IndividualCase,
                None,
                Some(10_000),
                Some(125_000)
            ),
        ]
    );
    assert_eq!(
        told(&world.claims("7 Oak Ave, Fargo, ND 58102").await),
        [
            ("1G", Standing::IndividualCase, None, Some(1_000), None),
            ("Big Pipe", Standing::NotOffered, None, Some(10_000), None),
        ]
    );
    let stopped = world.claims("9 Oak Ave, Fargo, ND 58102").await;
    assert_eq!(stopped[0].standing, Standing::Restricted);
    assert_eq!(stopped[0].provider.as_str(), "Gamma");
}

#[tokio::test]
async fn a_file_that_is_not_what_it_says_is_refused() {
    let (world, store) = World::new();
    let lit = include_str!("files/lit_speeds.csv");
    let refused = world.load(&as_format("Acme", Format::Offers), lit).await;
    let Err(LoadError::Layout(LayoutError::NotThatFormat {
        asked,
        missing,
        looks_like,
    })) = refused
    else {
        panic!("{refused:?}");
    };
    assert_eq!(
        (asked, looks_like),
        (Format::Offers, Some(Format::LitSpeeds))
    );
    assert!(missing.contains(&"address_full".to_owned()));

    let unknown = world.load(&request("Acme"), "name,age\nx,1\n").await;
    assert!(matches!(
        unknown,
        Err(LoadError::Layout(LayoutError::UnknownFormat { .. }))
    ));
    let no_map = world
        .load(&as_format("Acme", Format::Mapped), "name,age\nx,1\n")
        .await;
    assert!(matches!(
        no_map,
        Err(LoadError::Layout(LayoutError::MapMissing))
    ));
    assert!(matches!(
        world.load(&request("Acme"), "").await,
        Err(LoadError::Empty)
    ));
    let binary = b"PK\x03\x04\x00\xff\n".to_vec();
    assert!(matches!(
        world.load(&request("Acme"), binary).await,
        Err(LoadError::NotText)
    ));
    assert_eq!(store.items(), [], "nothing was written");
}

#[tokio::test]
async fn regression_a_zip_within_a_line_gets_its_zeros_back() {
    let (world, _) = World::new();
    let text = "address_full,state,provider,price,speed_down,speed_up\n\
                \"3 OAK ST,KEENE,NH 3431,USA\",NH,Acme,50,100,5\n\
                \"4 OAK ST, NH 3431\",NH,Acme,50,100,5\n\
                \"5 OAK ST,CHESHIRE,CT 6410-0012,USA\",CT,Acme,50,100,5\n\
                \"6 OAK ST,CHEYENNE,WY 8200,USA\",WY,Acme,50,100,5\n";
    let watcher = Arc::new(Watcher::default());
    let summary = world.watch(&request("Acme"), text, watcher.clone()).await;
    assert_eq!(summary.expect("loaded").counts.imported, 4);
    assert_eq!(
        watcher.warned(),
        [
            (2, "zip_padded"),
            (3, "zip_padded"),
            (4, "zip_padded"),
            (5, "zip_dropped")
        ]
    );
    for address in [
        "3 Oak St, Keene, NH 03431",
        "4 Oak St, Keene, NH 03431",
        "4 Oak St, Keene, NH 3431",
        "5 Oak St, Cheshire, CT 06410",
        "6 Oak St, Cheyenne, WY",
    ] {
        assert_eq!(world.claims(address).await.len(), 1, "{address}");
    }
}
