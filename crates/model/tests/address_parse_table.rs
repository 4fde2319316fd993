//! Addresses of every kind with the parts that a careful reader finds in them.

use std::fmt::Write;

use lastmile_model::Text;
use lastmile_model::address::{Address, Parts, parse};

/// The kind, the parts that are there and what was set aside, separated by ` | `.
fn written(address: &Address) -> String {
    let Parts {
        number,
        predirectional,
        street,
        suffix,
        postdirectional,
        unit_type,
        unit,
        city,
        state,
        zip,
        zip4,
    } = &address.parts;
    let parts = [
        ("number", number),
        ("predirectional", predirectional),
        ("street", street),
        ("suffix", suffix),
        ("postdirectional", postdirectional),
        ("unit_type", unit_type),
        ("unit", unit),
        ("city", city),
        ("state", state),
        ("zip", zip),
        ("zip4", zip4),
    ];
    let mut text = address.kind.as_str().to_owned();
    for (name, part) in parts {
        if let Some(part) = part {
            let _ = write!(text, " | {name}={part}");
        }
    }
    for piece in &address.unparsed {
        let _ = write!(text, " | {}={}", piece.reason.as_str(), piece.text);
    }
    text
}

#[test]
fn addresses_of_every_kind_come_apart() {
    for &(text, expected) in TABLE {
        assert_eq!(written(&parse(text)), expected, "{text}");
    }
}

#[test]
fn letter_case_changes_nothing_but_itself() {
    for &(text, _) in TABLE {
        let (lower, upper) = (parse(&text.to_lowercase()), parse(&text.to_uppercase()));
        assert_eq!(
            written(&lower).to_uppercase(),
            written(&upper).to_uppercase(),
            "{text}"
        );
    }
}

