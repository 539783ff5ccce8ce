"""An exported users file comes back as exactly the same users."""

from datetime import date
from unicodedata import normalize

from hypothesis import given
from hypothesis import strategies as st

from workflow.approval_users import ApprovalUser
from workflow.interchange.files import GivenFile, ImportOptions, users_in
from workflow.interchange.numbers import LARGEST, NumberFormat
from workflow.interchange.users_file import write_users

characters = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"])
texts = st.text(characters, max_size=30) | st.sampled_from(["=1", "+2", "-x", "@a", "'=1", '"'])
words = texts.map(lambda text: normalize("NFC", text).strip())
limits = st.none() | st.decimals(0, LARGEST, places=4)
days = st.none() | st.dates(date(2000, 1, 1), date(2099, 1, 1))
users = st.builds(
    ApprovalUser,
    user_id=words.filter(bool),
    full_name=words,
    email=words,
    phone=words,
    salesperson_purchaser_code=words,
    approver=words,
    substitute=words,
    substitute_from=days,
    substitute_to=st.none(),
    sales_limit=limits,
    purchase_limit=limits,
    request_limit=limits,
    administrator=st.booleans(),
    language=words,
    time_zone=words,
)
teams = st.lists(users, max_size=5, unique_by=lambda user: user.user_id.casefold())


@given(teams, st.sampled_from(NumberFormat))
def test_an_exported_file_is_read_as_the_same_users(team, written):
    file = GivenFile(name="export.csv", data=write_users(team, written))
    read = users_in(file, ImportOptions(number_format=written))
    assert [ApprovalUser(user_id=one.user_id, **one.fields) for one in read] == team
