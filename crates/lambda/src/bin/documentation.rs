//! The function of the documents that anybody may read.

use lambda_runtime::Error;
use lastmile_doors::SystemRandom;
use lastmile_lambda::{Parts, service, start};

fn main() -> Result<(), Error> {
    start::run(async {
        let parts = Parts::of("documentation");
        let router = lastmile_http::documentation_router(parts.clock(), &SystemRandom);
        service::serve(parts, router).await
    })
}