#[rustfmt::skip]
const TABLE: &[(&str, &str)] = &[
    ("303 E 26TH ST,CHEYENNE,WY 82001,USA", "street | number=303 | predirectional=E | street=26TH | suffix=ST | city=CHEYENNE | state=WY | zip=82001 | country=USA"),
    ("10 birchwood park dr s cherry hill nj 08003-1128", "street | number=10 | street=birchwood park | suffix=dr | postdirectional=s | city=cherry hill | state=nj | zip=08003 | zip4=1128"),
    ("123 Avenue C, Brooklyn, NY 11218", "street | number=123 | street=Avenue C | city=Brooklyn | state=NY | zip=11218"),
    ("45 Avenue C Brooklyn NY 11218", "street | number=45 | street=Avenue C | city=Brooklyn | state=NY | zip=11218"),
    ("100 North Ave, Burlington, VT 05401", "street | number=100 | street=North | suffix=Ave | city=Burlington | state=VT | zip=05401"),
    ("100 North Ave Burlington VT 05401", "street | number=100 | street=North | suffix=Ave | city=Burlington | state=VT | zip=05401"),
    ("12 Court St Boston MA 02108", "street | number=12 | street=Court | suffix=St | city=Boston | state=MA | zip=02108"),
    ("700 Park Avenue West, Mansfield, OH 44906", "street | number=700 | street=Park | suffix=Avenue | postdirectional=West | city=Mansfield | state=OH | zip=44906"),
    ("221 Rue Antoinette, Slidell, LA 70458", "street | number=221 | street=Rue Antoinette | city=Slidell | state=LA | zip=70458"),
    ("2002 FM 544 Wylie, TX 75098", "street | number=2002 | street=FM 544 | city=Wylie | state=TX | zip=75098"),
    ("1200 US HWY 190 W Livingston TX 77351", "street | number=1200 | street=US HWY 190 | postdirectional=W | city=Livingston | state=TX | zip=77351"),
    ("W1234 COUNTY ROAD UV, Elkhorn WI 53121", "street | number=W1234 | street=COUNTY ROAD UV | city=Elkhorn | state=WI | zip=53121"),
    ("12-34 56th Ave, Flushing, NY 11355", "street | number=12-34 | street=56th | suffix=Ave | city=Flushing | state=NY | zip=11355"),
    ("12-34 56th Ave Apt 3B Flushing NY 11355", "street | number=12-34 | street=56th | suffix=Ave | unit_type=Apt | unit=3B | city=Flushing | state=NY | zip=11355"),
    ("100 1/2 Main St Cambridge MA 02139", "street | number=100 1/2 | street=Main | suffix=St | city=Cambridge | state=MA | zip=02139"),
    ("100-102 Main St, Cambridge, MA 02139", "street | number=100-102 | street=Main | suffix=St | city=Cambridge | state=MA | zip=02139"),
    ("PO BOX 318 Farmington ME 04938", "po_box | city=Farmington | state=ME | zip=04938 | box=PO BOX 318"),
    ("RR 2 BOX 18 Farmington ME 04938", "rural_route | city=Farmington | state=ME | zip=04938 | box=RR 2 BOX 18"),
    ("HC 2333 BOX 85 Foo TX 77777", "rural_route | city=Foo | state=TX | zip=77777 | box=HC 2333 BOX 85"),
    ("Main St & 5th Ave, New York, NY", "intersection | street=Main | suffix=St | city=New York | state=NY | cross_street=& 5th Ave"),
    ("MAIN ST AND 5TH AVE NEW YORK NY 10001", "intersection | street=MAIN | suffix=ST | city=NEW YORK | state=NY | zip=10001 | cross_street=AND 5TH AVE"),
    ("1234 NW 12th St #4, Oklahoma City, OK 73103", "street | number=1234 | predirectional=NW | street=12th | suffix=St | unit_type=# | unit=4 | city=Oklahoma City | state=OK | zip=73103"),
    ("1234 NW 12th St # 4B Oklahoma City OK 73103", "street | number=1234 | predirectional=NW | street=12th | suffix=St | unit_type=# | unit=4B | city=Oklahoma City | state=OK | zip=73103"),
    ("1600 Pennsylvania Ave NW Washington DC 20500", "street | number=1600 | street=Pennsylvania | suffix=Ave | postdirectional=NW | city=Washington | state=DC | zip=20500"),
    ("1600 Pennsylvania Avenue Northwest, Washington, District of Columbia 20500", "street | number=1600 | street=Pennsylvania | suffix=Avenue | postdirectional=Northwest | city=Washington | state=District of Columbia | zip=20500"),
    ("350 5th Ave Fl 34 New York NY 10118", "street | number=350 | street=5th | suffix=Ave | unit_type=Fl | unit=34 | city=New York | state=NY | zip=10118"),
    ("350 Fifth Avenue, 34th Floor, New York, NY 10118-3299", "street | number=350 | street=Fifth | suffix=Avenue | unit_type=Floor | unit=34th | city=New York | state=NY | zip=10118 | zip4=3299"),
    ("1 Main St Bldg 4 Apt 12 Salem OR 97301", "street | number=1 | street=Main | suffix=St | unit_type=Apt | unit=12 | city=Salem | state=OR | zip=97301 | second_unit=Bldg 4"),
    ("5 Elm St Rear, Boston, MA 02111", "street | number=5 | street=Elm | suffix=St | unit=Rear | city=Boston | state=MA | zip=02111"),
    ("5 Elm St Bsmt Boston MA 02111", "street | number=5 | street=Elm | suffix=St | unit=Bsmt | city=Boston | state=MA | zip=02111"),
    ("77 Massachusetts Ave, Cambridge MA 02139 United States", "street | number=77 | street=Massachusetts | suffix=Ave | city=Cambridge | state=MA | zip=02139 | country=United States"),
    ("400 Broad St Seattle WA 98109", "street | number=400 | street=Broad | suffix=St | city=Seattle | state=WA | zip=98109"),
    ("1 Broadway, New York, NY 10004", "street | number=1 | street=Broadway | city=New York | state=NY | zip=10004"),
    ("1 Broadway New York NY 10004", "street | number=1 | street=Broadway | city=New York | state=NY | zip=10004"),
    ("200 Main, Houston TX 77002", "street | number=200 | street=Main | city=Houston | state=TX | zip=77002"),
    ("9 Apt 4, Boston", "street | number=9 | unit_type=Apt | unit=4 | city=Boston"),
    ("N165 W2123 Tartan Ct Jackson, WI 53037", "street | number=N165 W2123 | street=Tartan | suffix=Ct | city=Jackson | state=WI | zip=53037"),
    ("N6W23001 Bluemound Rd, Waukesha, WI 53188", "street | number=N6W23001 | street=Bluemound | suffix=Rd | city=Waukesha | state=WI | zip=53188"),
    ("5 W Main St Fort Wayne IN 46802", "street | number=5 | predirectional=W | street=Main | suffix=St | city=Fort Wayne | state=IN | zip=46802"),
    ("1801 Park Ave St Louis MO 63104", "street | number=1801 | street=Park | suffix=Ave | city=St Louis | state=MO | zip=63104"),
    ("88 St Marks Pl New York NY 10003", "street | number=88 | street=St Marks | suffix=Pl | city=New York | state=NY | zip=10003"),
    ("12 St James Ave Boston MA 02116", "street | number=12 | street=St James | suffix=Ave | city=Boston | state=MA | zip=02116"),
    ("15 The Circle, Newport RI", "street | number=15 | street=The Circle | city=Newport | state=RI"),
    ("2100 S Colorado Blvd Denver CO 80222", "street | number=2100 | predirectional=S | street=Colorado | suffix=Blvd | city=Denver | state=CO | zip=80222"),
    ("123 Main St Unit 5 North Las Vegas NV 89030", "street | number=123 | street=Main | suffix=St | unit_type=Unit | unit=5 | city=North Las Vegas | state=NV | zip=89030"),
    ("123 Main St North Las Vegas NV 89030", "street | number=123 | street=Main | suffix=St | city=North Las Vegas | state=NV | zip=89030"),
    ("123 Lake Ave Lake Forest IL 60045", "street | number=123 | street=Lake | suffix=Ave | city=Lake Forest | state=IL | zip=60045"),
    ("1 Lake Shore Dr Chicago IL", "street | number=1 | street=Lake Shore | suffix=Dr | city=Chicago | state=IL"),
    ("44 Country Club Rd, Avon, CT 06001", "street | number=44 | street=Country Club | suffix=Rd | city=Avon | state=CT | zip=06001"),
    ("44 Country Club Rd Avon CT", "street | number=44 | street=Country Club | suffix=Rd | city=Avon | state=CT"),
    ("10 County Rd 5, Ely MN 55731", "street | number=10 | street=County Rd 5 | city=Ely | state=MN | zip=55731"),
    ("1500 State Route 104, Ontario, NY 14519", "street | number=1500 | street=State Route 104 | city=Ontario | state=NY | zip=14519"),
    ("7000 Interstate 35 N Austin TX 78752", "street | number=7000 | street=Interstate 35 | postdirectional=N | city=Austin | state=TX | zip=78752"),
    ("123 Highway 6 S, Houston, TX", "street | number=123 | street=Highway 6 | postdirectional=S | city=Houston | state=TX"),
    ("Highway 34 East, Albia, IA 52531", "place | street=Highway 34 | postdirectional=East | city=Albia | state=IA | zip=52531"),
    ("Acme Corp, 12 Elm St, Dover, DE 19901", "street | number=12 | street=Elm | suffix=St | city=Dover | state=DE | zip=19901 | recipient=Acme Corp"),
    ("John Smith 12 Elm St Dover DE 19901", "street | number=12 | street=Elm | suffix=St | city=Dover | state=DE | zip=19901 | recipient=John Smith"),
    ("C/O Bob, 12 Elm St, Dover, DE", "street | number=12 | street=Elm | suffix=St | city=Dover | state=DE | recipient=C/O Bob"),
    ("112 TELFORD STREET EXT", "street | number=112 | street=TELFORD STREET | suffix=EXT"),
    ("1106 Commonwealth Ave Ste 4", "street | number=1106 | street=Commonwealth | suffix=Ave | unit_type=Ste | unit=4"),
    ("1106 Commonwealth Ave #4, Boston MA 02215", "street | number=1106 | street=Commonwealth | suffix=Ave | unit_type=# | unit=4 | city=Boston | state=MA | zip=02215"),
    ("99 High St 9R, Boston, MA", "street | number=99 | street=High | suffix=St | unit=9R | city=Boston | state=MA"),
    ("10 Downing Street", "street | number=10 | street=Downing | suffix=Street"),
    ("3000 N 3000 W Ogden UT 84404", "street | number=3000 | predirectional=N | street=3000 | postdirectional=W | city=Ogden | state=UT | zip=84404"),
    ("450 E 300 S Salt Lake City UT 84111", "street | number=450 | predirectional=E | street=300 | postdirectional=S | city=Salt Lake City | state=UT | zip=84111"),
    ("450 South 300 East, Salt Lake City, Utah 84111", "street | number=450 | predirectional=South | street=300 | postdirectional=East | city=Salt Lake City | state=Utah | zip=84111"),
    ("500 Calle Del Sol San Juan PR 00901", "street | number=500 | street=Calle Del Sol | city=San Juan | state=PR | zip=00901"),
    ("500 Calle Del Sol, San Juan, Puerto Rico 00901", "street | number=500 | street=Calle Del Sol | city=San Juan | state=Puerto Rico | zip=00901"),
    ("Unit 100 Box 4, APO AE 09001", "po_box | city=APO | state=AE | zip=09001 | box=Unit 100 Box 4"),
    ("PSC 3 Box 1234 APO AP 96266", "po_box | city=APO | state=AP | zip=96266 | box=PSC 3 Box 1234"),
    ("12 Elm", "street | number=12 | street=Elm"),
    ("Elm Street", "place | street=Elm | suffix=Street"),
    ("Boston MA", "place | city=Boston | state=MA"),
    ("02134", "place | zip=02134"),
    ("Boston, MA 02134", "place | city=Boston | state=MA | zip=02134"),
    ("MA", "unknown | recipient=MA"),
    ("foo", "unknown | recipient=foo"),
    ("", "unknown"),
    ("!!!", "unknown"),
    ("123", "unknown | recipient=123"),
    ("123 Main St Apt", "street | number=123 | street=Main | suffix=St | unit_type=Apt"),
    ("123 Main St, Apt 4, 5th Floor, Reno, NV", "street | number=123 | street=Main | suffix=St | unit_type=Apt | unit=4 | city=Reno | state=NV | second_unit=5th Floor"),
    ("25 Highland Park Village Dallas TX 75205", "street | number=25 | street=Highland Park | suffix=Village | city=Dallas | state=TX | zip=75205"),
    ("1 Infinite Loop Cupertino CA 95014", "street | number=1 | street=Infinite | suffix=Loop | city=Cupertino | state=CA | zip=95014"),
    ("1 Martin Luther King Jr Blvd Detroit MI 48201", "street | number=1 | street=Martin Luther King Jr | suffix=Blvd | city=Detroit | state=MI | zip=48201"),
    ("8 Dr Martin Luther King Jr Dr Detroit MI 48201", "street | number=8 | street=Dr Martin Luther King Jr | suffix=Dr | city=Detroit | state=MI | zip=48201"),
    ("2 World Trade Center New York NY 10007", "street | number=2 | street=World Trade | suffix=Center | city=New York | state=NY | zip=10007"),
    ("30 Rockefeller Plaza New York NY 10112", "street | number=30 | street=Rockefeller | suffix=Plaza | city=New York | state=NY | zip=10112"),
    ("1 Ave of the Americas New York NY 10013", "street | number=1 | street=Ave of the Americas | city=New York | state=NY | zip=10013"),
    ("1211 Avenue of the Americas, New York, NY 10036", "street | number=1211 | street=Avenue of the Americas | city=New York | state=NY | zip=10036"),
    ("6 Avenue A Bayonne NJ 07002", "street | number=6 | street=Avenue A | city=Bayonne | state=NJ | zip=07002"),
    ("17 E Ave Norwalk CT 06851", "street | number=17 | street=E | suffix=Ave | city=Norwalk | state=CT | zip=06851"),
    ("17 East Ave, Norwalk, CT 06851", "street | number=17 | street=East | suffix=Ave | city=Norwalk | state=CT | zip=06851"),
    ("1200 East West Hwy Silver Spring MD 20910", "street | number=1200 | street=East West | suffix=Hwy | city=Silver Spring | state=MD | zip=20910"),
    ("1 E Street SE Washington DC", "street | number=1 | street=E | suffix=Street | postdirectional=SE | city=Washington | state=DC"),
    ("22 Street Rd Southampton PA 18966", "street | number=22 | street=Street | suffix=Rd | city=Southampton | state=PA | zip=18966"),
    ("3 Broadway Ave E Seattle WA 98102", "street | number=3 | street=Broadway | suffix=Ave | postdirectional=E | city=Seattle | state=WA | zip=98102"),
    ("303 East 26th Street, Cheyenne WY", "street | number=303 | predirectional=East | street=26th | suffix=Street | city=Cheyenne | state=WY"),
    ("303 E 26TH ST APT 4,CHEYENNE,WY 82001,USA", "street | number=303 | predirectional=E | street=26TH | suffix=ST | unit_type=APT | unit=4 | city=CHEYENNE | state=WY | zip=82001 | country=USA"),
    ("2811 ROAD 205,CHEYENNE,WY 82007,USA", "street | number=2811 | street=ROAD 205 | city=CHEYENNE | state=WY | zip=82007 | country=USA"),
    ("5320 US HIGHWAY 30,CHEYENNE,WY 82001,USA", "street | number=5320 | street=US HIGHWAY 30 | city=CHEYENNE | state=WY | zip=82001 | country=USA"),
    ("4016 W LINCOLNWAY,CHEYENNE,WY 82001,USA", "street | number=4016 | predirectional=W | street=LINCOLNWAY | city=CHEYENNE | state=WY | zip=82001 | country=USA"),
    ("1 CHAPARRAL CT UNIT A,CHEYENNE,WY 82001,USA", "street | number=1 | street=CHAPARRAL | suffix=CT | unit_type=UNIT | unit=A | city=CHEYENNE | state=WY | zip=82001 | country=USA"),
    ("2412 N ST,CHEYENNE,WY 82001,USA", "street | number=2412 | street=N | suffix=ST | city=CHEYENNE | state=WY | zip=82001 | country=USA"),
    ("12 OLD HWY 81 S,FARGO,ND 58104,USA", "street | number=12 | street=OLD HWY 81 | postdirectional=S | city=FARGO | state=ND | zip=58104 | country=USA"),
    ("12 45TH ST S,FARGO,ND 58104,USA", "street | number=12 | street=45TH | suffix=ST | postdirectional=S | city=FARGO | state=ND | zip=58104 | country=USA"),
    ("12 45TH ST S STE 210,FARGO,ND 58104,USA", "street | number=12 | street=45TH | suffix=ST | postdirectional=S | unit_type=STE | unit=210 | city=FARGO | state=ND | zip=58104 | country=USA"),
    ("100 E. Main St. Ste.200, Mesa, AZ 85201", "street | number=100 | predirectional=E | street=Main | suffix=St | unit_type=Ste | unit=200 | city=Mesa | state=AZ | zip=85201"),
    ("100 W.Washington St, Phoenix AZ 85003", "street | number=100 | predirectional=W | street=Washington | suffix=St | city=Phoenix | state=AZ | zip=85003"),
    ("12 Oak Ln Apt 3, Troy, NY 12180", "street | number=12 | street=Oak | suffix=Ln | unit_type=Apt | unit=3 | city=Troy | state=NY | zip=12180"),
    ("12 Oak Ln Basement, Troy, NY 12180", "street | number=12 | street=Oak | suffix=Ln | unit=Basement | city=Troy | state=NY | zip=12180"),
    ("12 Oak Ln Bldg C, Troy, NY 12180", "street | number=12 | street=Oak | suffix=Ln | unit_type=Bldg | unit=C | city=Troy | state=NY | zip=12180"),
    ("12 Oak Ln Dept 5, Troy, NY 12180", "street | number=12 | street=Oak | suffix=Ln | unit_type=Dept | unit=5 | city=Troy | state=NY | zip=12180"),
    ("12 Oak Ln Floor 2, Troy, NY 12180", "street | number=12 | street=Oak | suffix=Ln | unit_type=Floor | unit=2 | city=Troy | state=NY | zip=12180"),
    ("12 Oak Ln Front, Troy, NY 12180", "street | number=12 | street=Oak | suffix=Ln | unit=Front | city=Troy | state=NY | zip=12180"),
    ("12 Oak Ln Hangar 7, Troy, NY 12180", "street | number=12 | street=Oak | suffix=Ln | unit_type=Hangar | unit=7 | city=Troy | state=NY | zip=12180"),
    ("12 Oak Ln Key 4, Troy, NY 12180", "street | number=12 | street=Oak | suffix=Ln | unit_type=Key | unit=4 | city=Troy | state=NY | zip=12180"),
    ("12 Oak Ln Lobby, Troy, NY 12180", "street | number=12 | street=Oak | suffix=Ln | unit=Lobby | city=Troy | state=NY | zip=12180"),
    ("12 Oak Ln Lot 19, Troy, NY 12180", "street | number=12 | street=Oak | suffix=Ln | unit_type=Lot | unit=19 | city=Troy | state=NY | zip=12180"),
    ("12 Oak Ln Lower, Troy, NY 12180", "street | number=12 | street=Oak | suffix=Ln | unit=Lower | city=Troy | state=NY | zip=12180"),
    ("12 Oak Ln Office, Troy, NY 12180", "street | number=12 | street=Oak | suffix=Ln | unit=Office | city=Troy | state=NY | zip=12180"),
    ("12 Oak Ln PH 2, Troy, NY 12180", "street | number=12 | street=Oak | suffix=Ln | unit_type=PH | unit=2 | city=Troy | state=NY | zip=12180"),
    ("12 Oak Ln Pier 9, Troy, NY 12180", "street | number=12 | street=Oak | suffix=Ln | unit_type=Pier | unit=9 | city=Troy | state=NY | zip=12180"),
    ("12 Oak Ln Rear, Troy, NY 12180", "street | number=12 | street=Oak | suffix=Ln | unit=Rear | city=Troy | state=NY | zip=12180"),
    ("12 Oak Ln Rm 101, Troy, NY 12180", "street | number=12 | street=Oak | suffix=Ln | unit_type=Rm | unit=101 | city=Troy | state=NY | zip=12180"),
    ("12 Oak Ln Side, Troy, NY 12180", "street | number=12 | street=Oak | suffix=Ln | unit=Side | city=Troy | state=NY | zip=12180"),
    ("12 Oak Ln Slip 8, Troy, NY 12180", "street | number=12 | street=Oak | suffix=Ln | unit_type=Slip | unit=8 | city=Troy | state=NY | zip=12180"),
    ("12 Oak Ln Spc 14, Troy, NY 12180", "street | number=12 | street=Oak | suffix=Ln | unit_type=Spc | unit=14 | city=Troy | state=NY | zip=12180"),
    ("12 Oak Ln Stop 3, Troy, NY 12180", "street | number=12 | street=Oak | suffix=Ln | unit_type=Stop | unit=3 | city=Troy | state=NY | zip=12180"),
    ("12 Oak Ln Suite B-2, Troy, NY 12180", "street | number=12 | street=Oak | suffix=Ln | unit_type=Suite | unit=B-2 | city=Troy | state=NY | zip=12180"),
    ("12 Oak Ln Trlr 6, Troy, NY 12180", "street | number=12 | street=Oak | suffix=Ln | unit_type=Trlr | unit=6 | city=Troy | state=NY | zip=12180"),
    ("12 Oak Ln Unit 7E, Troy, NY 12180", "street | number=12 | street=Oak | suffix=Ln | unit_type=Unit | unit=7E | city=Troy | state=NY | zip=12180"),
    ("12 Oak Ln Upper, Troy, NY 12180", "street | number=12 | street=Oak | suffix=Ln | unit=Upper | city=Troy | state=NY | zip=12180"),
    ("12 Oak Ln #7, Troy, NY 12180", "street | number=12 | street=Oak | suffix=Ln | unit_type=# | unit=7 | city=Troy | state=NY | zip=12180"),
    ("12 Oak Ln, 7, Troy, NY 12180", "street | number=12 | street=Oak | suffix=Ln | unit=7 | city=Troy | state=NY | zip=12180"),
    ("12 Oak Ln 7B Troy NY 12180", "street | number=12 | street=Oak | suffix=Ln | unit=7B | city=Troy | state=NY | zip=12180"),
    ("12 Oak Ln Apt #7, Troy, NY 12180", "street | number=12 | street=Oak | suffix=Ln | unit_type=Apt | unit=#7 | city=Troy | state=NY | zip=12180"),
    ("12 Front St Troy NY 12180", "street | number=12 | street=Front | suffix=St | city=Troy | state=NY | zip=12180"),
    ("12 Key Blvd Arlington VA 22201", "street | number=12 | street=Key | suffix=Blvd | city=Arlington | state=VA | zip=22201"),
    ("4 Lot Ln, Reno, NV 89501", "street | number=4 | street=Lot | suffix=Ln | city=Reno | state=NV | zip=89501"),
    ("POST OFFICE BOX 12, Keene, NH 03431", "po_box | city=Keene | state=NH | zip=03431 | box=POST OFFICE BOX 12"),
    ("P.O. Box 77 Keene New Hampshire 03431", "po_box | city=Keene | state=New Hampshire | zip=03431 | box=P.O. Box 77"),
    ("RURAL ROUTE 3 BOX 9A, Keene NH 03431", "rural_route | city=Keene | state=NH | zip=03431 | box=RURAL ROUTE 3 BOX 9A"),
    ("HIGHWAY CONTRACT ROUTE 4 BOX 7, Ely NV 89301", "rural_route | city=Ely | state=NV | zip=89301 | box=HIGHWAY CONTRACT ROUTE 4 BOX 7"),
    ("12 Elm St, PO Box 9, Dover, DE 19901", "street | number=12 | street=Elm | suffix=St | city=Dover | state=DE | zip=19901 | box=PO Box 9"),
    ("4001 Loop 289 Lubbock TX 79410", "street | number=4001 | street=Loop 289 | city=Lubbock | state=TX | zip=79410"),
    ("100 Interstate Hwy 10 W, Boerne, TX 78006", "street | number=100 | street=Interstate Hwy 10 | postdirectional=W | city=Boerne | state=TX | zip=78006"),
    ("5000 CR 120, Alpine, AL 35014", "street | number=5000 | street=CR 120 | city=Alpine | state=AL | zip=35014"),
    ("1000 Old State Route 3, Deposit, NY 13754", "street | number=1000 | street=Old State Route 3 | city=Deposit | state=NY | zip=13754"),
    ("8 Farm to Market Road 407 E, Bartonville, TX", "street | number=8 | street=Farm to Market Road 407 | postdirectional=E | city=Bartonville | state=TX"),
    ("17 10th St N, Fargo, ND 58102", "street | number=17 | street=10th | suffix=St | postdirectional=N | city=Fargo | state=ND | zip=58102"),
    ("8938-40 S Halsted St, Chicago, IL", "street | number=8938-40 | predirectional=S | street=Halsted | suffix=St | city=Chicago | state=IL"),
    ("214 B Smith St, Evanston IL 60202", "street | number=214 B | street=Smith | suffix=St | city=Evanston | state=IL | zip=60202"),
    ("1800 M Street NW, Washington, DC 20036", "street | number=1800 | street=M | suffix=Street | postdirectional=NW | city=Washington | state=DC | zip=20036"),
    ("Mile 64 Sterling Hwy, Cooper Landing, AK 99572", "street | number=Mile 64 | street=Sterling Hwy | city=Cooper Landing | state=AK | zip=99572"),
    ("48 Kamehameha Hwy Honolulu HI 96813", "street | number=48 | street=Kamehameha | suffix=Hwy | city=Honolulu | state=HI | zip=96813"),
    ("94-210 Leokane St, Waipahu, HI 96797", "street | number=94-210 | street=Leokane | suffix=St | city=Waipahu | state=HI | zip=96797"),
    ("One Microsoft Way, Redmond, WA 98052", "street | number=One | street=Microsoft | suffix=Way | city=Redmond | state=WA | zip=98052"),
    ("500 S. W. 5th Ave, Portland, OR", "street | number=500 | predirectional=S. W | street=5th | suffix=Ave | city=Portland | state=OR"),
    ("9 E. 3rd St. N.E., Mason City, IA", "street | number=9 | predirectional=E | street=3rd | suffix=St | postdirectional=N.E | city=Mason City | state=IA"),
    ("12 Elm St, Springfield", "street | number=12 | street=Elm | suffix=St | city=Springfield"),
    ("12 Elm St Springfield, Massachusetts", "street | number=12 | street=Elm | suffix=St | city=Springfield | state=Massachusetts"),
    ("1 Main St, St. Petersburg, Florida 33701", "street | number=1 | street=Main | suffix=St | city=St. Petersburg | state=Florida | zip=33701"),
    ("1 Main St Winston-Salem NC 27101", "street | number=1 | street=Main | suffix=St | city=Winston-Salem | state=NC | zip=27101"),
    ("7 O'Brien Ct, Coeur d'Alene, ID 83814", "street | number=7 | street=O'Brien | suffix=Ct | city=Coeur d'Alene | state=ID | zip=83814"),
    ("23 Ruelle Dr, Mandeville, LA", "street | number=23 | street=Ruelle | suffix=Dr | city=Mandeville | state=LA"),
    ("12 Elm St, Dover, DE 1990", "street | number=12 | street=Elm | suffix=St | city=Dover | state=DE | zip=1990"),
    ("12 Elm St, Dover, DE 199011234", "street | number=12 | street=Elm | suffix=St | city=Dover | state=DE | zip=19901 | zip4=1234"),
    // Something before the number, behind the ZIP code, or a name that looks like something else.
    ("Empire State Building, 350 5th Ave, New York NY 10118", "street | number=350 | street=5th | suffix=Ave | city=New York | state=NY | zip=10118 | recipient=Empire State Building"),
    ("Empire State Building 350 5th Ave New York NY 10118", "street | number=350 | street=5th | suffix=Ave | city=New York | state=NY | zip=10118 | recipient=Empire State Building"),
    ("Bldg 7, 350 5th Ave, New York NY 10118", "street | number=350 | street=5th | suffix=Ave | unit_type=Bldg | unit=7 | city=New York | state=NY | zip=10118"),
    ("Willis Tower, 233 S Wacker Dr, Chicago, IL 60606", "street | number=233 | predirectional=S | street=Wacker | suffix=Dr | city=Chicago | state=IL | zip=60606 | recipient=Willis Tower"),
    ("Willis Tower 233 S Wacker Dr Chicago IL 60606", "street | number=233 | predirectional=S | street=Wacker | suffix=Dr | city=Chicago | state=IL | zip=60606 | recipient=Willis Tower"),
    ("Sears Tower Suite 4200, 233 S Wacker Dr, Chicago, IL 60606", "street | number=233 | predirectional=S | street=Wacker | suffix=Dr | unit_type=Suite | unit=4200 | city=Chicago | state=IL | zip=60606 | recipient=Sears Tower"),
    ("ATTN: IT Dept 4th Floor 123 Main St Boston MA 02116", "street | number=123 | street=Main | suffix=St | unit_type=Floor | unit=4th | city=Boston | state=MA | zip=02116 | recipient=ATTN: IT Dept"),
    ("Attn Accounts Payable, 123 Main St, Boston MA 02116", "street | number=123 | street=Main | suffix=St | city=Boston | state=MA | zip=02116 | recipient=Attn Accounts Payable"),
    ("ATTN Jane Doe Suite 400 77 Elm St Denver CO 80202", "street | number=77 | street=Elm | suffix=St | unit_type=Suite | unit=400 | city=Denver | state=CO | zip=80202 | recipient=ATTN Jane Doe"),
    ("12 Main St, Newark NJ 07104 (rear building)", "street | number=12 | street=Main | suffix=St | city=Newark | state=NJ | zip=07104 | not_understood=rear building"),
    ("12 Main St, Newark NJ 07104 Attn Bob", "street | number=12 | street=Main | suffix=St | city=Newark | state=NJ | zip=07104 | recipient=Attn Bob"),
    ("12 Main St, Newark NJ 07104 Essex County", "street | number=12 | street=Main | suffix=St | city=Newark | state=NJ | zip=07104 | not_understood=Essex County"),
    ("12 Main St, Keene NH 03431 extra", "street | number=12 | street=Main | suffix=St | city=Keene | state=NH | zip=03431 | not_understood=extra"),
    ("12 Main St, Keene NH 03431, behind the church", "street | number=12 | street=Main | suffix=St | city=Keene | state=NH | zip=03431 | not_understood=behind the church"),
    ("12 Main St Keene NH 03431-1234 extra words here", "street | number=12 | street=Main | suffix=St | city=Keene | state=NH | zip=03431 | zip4=1234 | not_understood=extra words here"),
    ("12 Main St, Newark, NJ 07104 Apt 4", "street | number=12 | street=Main | suffix=St | unit_type=Apt | unit=4 | city=Newark | state=NJ | zip=07104"),
    ("12 Main St, Newark, NJ 07104, (973) 555-1234", "street | number=12 | street=Main | suffix=St | city=Newark | state=NJ | zip=07104 | not_understood=973) 555-1234"),
    ("12 Main St, Newark, NJ (rear building)", "street | number=12 | street=Main | suffix=St | city=Newark | state=NJ | not_understood=rear building"),
    ("1500 St Rt 28, Milford OH 45150", "street | number=1500 | street=St Rt 28 | city=Milford | state=OH | zip=45150"),
    ("1500 State Rt 28, Milford OH 45150", "street | number=1500 | street=State Rt 28 | city=Milford | state=OH | zip=45150"),
    ("1500 OH-28, Milford OH 45150", "street | number=1500 | street=OH-28 | city=Milford | state=OH | zip=45150"),
    ("1500 SR 28, Milford OH 45150", "street | number=1500 | street=SR 28 | city=Milford | state=OH | zip=45150"),
    ("1500 State Rte 28, Milford OH 45150", "street | number=1500 | street=State Rte 28 | city=Milford | state=OH | zip=45150"),
    ("1500 ST RTE 28, Milford OH 45150", "street | number=1500 | street=ST RTE 28 | city=Milford | state=OH | zip=45150"),
    ("1500 OH 28, Milford OH 45150", "street | number=1500 | street=OH 28 | city=Milford | state=OH | zip=45150"),
    ("1500 State Route 28 Milford OH 45150", "street | number=1500 | street=State Route 28 | city=Milford | state=OH | zip=45150"),
    ("12 Main St Side Newark NJ", "street | number=12 | street=Main | suffix=St | unit=Side | city=Newark | state=NJ"),
    ("12 Main St Lobby Newark NJ", "street | number=12 | street=Main | suffix=St | unit=Lobby | city=Newark | state=NJ"),
    ("12 Main St Upper Newark NJ", "street | number=12 | street=Main | suffix=St | unit=Upper | city=Newark | state=NJ"),
    ("12 Main St Lower Newark NJ 07104", "street | number=12 | street=Main | suffix=St | unit=Lower | city=Newark | state=NJ | zip=07104"),
    ("12 Main St Rear Newark NJ 07104", "street | number=12 | street=Main | suffix=St | unit=Rear | city=Newark | state=NJ | zip=07104"),
    ("12 Main St Front Newark NJ 07104", "street | number=12 | street=Main | suffix=St | unit=Front | city=Newark | state=NJ | zip=07104"),
    ("12 Main St Upper Marlboro MD 20772", "street | number=12 | street=Main | suffix=St | city=Upper Marlboro | state=MD | zip=20772"),
    ("12 Main St Upper Darby PA 19082", "street | number=12 | street=Main | suffix=St | city=Upper Darby | state=PA | zip=19082"),
    ("12 Main St Front Royal VA 22630", "street | number=12 | street=Main | suffix=St | city=Front Royal | state=VA | zip=22630"),
    ("12 Main St Basement Newark NJ", "street | number=12 | street=Main | suffix=St | unit=Basement | city=Newark | state=NJ"),
    ("12 Main St Penthouse Newark NJ", "street | number=12 | street=Main | suffix=St | unit=Penthouse | city=Newark | state=NJ"),
    ("12 Main St Office Newark NJ", "street | number=12 | street=Main | suffix=St | unit=Office | city=Newark | state=NJ"),
    ("84-12 37 Ave, Jackson Heights NY 11372", "street | number=84-12 | street=37 | suffix=Ave | city=Jackson Heights | state=NY | zip=11372"),
    ("84 12 37th Ave, Jackson Heights NY 11372", "street | number=84 12 | street=37th | suffix=Ave | city=Jackson Heights | state=NY | zip=11372"),
    ("123 1 St, Boston MA 02116", "street | number=123 | street=1 | suffix=St | city=Boston | state=MA | zip=02116"),
    ("12 Elm St 2nd Floor Apt B, Boston MA 02116", "street | number=12 | street=Elm | suffix=St | unit_type=Apt | unit=B | city=Boston | state=MA | zip=02116 | second_unit=2nd Floor"),
    ("12 Elm St Fl 2 Apt B, Boston MA 02116", "street | number=12 | street=Elm | suffix=St | unit_type=Apt | unit=B | city=Boston | state=MA | zip=02116 | second_unit=Fl 2"),
    ("123 Main St NW Apt 5 # 7, Washington DC 20001", "street | number=123 | street=Main | suffix=St | postdirectional=NW | unit_type=Apt | unit=5 | city=Washington | state=DC | zip=20001 | second_unit=# 7"),
    ("123 Rural Route 3, Dayton OH", "rural_route | number=123 | city=Dayton | state=OH | box=Rural Route 3"),
    ("123 Rural Route 3, Dayton OH 45402", "rural_route | number=123 | city=Dayton | state=OH | zip=45402 | box=Rural Route 3"),
    ("Star Route Box 12, Dayton OH 45402", "rural_route | city=Dayton | state=OH | zip=45402 | box=Star Route Box 12"),
    ("Star Route 2 Box 12, Dayton OH 45402", "rural_route | city=Dayton | state=OH | zip=45402 | box=Star Route 2 Box 12"),
    ("250 Highway 6 and 50, Grand Junction CO 81501", "street | number=250 | street=Highway 6 and 50 | city=Grand Junction | state=CO | zip=81501"),
    ("250 Highway 6 & 50, Grand Junction CO 81501", "street | number=250 | street=Highway 6 & 50 | city=Grand Junction | state=CO | zip=81501"),
    ("One World Trade Center, New York NY 10007", "street | number=One | street=World Trade | suffix=Center | city=New York | state=NY | zip=10007"),
    ("Twenty-One Elm Street, Boston MA 02116", "street | number=Twenty-One | street=Elm | suffix=Street | city=Boston | state=MA | zip=02116"),
    ("Twenty One Elm Street, Boston MA 02116", "street | number=Twenty One | street=Elm | suffix=Street | city=Boston | state=MA | zip=02116"),
    ("5 Floor Ave, Boston MA 02116", "street | number=5 | street=Floor | suffix=Ave | city=Boston | state=MA | zip=02116"),
    ("5 Main Ste. Genevieve MO", "street | number=5 | street=Main | city=Ste. Genevieve | state=MO"),
    ("5 Main Ste Genevieve MO 63670", "street | number=5 | street=Main | city=Ste Genevieve | state=MO | zip=63670"),
    ("5 Broadway St Louis MO", "street | number=5 | street=Broadway | city=St Louis | state=MO"),
    ("5 Broadway St. Louis MO 63104", "street | number=5 | street=Broadway | city=St. Louis | state=MO | zip=63104"),
    ("12A St, Boston MA 02116", "place | street=12A | suffix=St | city=Boston | state=MA | zip=02116"),
    ("12A St", "place | street=12A | suffix=St"),
    ("12 O Brien Ct, Boston MA 02116", "street | number=12 | street=O Brien | suffix=Ct | city=Boston | state=MA | zip=02116"),
    ("4/12 Main St, Boston MA 02116", "street | number=4/12 | street=Main | suffix=St | city=Boston | state=MA | zip=02116"),
    ("12 MLK Blvd, Boston MA 02116", "street | number=12 | street=MLK | suffix=Blvd | city=Boston | state=MA | zip=02116"),
    ("12 Martin L King Blvd, Boston MA 02116", "street | number=12 | street=Martin L King | suffix=Blvd | city=Boston | state=MA | zip=02116"),
    ("12 Martin Luther King Jr Blvd, Boston MA 02116", "street | number=12 | street=Martin Luther King Jr | suffix=Blvd | city=Boston | state=MA | zip=02116"),
    ("12 Dr Martin Luther King Jr Blvd, Boston MA 02116", "street | number=12 | street=Dr Martin Luther King Jr | suffix=Blvd | city=Boston | state=MA | zip=02116"),
    ("12 M L King Blvd, Boston MA 02116", "street | number=12 | street=M L King | suffix=Blvd | city=Boston | state=MA | zip=02116"),
    ("12 Martin Luther King Blvd, Boston MA 02116", "street | number=12 | street=Martin Luther King | suffix=Blvd | city=Boston | state=MA | zip=02116"),
    ("39.7392,-104.9903", "unknown | not_understood=39.7392,-104.9903"),
    ("39.7392, -104.9903", "unknown | not_understood=39.7392, -104.9903"),
    ("(39.7392 -104.9903)", "unknown | not_understood=39.7392 -104.9903"),
    ("39.7392° N, 104.9903° W", "unknown | not_understood=39.7392° N, 104.9903° W"),
    // Classes of addresses, each with one that stands for it.
    ("Best Buy Store #412, 13513 Ridgedale Dr, Minnetonka MN", "street | number=13513 | street=Ridgedale | suffix=Dr | city=Minnetonka | state=MN | recipient=Best Buy Store #412"),
    ("27 West 86 Street, Apt. 10F, New York", "street | number=27 | predirectional=West | street=86 | suffix=Street | unit_type=Apt | unit=10F | city=New York"),
    ("HC1 Box 4000 Pahoa HI 96778", "rural_route | city=Pahoa | state=HI | zip=96778 | box=HC1 Box 4000"),
    ("R 1 Box 9 Elgin MN", "rural_route | city=Elgin | state=MN | box=R 1 Box 9"),
    ("300 block N Main, Sheridan WY", "street | number=300 | predirectional=N | street=Main | city=Sheridan | state=WY | not_understood=block"),
    ("900 block of Elm St Yakima WA", "street | number=900 | street=Elm | suffix=St | city=Yakima | state=WA | not_understood=block of"),
    ("Front 222 Spruce St Philadelphia PA 19106", "street | number=222 | street=Spruce | suffix=St | unit=Front | city=Philadelphia | state=PA | zip=19106"),
    ("W 220 N 1451 Springdale Rd Waukesha WI 53186", "street | number=W 220 N 1451 | street=Springdale | suffix=Rd | city=Waukesha | state=WI | zip=53186"),
    ("100 SE 2nd St Miami Tower 29th Floor Miami FL 33131", "street | number=100 | predirectional=SE | street=2nd | suffix=St | unit_type=Floor | unit=29th | city=Miami | state=FL | zip=33131 | not_understood=Miami Tower"),
    ("NE corner of Colfax Ave & Broadway, Denver CO", "intersection | street=Colfax | suffix=Ave | city=Denver | state=CO | not_understood=NE corner of | cross_street=& Broadway"),
    ("W 42nd St & Broadway, New York, NY 10036", "intersection | predirectional=W | street=42nd | suffix=St | city=New York | state=NY | zip=10036 | cross_street=& Broadway"),
    ("900 - 902 Elm St Yakima WA", "street | number=900 - 902 | street=Elm | suffix=St | city=Yakima | state=WA"),
    ("900 & 902 Elm St Yakima WA", "street | number=900 & 902 | street=Elm | suffix=St | city=Yakima | state=WA"),
    ("900 Elm St Apt 3 & 4 Yakima, WA 98902", "street | number=900 | street=Elm | suffix=St | unit_type=Apt | unit=3 & 4 | city=Yakima | state=WA | zip=98902"),
    ("900 Elm St Yakima WA98902", "street | number=900 | street=Elm | suffix=St | city=Yakima | state=WA | zip=98902"),
    ("900 Elm St, Yakima – WA 98902–1234", "street | number=900 | street=Elm | suffix=St | city=Yakima | state=WA | zip=98902 | zip4=1234"),
    ("900 Elm St Tower A Unit 12 Yakima WA", "street | number=900 | street=Elm | suffix=St | unit_type=Unit | unit=12 | city=Yakima | state=WA | second_unit=Tower A"),
    ("900 Elm St West Wing Yakima WA", "street | number=900 | street=Elm | suffix=St | city=Yakima | state=WA | not_understood=West Wing"),
    ("900 County Road DV, Waupaca WI 54981", "street | number=900 | street=County Road DV | city=Waupaca | state=WI | zip=54981"),
    ("900 NE Interstate Loop 410 San Antonio TX", "street | number=900 | predirectional=NE | street=Interstate Loop 410 | city=San Antonio | state=TX"),
    ("900 RM 620 Austin TX", "street | number=900 | street=RM 620 | city=Austin | state=TX"),
    ("MM 12 Overseas Hwy Key Largo FL", "street | number=MM 12 | street=Overseas Hwy | city=Key Largo | state=FL"),
    ("PO Box CN 5126 Princeton NJ 08543", "po_box | city=Princeton | state=NJ | zip=08543 | box=PO Box CN 5126"),
    ("63 S Royal Lane, Coppell, Dallas County, TX 75019", "street | number=63 | predirectional=S | street=Royal | suffix=Lane | city=Coppell | state=TX | zip=75019 | not_understood=Dallas County"),
    ("Two Penn Plaza New York NY 10121", "street | number=Two | street=Penn | suffix=Plaza | city=New York | state=NY | zip=10121"),
    ("12 North Ave E Cranford NJ 07016", "street | number=12 | street=North | suffix=Ave | postdirectional=E | city=Cranford | state=NJ | zip=07016"),
    ("4400 Camino de la Plaza San Ysidro CA 92173", "street | number=4400 | street=Camino de la Plaza | city=San Ysidro | state=CA | zip=92173"),
    ("Studio 54 254 W 54th St New York NY 10019", "street | number=254 | predirectional=W | street=54th | suffix=St | city=New York | state=NY | zip=10019 | recipient=Studio 54"),
    // One wrong letter in a suffix; a word that may be a name stays one.
    (
        "100 mlk bkvd",
        "street | number=100 | street=mlk | suffix=bkvd",
    ),
    (
        "7106 16TH AVENDE SOUTH, DOUGLAS, AZ 85607",
        "street | number=7106 | street=16TH | suffix=AVENDE | postdirectional=SOUTH | city=DOUGLAS | state=AZ | zip=85607",
    ),
    (
        "12 Main Streat Denver CO 80202",
        "street | number=12 | street=Main | suffix=Streat | city=Denver | state=CO | zip=80202",
    ),
    (
        "54 Cattle Drove, Denver, CO 80202",
        "street | number=54 | street=Cattle Drove | city=Denver | state=CO | zip=80202",
    ),
    // The cities of the state and of the ZIP code are known.
    (
        "45 Broadway West Palm Beach FL 33401",
        "street | number=45 | street=Broadway | city=West Palm Beach | state=FL | zip=33401",
    ),
    (
        "634 ANDOVER LN NORTH ENGLISH IA 52316",
        "street | number=634 | street=ANDOVER | suffix=LN | city=NORTH ENGLISH | state=IA | zip=52316",
    ),
    (
        "54 UNIVERSITY DR S UNION HALL VA 24176",
        "street | number=54 | street=UNIVERSITY | suffix=DR | postdirectional=S | city=UNION HALL | state=VA | zip=24176",
    ),
    (
        "94 BRIARCLIFF TERRACE WASHINGTON COURT HOUSE OH 43160",
        "street | number=94 | street=BRIARCLIFF | suffix=TERRACE | city=WASHINGTON COURT HOUSE | state=OH | zip=43160",
    ),
    (
        "45 14TH ST, O FALLON, MO 63368",
        "street | number=45 | street=14TH | suffix=ST | city=O FALLON | state=MO | zip=63368",
    ),
    (
        "4 GRANADA LOOP VERMONT 61484",
        "street | number=4 | street=GRANADA | suffix=LOOP | city=VERMONT | zip=61484",
    ),
    (
        "46772 AMBOY RUN 54981",
        "street | number=46772 | street=AMBOY | suffix=RUN | zip=54981",
    ),
    (
        "784 WAHOO VW ADAMS NE",
        "street | number=784 | street=WAHOO | suffix=VW | city=ADAMS | state=NE",
    ),
    (
        "12 LINCOLN CT",
        "street | number=12 | street=LINCOLN | suffix=CT",
    ),
    (
        "72 E ST ALCOVE NY 12007",
        "street | number=72 | street=E | suffix=ST | city=ALCOVE | state=NY | zip=12007",
    ),
    (
        "8 AVENUE N LAFAYETTE LA 70508",
        "street | number=8 | street=AVENUE N | city=LAFAYETTE | state=LA | zip=70508",
    ),
    (
        "155 I 80 LINCOLN NE 68501",
        "street | number=155 | street=I 80 | city=LINCOLN | state=NE | zip=68501",
    ),
    (
        "3 NONQUIT STREET, BIG BEND, TRLR 48, WV 26136",
        "street | number=3 | street=NONQUIT | suffix=STREET | unit_type=TRLR | unit=48 | city=BIG BEND | state=WV | zip=26136",
    ),
];

