"""The client that speaks to a bucket, from its address and options.

Belongs here: what the options are, and how the client is set up. Must stay out: what is asked of a bucket
(`bucket.py`), and the environment: the options come in as arguments.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from obstore.store import S3Store

from programme.problems import problem

OPTIONS = ("endpoint", "region", "access_key_id", "secret_access_key", "session_token")
TIMEOUT = timedelta(seconds=60)
"""How long one request may last."""


def bucket_client(address: str, options: Mapping[str, str]) -> S3Store:
    """The client of the bucket of `s3://bucket/prefix`.

    Raises `ProblemsError` for an address without a bucket or an unknown option.
    """
    bucket, _, prefix = address.removeprefix("s3://").strip("/").partition("/")
    if unknown := sorted(set(options) - set(OPTIONS)):
        raise problem(
            found=f"options {unknown}", expected=f"only {list(OPTIONS)}", where=address, remedy="Remove them."
        )
    if not bucket:
        raise problem(
            found="no bucket",
            expected="s3://bucket or s3://bucket/prefix",
            where=repr(address),
            remedy="Correct CITY2CITY_DATA.",
        )
    config: dict[str, Any] = {key: value for key, value in options.items() if value}
    endpoint = config.get("endpoint", "")
    return S3Store(
        bucket,
        prefix=prefix or None,
        # A server with an endpoint of its own rarely answers to bucket.host, and only loopback or private
        # ones speak plain http.
        virtual_hosted_style_request=not endpoint,
        client_options={"allow_http": endpoint.startswith("http://"), "timeout": TIMEOUT},
        retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=30)},
        **config,
    )
