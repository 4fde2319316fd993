//! A providers file that names the simulated carriers, so that they can be asked at once.

use std::net::SocketAddr;

/// What stands once in the file.
const CONTACT: &str = "[contact]
name = \"Quote desk\"
email = \"quotes@example.com\"
phone = \"+1 603 555 0100\"
";

/// The file; the secret is in the variable `LASTMILE_SIMULATOR_SECRET`.
pub(crate) fn text(address: SocketAddr, providers: u32) -> String {
    let mut text = CONTACT.to_owned();
    for number in 1..=providers {
        text.push_str(&format!(
            "
[[provider]]
name = \"Simulated {number:02}\"
kind = \"sonata\"
base_url = \"http://{address}/p{number}\"
token_url = \"http://{address}/p{number}/oauth2/token\"
client_id = \"lastmile\"
client_secret = {{ env = \"LASTMILE_SIMULATOR_SECRET\" }}
concurrent = 20

[provider.products.access_e_line]
offering = \"AEL-{number}\"
enni = \"ENNI-{number}\"

[provider.products.basic_internet_access]
offering = \"BIA-{number}\"

[provider.products.advanced_internet_access]
offering = \"AIA-{number}\"
"
        ));
    }
    text
}