/// The columns of a list: street, unit, city, state, ZIP.
fn columns(street: &str, unit: &str, city: &str, state: &str, zip: &str) -> String {
    let part = |text: &str| (!text.is_empty()).then(|| Text::new(text));
    written(&Address::from_parts(&Parts {
        street: part(street),
        unit: part(unit),
        city: part(city),
        state: part(state),
        zip: part(zip),
        ..Parts::default()
    }))
}

#[test]
fn columns_keep_what_they_say_and_the_street_line_comes_apart() {
    let street = "street | number=303 | predirectional=E | street=26th | suffix=St";
    let area = "city=Cheyenne | state=WY | zip=82001";
    let line = "303 E 26th St";
    for (unit, read) in [
        ("9", "unit=9"),
        ("Apt 9", "unit_type=Apt | unit=9"),
        ("#4", "unit_type=# | unit=4"),
        ("99-9", "unit=99-9"),
        ("B", "unit=B"),
        ("9R", "unit=9R"),
        ("Rear", "unit=Rear"),
    ] {
        assert_eq!(
            columns(line, unit, "Cheyenne", "WY", "82001"),
            format!("{street} | {read} | {area}")
        );
    }
    assert_eq!(
        columns("303 E 26th St Apt 4", "", " Cheyenne ", "WY", "82001-1234"),
        format!("{street} | unit_type=Apt | unit=4 | {area} | zip4=1234")
    );
    assert_eq!(
        columns("303 E 26th St Apt 4", "5", "Cheyenne", "WY", "82001"),
        format!("{street} | unit=5 | {area} | second_unit=Apt 4")
    );
    // A ZIP code that lost its leading zero stays as it is written.
    assert_eq!(
        columns("12 Elm St", "", "Keene", "NH", "3431"),
        "street | number=12 | street=Elm | suffix=St | city=Keene | state=NH | zip=3431"
    );
    // One column for everything.
    assert_eq!(
        columns("303 E 26TH ST,CHEYENNE,WY 82001,USA", "", "", "", ""),
        written(&parse("303 E 26TH ST,CHEYENNE,WY 82001,USA"))
    );
    // The street of a list with a column for the number, named like a state.
    assert_eq!(
        written(&Address::from_parts(&Parts {
            number: Some("12".into()),
            street: Some("Washington".into()),
            city: Some("Troy".into()),
            ..Parts::default()
        })),
        "street | number=12 | street=Washington | city=Troy"
    );
}

#[test]
fn an_overlong_text_is_read_up_to_its_limit_and_kept_whole() {
    let text = format!("12 Elm St, Dover, DE 19901 {}", "é".repeat(400));
    let address = parse(&text);
    let held: usize = address
        .unparsed
        .iter()
        .map(|piece| piece.text.chars().count())
        .sum();
    assert!(held >= 100, "{held}");
    assert_eq!(address.parts.number.as_deref(), Some("12"));
}
