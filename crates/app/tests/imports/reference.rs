//! The real files, where they are at hand.

use std::fs;

use lastmile_model::listing::Format;
use lastmile_testkit::reference_data;

use crate::world::{World, request};

async fn loaded(file: &str, format: Format, rows: u64, least_imported: u64) {
    let Some(path) = reference_data::path(file) else {
        return;
    };
    let (world, _) = World::new();
    let bytes = fs::read(path).expect("readable");
    let summary = world
        .load(&request("collector"), bytes)
        .await
        .expect("loaded");
    let counts = summary.counts;
    assert_eq!((summary.format, counts.rows), (format, rows), "{file}");
    assert!(counts.imported >= least_imported, "{file}: {counts:?}");
    assert_eq!(
        counts.rows,
        counts.imported + counts.duplicates + counts.excluded + counts.rejected,
        "{file}"
    );
}

#[tokio::test]
async fn offers_files_are_read_whole() {
    loaded("offers/cheyenne_offers.csv", Format::Offers, 3800, 3790).await;
    loaded("offers/fargo_offers.csv", Format::Offers, 4531, 4500).await;
}

#[tokio::test]
async fn lit_building_files_are_read_whole() {
    let speeds = "litbuildings/cablelabs_lit-building-list-sample1.csv";
    loaded(speeds, Format::LitSpeeds, 10, 10).await;
    let bandwidth = "litbuildings/cablelabs_lit-building-list-sample2.csv";
    loaded(bandwidth, Format::LitBandwidth, 14, 14).await;
}

#[tokio::test]
async fn fcc_rows_are_read_whole() {
    loaded("fcc/bdc_fixed_header_and_rows.csv", Format::FccBdc, 3, 3).await;
}
