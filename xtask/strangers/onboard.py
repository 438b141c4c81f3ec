"""Onboards a subaccount with the Python clients that openapi-generator makes of the documents.

It is run by `cargo xtask conformance` against a sandbox that has just started; the environment says
where that listens (`CERTCENTRAL_URL`, `PARTNER_URL`) and holds its keys. What it asserts is that a
client which knows nothing of this project but the documents works, and reads back what it set.
"""

import json
import os
from decimal import Decimal

import certcentral
import partner_subscriptions
from certcentral import CreateSubaccountRequest, SetSubaccountProductsRequest
from certcentral.exceptions import ApiException, ForbiddenException, NotFoundException

KEY = os.environ["DIGICERT_API_KEY"]
PARTNER_KEY = os.environ["DIGICERT_PARTNER_API_KEY"]

# The last one is not a number that binary floating point holds, the one before is the maximum.
PRICES = ["218", "414.5", "0.1", "0.29", "99999999.99", "1151.15"]


def main():
    parent = Client(KEY)
    assert parent.account.get_account().id == 1122331, "the parent account of the sandbox"

    managed = create_managed(parent)
    prices_come_back_exactly(parent, managed.id)
    lists_and_details_have_it(parent, managed.id)
    its_own_key_works_and_reaches_no_further(managed)
    refusals_are_exceptions_with_a_code(parent)
    link_billing_account(managed.api_key.get_secret_value())
    print("onboarded subaccount", managed.id)


class Client:
    """The parts of the generated CertCentral client, for one key."""

    def __init__(self, key):
        configuration = certcentral.Configuration(
            host=os.environ["CERTCENTRAL_URL"], api_key={"certcentral_api_key": key}
        )
        api = certcentral.ApiClient(configuration)
        self.account = certcentral.AccountApi(api)
        self.subaccounts = certcentral.SubaccountsApi(api)
        self.products = certcentral.SubaccountProductsApi(api)


def request(account_type="managed"):
    return CreateSubaccountRequest.from_dict(
        {
            "account_type": account_type,
            "allowed_grandchildren": ["retail"],
            "bill_parent": True,
            "child_name": "Côte d'Azur 🦀",
            "user": {
                "first_name": "Zoë",
                "last_name": "Smith",
                "email": "zoe.smith@example.com",
            },
            "organization": {
                "name": "Example Company, LLC",
                "address": "123 Fake Street",
                "zip": "93090",
                "city": "Toledo",
                "state": "Ohio",
                "country": "US",
            },
        }
    )


def create_managed(parent):
    created = parent.subaccounts.create_subaccount(request())
    assert created.account_type == "managed"
    assert created.user.username == "zoe.smith@example.com", "the e-mail address unless sent"
    assert created.organization.country == "us"
    assert created.max_allowed_multi_year_plan_length == 6, "the parent's"
    assert created.api_key, "shown this once"
    assert created.api_key.get_secret_value() not in repr(created), "`format: password` hides it"
    retail = parent.subaccounts.create_subaccount(request("retail"))
    assert retail.api_key is None
    return created


def prices_come_back_exactly(parent, subaccount_id):
    terms = [
        {"lifetime": years, "cost": json.loads(price)}
        for years, price in enumerate(PRICES, start=1)
    ]
    extra = {"additional_fqdn_cost": 135.07, "additional_wildcard_cost": 0}
    products = [
        {"product_name_id": "ssl_multi_domain", "prices": [terms[0] | extra]},
        {"product_name_id": "ssl_plus", "prices": terms},
    ]
    body = {
        "currency": "USD",
        "pricing_method": "custom",
        "balance_negative_limit": "222",
        "products": products,
    }
    request = SetSubaccountProductsRequest.from_dict(body)
    answer = parent.products.set_subaccount_products_with_http_info(subaccount_id, request)
    assert answer.status_code == 204 and answer.data is None

    answer = parent.products.list_subaccount_products_with_http_info(subaccount_id)
    read = answer.data
    assert (read.currency, read.pricing_method) == ("USD", "custom")
    assert int(read.balance_negative_limit.actual_instance) == 222
    by_id = {product.product_name_id: product for product in read.products}
    assert set(by_id) == {"ssl_multi_domain", "ssl_plus"}
    assert by_id["ssl_multi_domain"].product_name == "Multi-Domain SSL"
    costs = [price.cost.actual_instance for price in by_id["ssl_plus"].prices]
    assert costs == [json.loads(price) for price in PRICES], costs
    # And digit by digit, which a double cannot tell.
    exact = json.loads(answer.raw_data, parse_float=Decimal, parse_int=Decimal)
    exact = {product["product_name_id"]: product["prices"] for product in exact["products"]}
    assert [price["cost"] for price in exact["ssl_plus"]] == [Decimal(price) for price in PRICES]
    assert exact["ssl_multi_domain"][0]["additional_fqdn_cost"] == Decimal("135.07")

    parent.products.set_subaccount_products(
        subaccount_id, SetSubaccountProductsRequest.from_dict({"products": products[:1]})
    )
    read = parent.products.list_subaccount_products(subaccount_id)
    assert [product.product_name_id for product in read.products] == ["ssl_multi_domain"]


def lists_and_details_have_it(parent, subaccount_id):
    page = parent.subaccounts.list_subaccounts(filters_search="%example", sort="-account_id")
    ids = [subaccount.account_id for subaccount in page.subaccounts or page.child_accounts]
    assert ids == sorted(ids, reverse=True) and subaccount_id in ids, ids
    assert page.page.total == len(ids) == 2
    assert not parent.subaccounts.list_subaccounts(filters_search="example").subaccounts
    assert len(parent.subaccounts.list_subaccounts(offset=1, limit=1).subaccounts) == 1

    details = parent.subaccounts.get_subaccount(subaccount_id)
    assert details.account_id == subaccount_id and details.bill_parent is True
    assert details.child_name == "Côte d'Azur 🦀" and details.master_user.first_name == "Zoë"


def its_own_key_works_and_reaches_no_further(managed):
    own = Client(managed.api_key.get_secret_value())
    assert own.account.get_account().id == managed.id
    refused(ForbiddenException, lambda: own.subaccounts.create_subaccount(request()))
    refused(NotFoundException, lambda: own.subaccounts.get_subaccount(managed.id + 1))


def refusals_are_exceptions_with_a_code(parent):
    wrong = Client("a-wrong-key")
    code = refused(ForbiddenException, wrong.account.get_account)
    assert code == "access_denied|access_denied_invalid_key", code
    code = refused(NotFoundException, lambda: parent.products.list_subaccount_products(1))
    assert code == "not_found", code


def refused(kind, call):
    """The code with which a call is refused."""
    try:
        call()
    except ApiException as error:
        assert isinstance(error, kind), error
        return json.loads(error.body)["errors"][0]["code"]
    raise AssertionError("it was not refused")


def link_billing_account(certcentral_key):
    def link(partner_key):
        configuration = partner_subscriptions.Configuration(
            host=os.environ["PARTNER_URL"],
            api_key={"partner_api_key": partner_key, "certcentral_api_key": certcentral_key},
        )
        api = partner_subscriptions.FinanceApi(partner_subscriptions.ApiClient(configuration))
        return api.link_billing_account_with_http_info()

    assert link(PARTNER_KEY).status_code == 204
    try:
        link(certcentral_key)
    except partner_subscriptions.exceptions.UnauthorizedException:
        return
    raise AssertionError("a key of the wrong kind was accepted")


main()
