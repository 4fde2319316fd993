use futures_util::{StreamExt, stream};
use lastmile_app::availability::{LookupOptions, lookup, lookup_many};
use lastmile_model::availability::PlaceAnswer;

use crate::town::{Listing, Town, asked};

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_answers_in_order_what_single_lookups_answer() {
    let town = Town::new();
    let mut list = Listing::of("Acme", 1);
    for number in (100..160).step_by(2) {
        list = list.lit(&format!("{number} E 26th St, Cheyenne, WY 82001"));
    }
    town.list(&list).await;
    let lists = town.availability.lists().await.expect("the lists are read");
    let context = &town.availability.context;
    let options = LookupOptions::default();
    let places: Vec<_> = (90..700)
        .map(|number| asked(&format!("{number} E 26th St, Cheyenne, WY 82001")))
        .collect();
    let numbered = stream::iter(places.clone().into_iter().enumerate());
    let answers: Vec<_> = lookup_many(context.clone(), lists.clone(), numbered, options)
        .collect()
        .await;
    assert_eq!(answers.len(), places.len());
    for (position, (number, answer)) in answers.into_iter().enumerate() {
        assert_eq!(number, position);
        let single = lookup(context, &lists, &places[position], &options)
            .await
            .expect("the store answers");
        assert_eq!(answer.value, PlaceAnswer::Answered(single.value));
    }
}
