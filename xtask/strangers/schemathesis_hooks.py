"""What a schema of the documents cannot say, for the requests that schemathesis makes up.

`Amount` is "whole or with at most two decimals". The keyword for that would be `multipleOf: 0.01`,
but many validators divide in floating point and then refuse 19.99, so the documents say it in
words. Without this hook prices of 17 digits count as valid, and the sandbox refuses those: it
never rounds money.
"""

import schemathesis

MAX_PRICE = 99999999.99


@schemathesis.hook
def map_body(context, body):
    return in_cents(body)


def in_cents(value):
    """Rounds what could be a price. What is out of range stays, since it has to be refused."""
    if isinstance(value, dict):
        return {name: in_cents(field) for name, field in value.items()}
    if isinstance(value, list):
        return [in_cents(element) for element in value]
    if isinstance(value, float) and 0 <= value <= MAX_PRICE:
        return round(value, 2)
    return value
