//! Every sentence of the store's contract.

use lastmile_testkit::store::contract;

use super::emulator;
use super::outside::Outside;

#[tokio::test]
async fn dynamodb_keeps_the_contract_on_dynoxide() {
    let endpoint = emulator::dynoxide().await;
    contract::run(&emulator::store(&endpoint).await).await;
}

#[tokio::test]
async fn dynamodb_keeps_the_contract_on_the_emulator_outside() {
    let Some(endpoint) = emulator::outside() else {
        let variable = emulator::EMULATOR_VARIABLE;
        println!("skipped: {variable} does not name the endpoint of an emulator of AWS");
        return;
    };
    contract::run(&Outside(emulator::store(&endpoint).await)).await;
}
